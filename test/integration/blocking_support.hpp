// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <tusk/blocking.hpp>

#include <system_error>

namespace tusk_test {

using blocking_connection = tusk::blocking::connection;

/// The error that `call` throws.
template <class Call>
std::error_code failure_of(const Call& call)
{
    try {
        call();
    } catch (const tusk::error& e) {
        return e.code();
    }
    return {};
}

} // namespace tusk_test
