// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <string>

namespace tusk_test {

/// Creates an extension of contrib where it is not there yet; tests in other processes may do so at the same time.
inline asio::awaitable<void> need_extension(tusk::connection& db, std::string name)
{
    co_await db.async_script("begin; select pg_advisory_xact_lock(7251); create extension if not exists " +
                             name + "; commit");
}

} // namespace tusk_test
