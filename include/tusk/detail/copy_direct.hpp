// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/standard.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/error.hpp>
#include <tusk/oid.hpp>
#include <tusk/timestamp.hpp>

#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

/// Values of COPY that are written without a codec: what most columns hold, whose size is known beforehand, so that a row
/// asks for room once.
namespace tusk::detail {

/// For others `is` is false.
///
/// `fits`: a column of that type takes the value as it is. `room`: the bytes that write() fills: Int32 length (-1: NULL)
/// and the value. write() moves `at` behind them, or says what is wrong.
template <class M>
struct direct_value {
    static constexpr bool is = false;
};

/// A number whose binary form is its bytes.
template <class M>
concept plain_number =
    (std::signed_integral<M> && number<M>) || std::same_as<M, float> || std::same_as<M, double>;

template <std::size_t Size>
using unsigned_of =
    std::conditional_t<Size == 2, std::uint16_t, std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>;

/// Writes length and value of a number.
template <class M>
inline void put_number(M value, std::byte*& at) noexcept
{
    store_be(at, std::uint32_t{sizeof(M)});
    store_be(at + 4, std::bit_cast<unsigned_of<sizeof(M)>>(value));
    at += 4 + sizeof(M);
}

template <plain_number M>
struct direct_value<M> {
    static constexpr bool is = true;
    [[nodiscard]] static bool fits(oid column) noexcept { return column == oid{encode_traits<M>::type}; }
    [[nodiscard]] static std::size_t room(M) noexcept { return 4 + sizeof(M); }
    [[nodiscard]] static errc write(M value, std::byte*& at) noexcept
    {
        put_number(value, at);
        return {};
    }
};

template <class M>
requires std::same_as<M, std::string> || std::same_as<M, std::string_view>
struct direct_value<M> {
    static constexpr bool is = true;
    [[nodiscard]] static bool fits(oid column) noexcept
    {
        return column == oid::text || column == oid::varchar;
    }
    /// Of one that write() refuses nothing is written.
    [[nodiscard]] static std::size_t room(const M& value) noexcept
    {
        return 4 + (value.size() > encoder::max_value ? 0 : value.size());
    }
    [[nodiscard]] static errc write(const M& value, std::byte*& at) noexcept
    {
        const std::size_t size = value.size();
        if (size > encoder::max_value) return errc::request_too_large;
        store_be(at, static_cast<std::uint32_t>(size));
        at += 4;
        if (size == 0) return {};
        if (std::memchr(value.data(), 0, size)) return errc::nul_in_text;
        std::memcpy(at, value.data(), size);
        at += size;
        return {};
    }
};

/// Times: sys_time and local_time.
template <class Clock, time_duration D>
requires encodable<std::chrono::time_point<Clock, D>>
struct direct_value<std::chrono::time_point<Clock, D>> {
    using time = std::chrono::time_point<Clock, D>;

    static constexpr bool is = true;
    [[nodiscard]] static bool fits(oid column) noexcept { return column == oid{encode_traits<time>::type}; }
    [[nodiscard]] static std::size_t room(time) noexcept { return 4 + sizeof(std::int64_t); }
    [[nodiscard]] static errc write(time value, std::byte*& at) noexcept
    {
        std::int64_t count = 0;
        if (!to_server_time(value.time_since_epoch(), count)) return errc::value_out_of_range;
        put_number(count, at);
        return {};
    }
};

template <class M>
requires(direct_value<M>::is) struct direct_value<std::optional<M>> {
    using held = direct_value<M>;

    static constexpr bool is = true;
    [[nodiscard]] static bool fits(oid column) noexcept { return held::fits(column); }
    [[nodiscard]] static std::size_t room(const std::optional<M>& value) noexcept
    {
        return value ? held::room(*value) : 4;
    }
    [[nodiscard]] static errc write(const std::optional<M>& value, std::byte*& at) noexcept
    {
        if (value) return held::write(*value, at);
        store_be(at, ~std::uint32_t{0});
        at += 4;
        return {};
    }
};

/// Whether a member is one, of a column of that type.
template <class M>
[[nodiscard]] bool is_direct(oid column)
{
    if constexpr (direct_value<M>::is)
        return direct_value<M>::fits(column);
    else
        return false;
}

} // namespace tusk::detail
