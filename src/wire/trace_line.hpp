// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/reader.hpp"

#include <tusk/wire_trace.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tusk::wire {

/// The line of a message in a trace. Each function reads a field of the message's body and shows it, in the form of
/// libpq's PQtrace; nothing more is shown when one cannot be read.
class trace_line {
public:
    /// `side`: F or B.
    trace_line(const trace_sink& to, trace_flags flags, char side, std::span<const std::byte> body);

    void length(std::size_t n);
    void hidden_length();
    void text(std::string_view s);
    /// Of a message that has fields.
    void name(std::string_view s);

    char byte1();
    std::uint16_t int16();
    std::int32_t int32(bool hide = false);
    [[nodiscard]] std::int32_t hidden_int32() noexcept { return from_.i32(); } ///< of which nothing is shown
    /// True for an empty one, and when there is none.
    bool string(bool hide = false);
    void value(); ///< Int32 length (-1: NULL), Byte*
    void rest();  ///< as the bytes of a value
    void hidden_rest();
    void hidden_number(); ///< the rest, shown as libpq hides a number
    void skip(std::size_t n) noexcept { (void)from_.skip(n); }
    void skip_rest() noexcept { (void)from_.rest(); }

    /// Whether all could be read so far.
    [[nodiscard]] bool sound() const noexcept { return !from_.fault(); }
    [[nodiscard]] std::size_t left() const noexcept { return from_.remaining(); }

    /// Ends the line. A message that was not read to its end gets another one, which says so; `expected`: its length.
    void end(std::size_t expected);
    void end();

private:
    void put(char c);
    void put(std::string_view s);
    void put_bytes(std::span<const std::byte> bytes);
    void put_number(std::int64_t n);
    void put_time();
    void flush();

    const trace_sink& to_;
    reader from_;
    std::string line_;
};

} // namespace tusk::wire
