// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "scripted/messages.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// The server's messages of COPY.
namespace scripted {

inline std::string copy_response(char type, std::size_t columns = 1, char format = 1)
{
    std::string body = std::string(1, format) + int16(columns);
    for (std::size_t i = 0; i < columns; ++i) body += int16(static_cast<std::size_t>(format));
    return message_of(type, body);
}
inline std::string copy_data(std::string_view bytes) { return message_of('d', bytes); }
inline std::string copy_done() { return message_of('c', {}); }

/// What comes before the answer of a COPY that is executed for the first time.
inline std::string before_copy()
{
    return joined({parse_complete(), parameter_description(), no_data(), bind_complete()});
}

} // namespace scripted
