// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/bytes.hpp>
#include <tusk/error.hpp>
#include <tusk/oid.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tusk {

/// Writes one parameter's value, big endian, at the end of a buffer of parameters.
///
/// Errors: sticky. A value that is too large, or a text with a NUL byte, is refused before anything of it is
/// copied; `error()` keeps the first such refusal, and what was written by then is dropped by the caller.
/// Limits: `limit` bytes; by default 1 GiB - 1, the largest value that PostgreSQL takes.
class encoder {
public:
    static constexpr std::size_t max_value = 0x3fff'ffff;

    /// Writes into `out`, whose `extend(n)` gives room for n more bytes. `target` is the type that the
    /// statement wants, where it is known.
    template <class Buffer>
    requires requires(Buffer& out, std::size_t n)
    {
        {
            out.extend(n)
            } -> std::convertible_to<std::byte*>;
    }
    explicit encoder(Buffer& out, oid target = oid::none, std::size_t limit = max_value) noexcept
        : buffer_(&out)
        , extend_([](void* buffer, std::size_t n) -> std::byte* {
            return static_cast<Buffer*>(buffer)->extend(n);
        })
        , limit_(limit)
        , target_(target)
    {
    }

    /// The type to encode for: one that `encode_traits::encodes` admitted, or `oid::none` for
    /// `encode_traits::type`.
    [[nodiscard]] oid target() const noexcept { return target_; }

    void u8(std::uint8_t v) { big_endian(v); }
    void i16(std::int16_t v) { big_endian(static_cast<std::uint16_t>(v)); }
    void i32(std::int32_t v) { big_endian(static_cast<std::uint32_t>(v)); }
    void i64(std::int64_t v) { big_endian(static_cast<std::uint64_t>(v)); }
    void u16(std::uint16_t v) { big_endian(v); }
    void u32(std::uint32_t v) { big_endian(v); }
    void u64(std::uint64_t v) { big_endian(v); }
    void f32(float v) { big_endian(std::bit_cast<std::uint32_t>(v)); }
    void f64(double v) { big_endian(std::bit_cast<std::uint64_t>(v)); }

    /// Bytes as they are.
    void bytes(std::span<const std::byte> v)
    {
        if (std::byte* to = room(v.size()); to && !v.empty()) std::memcpy(to, v.data(), v.size());
    }

    /// Text in UTF-8. A NUL byte, which PostgreSQL cannot take, is errc::nul_in_text.
    void text(std::string_view v)
    {
        if (v.size() > limit_) return fail(errc::request_too_large);
        if (!v.empty() && std::memchr(v.data(), 0, v.size())) return fail(errc::nul_in_text);
        bytes(std::as_bytes(std::span(v)));
    }

    /// Records that the value cannot be written; the first reason stays.
    void fail(errc why) noexcept
    {
        if (error_ == errc{}) error_ = why;
    }

    /// The first failure, `errc{}` when there was none.
    [[nodiscard]] errc error() const noexcept { return error_; }

private:
    template <std::unsigned_integral U>
    void big_endian(U v)
    {
        if (std::byte* to = room(sizeof v)) detail::store_be(to, v);
    }

    [[nodiscard]] std::byte* room(std::size_t n)
    {
        if (error_ != errc{}) return nullptr;
        if (n > limit_) {
            fail(errc::request_too_large);
            return nullptr;
        }
        limit_ -= n;
        return extend_(buffer_, n);
    }

    void* buffer_;
    std::byte* (*extend_)(void*, std::size_t);
    std::size_t limit_;
    oid target_;
    errc error_{};
};

} // namespace tusk
