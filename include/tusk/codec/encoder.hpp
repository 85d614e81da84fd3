// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/bytes.hpp>
#include <tusk/detail/named_types.hpp>
#include <tusk/error.hpp>
#include <tusk/oid.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace tusk {

class params;

/// Writes one parameter's value, big endian, at the end of a buffer of parameters.
///
/// Errors: sticky. A value that is too large, or a text with a NUL byte, is refused before anything of it is
/// copied; `error()` keeps the first such refusal, and what was written by then is dropped by the caller.
/// Limits: `limit` bytes; by default 1 GiB - 1, the largest value that PostgreSQL takes.
///
/// Values inside of values, such as the elements of an array, are *parts*: their length stands before them,
/// and they are written in binary.
class encoder {
public:
    static constexpr std::size_t max_value = 0x3fff'ffff;

    /// A part that has begun, and what the encoder was before.
    struct part {
        std::size_t left;
        oid target;
        bool inner;
    };

    /// Another target for as long as this object lives.
    class scope {
    public:
        scope(encoder& out, oid target) noexcept
            : out_(out)
            , before_(std::exchange(out.target_, target))
        {
        }
        scope(const scope&) = delete;
        scope& operator=(const scope&) = delete;
        ~scope() { out_.target_ = before_; }

    private:
        encoder& out_;
        oid before_;
    };

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

    /// The OID of a type. One that is known by name alone is put in when the request is sent.
    void type(oid t)
    {
        if (detail::is_named(t)) [[unlikely]]
            note_place(t);
        u32(static_cast<std::uint32_t>(t));
    }
    /// What stands for a type inside of `target()`, where that is known by name alone; else oid::none.
    [[nodiscard]] oid inside(detail::inner_type kind, std::size_t index = 0)
    {
        return detail::is_named(target_) ? find_inside(kind, index) : oid::none;
    }
    /// A value of the type `named`, which is known by name alone, is written as one of the type `as`; whether that
    /// is right is seen when the request is sent.
    void sent_as(oid named, oid as);

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

    /// Room for `n` bytes, which the caller fills at once; null when they are refused.
    [[nodiscard]] std::byte* extend(std::size_t n) { return room(n); }

    /// Begins a part: an Int32 length, then what is written until end_part(). Meanwhile `target` is the target.
    [[nodiscard]] part begin_part(oid target)
    {
        u32(0);
        return {limit_, std::exchange(target_, target), std::exchange(inner_, true)};
    }
    /// Ends it, and writes its length.
    void end_part(const part& p)
    {
        const std::size_t length = p.left - limit_;
        target_ = p.target;
        inner_ = p.inner;
        if (length > max_value) fail(errc::request_too_large);
        if (error_ != errc{}) return;
        // Behind the end of the buffer there is room for nothing: its address finds the part again.
        detail::store_be(extend_(buffer_, 0) - length - sizeof(std::uint32_t),
                         static_cast<std::uint32_t>(length));
    }
    /// Whether a part is being written, so that it has to be binary.
    [[nodiscard]] bool in_part() const noexcept { return inner_; }

    /// Says in which element or field, from 1, the failure lies; containers call it from the inside outwards.
    void failed_in(std::size_t element) noexcept
    {
        if (depth_ == path_.size()) return;
        path_[depth_++] = static_cast<std::uint32_t>(element);
    }
    /// What failed_in() was told, innermost first; empty for a value that has no parts.
    [[nodiscard]] std::span<const std::uint32_t> failure_path() const noexcept
    {
        return {path_.data(), depth_};
    }

    /// Records that the value cannot be written; the first reason stays.
    void fail(errc why) noexcept
    {
        if (error_ == errc{}) error_ = why;
    }

    /// The first failure, `errc{}` when there was none.
    [[nodiscard]] errc error() const noexcept { return error_; }

private:
    friend class params;

    void note_place(oid type);
    [[nodiscard]] oid find_inside(detail::inner_type kind, std::size_t index);

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
    params* owner_ = nullptr; // whose parameters are written
    errc error_{};
    bool inner_ = false;
    std::uint8_t depth_ = 0;
    std::array<std::uint32_t, 4> path_; // the first depth_ are set
};

} // namespace tusk
