// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/arm.hpp"

#include <tusk.hpp>

#include <asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <system_error>
#include <vector>

namespace bench {

inline void check(std::error_code ec, const tusk::diagnostics& why)
{
    if (ec) throw tusk::error(ec, why);
}

/// tusk with its connections open; a handler that throws leaves by run_loop().
class tusk_arm : public arm {
public:
    explicit tusk_arm(const job& j)
        : job_(j)
    {
        for (std::size_t i = 0; i < j.what->connections; ++i)
            connections_.push_back(std::make_unique<tusk::connection>(io_));
        for (const auto& each : connections_) open(*each);
    }

protected:
    [[nodiscard]] tusk::connection& db(std::size_t i) { return *connections_[i % connections_.size()]; }

    void run_loop()
    {
        io_.run();
        io_.restart();
    }
    void stop_loop() { io_.stop(); }

    job job_;

private:
    void open(tusk::connection& c)
    {
        c.async_connect(job_.where.conninfo(), [this](std::error_code ec, const tusk::diagnostics& d) {
            check(ec, d);
            stop_loop();
        });
        run_loop();
    }

    asio::io_context io_{1};
    std::vector<std::unique_ptr<tusk::connection>> connections_;
};

[[nodiscard]] std::unique_ptr<arm> make_tusk_rows(const job& j);
[[nodiscard]] std::unique_ptr<arm> make_tusk_copy(const job& j);

} // namespace bench
