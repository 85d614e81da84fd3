// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/cell.hpp"

#include <tusk.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <system_error>

namespace async_bench {

/// Where to connect to, by way of the proxy if there is one.
[[nodiscard]] inline tusk::conninfo where(const cell& c)
{
    tusk::conninfo info = tusk::conninfo::parse(c.uri);
    info.set("sslmode", "disable");
    if (c.port != 0) {
        info.set("host", "127.0.0.1");
        info.set("port", std::to_string(c.port));
    }
    return info;
}

inline void check_answer(std::error_code ec, const tusk::single<std::int32_t>& answer, std::int32_t number)
{
    if (ec) throw std::runtime_error("tusk: " + std::string(answer.diag().message()));
    if (*answer != number) throw std::runtime_error("tusk: the answer of another request");
}

} // namespace async_bench
