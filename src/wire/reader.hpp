// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/endian.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tusk::wire {

/// Reads the body of a message. It remembers the first fault (a read past the end) and gives zeros and empty
/// views after it, so that a function reads all its fields and asks once, with done().
class reader {
public:
    reader() noexcept = default;
    explicit reader(std::span<const std::byte> body) noexcept
        : at_(body.data())
        , end_(body.data() + body.size())
    {
    }

    std::uint8_t u8() noexcept { return number<std::uint8_t>(); }
    std::int16_t i16() noexcept { return static_cast<std::int16_t>(number<std::uint16_t>()); }
    std::uint16_t u16() noexcept { return number<std::uint16_t>(); }
    std::int32_t i32() noexcept { return static_cast<std::int32_t>(number<std::uint32_t>()); }
    std::uint32_t u32() noexcept { return number<std::uint32_t>(); }
    std::int64_t i64() noexcept { return static_cast<std::int64_t>(number<std::uint64_t>()); }
    std::uint64_t u64() noexcept { return number<std::uint64_t>(); }

    /// The bytes up to a NUL, which is taken but not given; a fault when there is none.
    std::string_view cstring() noexcept
    {
        const void* nul = remaining() == 0 ? nullptr : std::memchr(at_, 0, remaining());
        if (!nul) {
            fail();
            return {};
        }
        const auto length = static_cast<std::size_t>(static_cast<const std::byte*>(nul) - at_);
        const std::string_view text(reinterpret_cast<const char*>(at_), length);
        at_ += length + 1;
        return text;
    }

    std::span<const std::byte> bytes(std::size_t n) noexcept
    {
        const std::byte* from = at_;
        if (!skip(n)) return {};
        return {from, n};
    }

    /// All that is left.
    std::span<const std::byte> rest() noexcept { return bytes(remaining()); }

    /// Passes over `n` bytes; false, and a fault, when there are fewer.
    bool skip(std::size_t n) noexcept
    {
        if (n > remaining()) [[unlikely]] {
            fail();
            return false;
        }
        at_ += n;
        return true;
    }

    /// Marks what was read as faulty: for values that are out of the protocol's range.
    void fail() noexcept
    {
        fault_ = true;
        at_ = end_;
    }

    [[nodiscard]] std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] bool fault() const noexcept { return fault_; }
    /// No fault, and nothing left: the message was exactly as long as its content.
    [[nodiscard]] bool done() const noexcept { return !fault_ && at_ == end_; }

private:
    template <class T>
    T number() noexcept
    {
        if (remaining() < sizeof(T)) [[unlikely]] {
            fail();
            return 0;
        }
        const T value = load<T>(at_);
        at_ += sizeof(T);
        return value;
    }

    const std::byte* at_ = nullptr;
    const std::byte* end_ = nullptr;
    bool fault_ = false;
};

} // namespace tusk::wire
