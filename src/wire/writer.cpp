// Distributed under the Boost Software License, Version 1.0.
#include "wire/writer.hpp"

namespace tusk::wire {

void writer::bytes(std::span<const std::byte> bytes)
{
    const std::size_t written = out_.size() - length_at_;
    if (written > max_message_length || bytes.size() > max_message_length - written)
        fail(errc::request_too_large);
    if (!failed_) out_.append(bytes);
}

void writer::cstring(std::string_view text)
{
    const std::size_t written = out_.size() - length_at_;
    if (written > max_message_length || text.size() > max_message_length - written)
        fail(errc::request_too_large);
    else if (text.find('\0') != std::string_view::npos)
        fail(errc::nul_in_text);
    bytes(text);
    u8(0);
}

} // namespace tusk::wire
