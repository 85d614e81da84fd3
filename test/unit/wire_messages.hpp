// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/backend.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the tests and the fuzz target of the wire layer share.
namespace wire_test {

inline std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

inline std::string text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string int16(unsigned value)
{
    return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

inline std::string int32(std::uint32_t value) { return int16(value >> 16) + int16(value & 0xffff); }

/// A whole message: type, length, body.
inline std::string message(char type, std::string_view body)
{
    return std::string(1, type) + int32(static_cast<std::uint32_t>(body.size() + 4)) + std::string(body);
}

template <class T>
bool read_as(std::span<const std::byte> body)
{
    T value{};
    return tusk::wire::read(body, value);
}

inline bool read_row(std::span<const std::byte> body)
{
    tusk::wire::data_row row;
    return tusk::wire::read(body, row) && tusk::detail::row_fits(body, row.count);
}

inline bool read_authentication(std::span<const std::byte> body)
{
    tusk::wire::authentication auth;
    if (!tusk::wire::read(body, auth)) return false;
    std::vector<std::string_view> mechanisms;
    // A SASL request that was read always has a list.
    if (auth.method == tusk::wire::auth_method::sasl && !tusk::wire::sasl_mechanisms(auth, mechanisms))
        return false;
    return true;
}

/// Reads the body of a message of any type; false when it is malformed or the type unknown.
inline bool read_any(char type, std::span<const std::byte> body)
{
    using namespace tusk::wire;
    switch (type) {
    case authentication::type:
        return read_authentication(body);
    case backend_key_data::type:
        return read_as<backend_key_data>(body);
    case negotiate_protocol_version::type:
        return read_as<negotiate_protocol_version>(body);
    case parameter_status::type:
        return read_as<parameter_status>(body);
    case ready_for_query::type:
        return read_as<ready_for_query>(body);
    case error_response::type:
        return read_as<error_response>(body);
    case notice_response::type:
        return read_as<notice_response>(body);
    case notification_response::type:
        return read_as<notification_response>(body);
    case parameter_description::type:
        return read_as<parameter_description>(body);
    case row_description::type:
        return read_as<row_description>(body);
    case data_row::type:
        return read_row(body);
    case command_complete::type:
        return read_as<command_complete>(body);
    case copy_in_response::type:
        return read_as<copy_in_response>(body);
    case copy_out_response::type:
        return read_as<copy_out_response>(body);
    case copy_both_response::type:
        return read_as<copy_both_response>(body);
    case copy_data::type:
        return read_as<copy_data>(body);
    case copy_done::type:
        return read_as<copy_done>(body);
    case function_call_response::type:
        return read_as<function_call_response>(body);
    case parse_complete::type:
        return read_as<parse_complete>(body);
    case bind_complete::type:
        return read_as<bind_complete>(body);
    case close_complete::type:
        return read_as<close_complete>(body);
    case no_data::type:
        return read_as<no_data>(body);
    case portal_suspended::type:
        return read_as<portal_suspended>(body);
    case empty_query_response::type:
        return read_as<empty_query_response>(body);
    default:
        return false;
    }
}

} // namespace wire_test
