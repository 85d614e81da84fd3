// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <string>

namespace tusk_test {

/// A schema of one test alone, first in the connection's search_path, with what `script` makes in it. Gives its name.
inline asio::awaitable<std::string> make_schema(tusk::connection& db, std::string prefix, std::string script)
{
    std::string schema = unique_name(prefix);
    co_await db.async_script("create schema " + schema + "; set search_path to " + schema + ", public;" +
                             script);
    co_return schema;
}

inline asio::awaitable<void> drop_schema(tusk::connection& db, std::string schema)
{
    co_await db.async_script("set client_min_messages to warning; drop schema " + schema + " cascade");
}

} // namespace tusk_test
