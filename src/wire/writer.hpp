// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/buffer.hpp"
#include "wire/endian.hpp"

#include <tusk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>

namespace tusk::wire {

/// What the server takes in a message's length field, which counts itself (PostgreSQL: MaxAllocSize - 1).
inline constexpr std::size_t max_message_length = 0x3ffffffe;
/// The same for Close, Describe, Execute, Flush, Sync, CopyDone and CopyFail, and for the startup packet.
inline constexpr std::size_t max_small_message_length = 10'000;
/// The same for passwords and SASL and GSSAPI answers.
inline constexpr std::size_t max_auth_message_length = 65'535;
/// The server looks at no more than this many bytes of a statement's or portal's name.
inline constexpr std::size_t max_name_length = 63;

/// Fills a message whose length was known before: the writer has made room for all of it.
class body_filler {
public:
    explicit body_filler(std::byte* at) noexcept
        : at_(at)
    {
    }

    /// False when the message cannot be written: nothing is to be filled in.
    [[nodiscard]] explicit operator bool() const noexcept { return at_ != nullptr; }

    void u8(std::uint8_t value) noexcept { number(value); }
    void u16(std::size_t value) noexcept { number(static_cast<std::uint16_t>(value)); }
    void u32(std::uint32_t value) noexcept { number(value); }
    void bytes(std::span<const std::byte> from) noexcept
    {
        copy(at_, from.data(), from.size());
        at_ += from.size();
    }
    /// Text and the NUL that ends it.
    void cstring(std::string_view text) noexcept
    {
        bytes(std::as_bytes(std::span(text)));
        u8(0);
    }

private:
    template <class T>
    void number(T value) noexcept
    {
        store(at_, value);
        at_ += sizeof value;
    }

    /// Names and the values of a few parameters are short: two moves of a fixed size, which may overlap, are less
    /// than a call.
    static void copy(std::byte* to, const std::byte* from, std::size_t n) noexcept
    {
        if (n > 32)
            std::memcpy(to, from, n);
        else if (n >= 16)
            copy_ends<16>(to, from, n);
        else if (n >= 8)
            copy_ends<8>(to, from, n);
        else if (n >= 4)
            copy_ends<4>(to, from, n);
        else
            for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
    }
    template <std::size_t Size>
    static void copy_ends(std::byte* to, const std::byte* from, std::size_t n) noexcept
    {
        std::memcpy(to, from, Size);
        std::memcpy(to + n - Size, from + n - Size, Size);
    }

    std::byte* at_;
};

/// Writes messages, one at a time, between begin() and end(). It remembers its first fault: the message it
/// happened in, and all that follow, leave no byte in the buffer.
class writer {
public:
    explicit writer(buffer& out) noexcept
        : out_(out)
        , start_(out.size())
        , length_at_(out.size())
    {
    }

    /// Starts a message: its type (0: none, for startup, cancel and encryption requests) and room for its
    /// length.
    void begin(char type)
    {
        start_ = out_.size();
        if (type != 0) u8(static_cast<std::uint8_t>(type));
        length_at_ = out_.size();
        u32(0);
    }

    /// Ends it: writes the length, or takes the whole message back when there was a fault, or when its length
    /// is more than `limit` (errc::request_too_large).
    void end(std::size_t limit = max_message_length)
    {
        const std::size_t length = out_.size() - length_at_;
        if (length > limit) fail(errc::request_too_large);
        if (failed_) [[unlikely]]
            out_.truncate(start_);
        else
            store(out_.data() + length_at_, static_cast<std::uint32_t>(length));
        start_ = length_at_ = out_.size();
    }

    /// A message whose body has `size` bytes, all of which the caller fills in, and `behind` bytes of further
    /// messages behind it. A body that makes it longer than `limit` is errc::request_too_large; after a fault there
    /// is nothing to fill.
    [[nodiscard]] body_filler message(char type, std::size_t size, std::size_t limit = max_message_length,
                                      std::size_t behind = 0)
    {
        if (size > limit - 4) [[unlikely]]
            fail(errc::request_too_large);
        if (failed_) [[unlikely]]
            return body_filler(nullptr);
        std::byte* at = out_.extend(size + behind + 5);
        store(at, static_cast<std::uint8_t>(type));
        store(at + 1, static_cast<std::uint32_t>(size + 4));
        return body_filler(at + 5);
    }

    void u8(std::uint8_t value) { number(value); }
    void i16(std::int16_t value) { number(static_cast<std::uint16_t>(value)); }
    void u16(std::uint16_t value) { number(value); }
    void i32(std::int32_t value) { number(static_cast<std::uint32_t>(value)); }
    void u32(std::uint32_t value) { number(value); }

    /// A count that the protocol calls Int16 and the server reads unsigned; above: errc::too_many_parameters.
    void count16(std::size_t n)
    {
        if (n > 0xffff) [[unlikely]]
            fail(errc::too_many_parameters);
        number(static_cast<std::uint16_t>(n & 0xffff));
    }

    /// A length in Int32; more than a message can hold is errc::request_too_large.
    void length32(std::size_t n)
    {
        if (n > max_message_length) [[unlikely]]
            fail(errc::request_too_large);
        number(static_cast<std::uint32_t>(n & 0xffffffff));
    }

    /// Text and the NUL that ends it; a NUL inside is errc::nul_in_text.
    void cstring(std::string_view text);
    /// Bytes as they are. What does not fit the message is refused before it is read.
    void bytes(std::span<const std::byte> bytes);
    void bytes(std::string_view text) { bytes(std::as_bytes(std::span(text))); }

    /// Records a fault of the caller's.
    void fail(errc why) noexcept
    {
        if (!failed_) reason_ = why;
        failed_ = true;
    }

    /// The first fault since construction.
    [[nodiscard]] std::error_code error() const noexcept
    {
        return failed_ ? make_error_code(reason_) : std::error_code();
    }

private:
    template <class T>
    void number(T value)
    {
        store(out_.extend(sizeof value), value);
    }

    buffer& out_;
    std::size_t start_;     // of the message: its type byte, or its length
    std::size_t length_at_; // of its length field
    errc reason_{};
    bool failed_ = false;
};

} // namespace tusk::wire
