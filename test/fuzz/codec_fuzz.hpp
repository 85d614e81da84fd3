// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "../unit/allocations.hpp"

#include <tusk/codec/standard.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the fuzzers of the codecs share. An input is a byte that chooses from the fuzzer's list of C++ and SQL types;
/// a byte with bit 0 for text format, bits 1 and 2 for the order of dates, bits 3 and 4 for what is known of zones;
/// then the value.
namespace fuzz {

using tusk::errc;
using tusk::oid;

/// A type of users or of an extension.
constexpr oid user_type{20'000};

inline void require(bool holds)
{
    if (!holds) std::abort();
}

struct sample {
    tusk::column column;
    std::span<const std::byte> bytes;
};

/// A C++ type and a SQL type that it is read from.
struct pairing {
    void (*check)(const sample&);
    oid type;
};

struct growing {
    std::vector<std::byte> bytes;
    std::byte* extend(std::size_t n)
    {
        bytes.resize(bytes.size() + n);
        return bytes.data() + bytes.size() - n;
    }
};

/// Memory that may be allocated for what was received, freed again or not, whatever the bytes declare: each may become an
/// object with a text in it, on a stack and in a vector, both of which grow by doubling.
inline std::size_t most_memory(std::size_t received) { return 1024 + 512 * received; }

template <class T>
errc decode(const sample& s, T& out)
{
    const tusk::test::allocation_watch watch;
    errc e{};
    try {
        e = tusk::decode_traits<T>::decode(
            tusk::field(s.column, s.bytes.data(), static_cast<std::int32_t>(s.bytes.size())), out);
    } catch (const tusk::detail::unknown_type_error&) { // a type in it would have to be looked up
        return errc::unknown_type;
    }
    require(watch.bytes() <= most_memory(s.bytes.size()));
    return e;
}

/// Written as `target`; by `encode_binary` where that is asked for.
template <class T>
errc encode(const T& value, oid target, growing& out, bool in_binary = false)
{
    tusk::encoder to(out, target);
    errc e{};
    if constexpr (requires { tusk::encode_traits<T>::encode_binary(value, to); }) {
        e = in_binary ? tusk::encode_traits<T>::encode_binary(value, to)
                      : tusk::encode_traits<T>::encode(value, to);
    } else {
        e = tusk::encode_traits<T>::encode(value, to);
    }
    return e == errc{} ? to.error() : e;
}

/// Equal; what is not even equal to itself, since NaN is in it, is compared by what is sent of it.
template <class T>
bool same(const T& a, const T& b)
{
    if (a == b) return true;
    if constexpr (tusk::encodable<T>) {
        growing sent_a, sent_b;
        return a != a && encode(a, oid::none, sent_a) == errc{} && encode(b, oid::none, sent_b) == errc{} &&
               sent_a.bytes == sent_b.bytes;
    }
    return false;
}
inline bool same(std::span<const std::byte> a, std::span<const std::byte> b)
{
    return std::ranges::equal(a, b);
}

/// What the bytes are read as is this value.
template <class T>
void require_reads(const T& value, oid type, tusk::format f, std::span<const std::byte> bytes)
{
    sample s;
    s.column.type = type;
    s.column.format = f;
    s.bytes = bytes;
    T back{};
    require(tusk::decode_traits<T>::accepts(s.column));
    require(decode(s, back) == errc{});
    require(same(back, value));
}

/// Whether a value that was read may be refused when it is sent: text with a NUL byte, which no server sends; a type of
/// users, of which nothing is known here; and the empty query.
template <class T>
bool may_refuse(const T& value, errc e, const sample& s)
{
    if constexpr (std::same_as<T, tusk::tsquery>)
        if (value.empty()) return true;
    if (e == errc::nul_in_text) return std::ranges::find(s.bytes, std::byte{}) != s.bytes.end();
    return (e == errc::unknown_type || e == errc::parameter_mismatch) && s.column.type == user_type;
}

/// Whether a double that was read from the text of a float4 would lose digits as one.
template <class T>
bool rounds(oid type)
{
    return std::same_as<T, double> && type == oid::float4;
}

/// A value can be sent as what it was read from, or, where that does not hold it, as its own type; and is read again as
/// the same.
template <class T>
void check_sending(const T& value, const sample& s)
{
    const oid own = tusk::detail::type_of(value);
    oid target = tusk::detail::encodes<T>(s.column.type) && !rounds<T>(s.column.type) ? s.column.type : own;
    growing sent;
    errc e = encode(value, target, sent);
    if (e == errc::value_out_of_range && target != own && own != oid::none) {
        target = own;
        sent.bytes.clear();
        e = encode(value, target, sent);
    }
    if (e != errc{}) return require(may_refuse(value, e, s));
    require_reads(value, target != oid::none ? target : s.column.type, tusk::detail::format_of(value),
                  sent.bytes);
}

/// The same of the binary form of an extension's type. halfvec is rounded in it.
template <class T>
void check_sending_binary(const T& value, const sample& s)
{
    growing sent;
    if (const errc e = encode(value, s.column.type, sent, true); e != errc{})
        return require(may_refuse(value, e, s));
    sample again = s;
    again.column.format = tusk::format::binary;
    again.bytes = sent.bytes;
    T back{};
    require(decode(again, back) == errc{});
    growing rounded;
    require(encode(back, s.column.type, rounded, true) == errc{} && rounded.bytes == sent.bytes);
    if constexpr (!std::same_as<T, tusk::halfvec>) require(same(back, value));
}

/// The text of a value is read as the value. Of NaN only that it is one is in it, and of a query not which of two equal
/// operators comes first.
template <class T>
void check_text(const T& value, const sample& s)
{
    const std::string text = value.to_string();
    sample again = s;
    again.column.format = tusk::format::text;
    again.column.style = {};
    again.bytes = std::as_bytes(std::span(text));
    T back{};
    require(decode(again, back) == errc{} && back.to_string() == text);
    if (!std::same_as<T, tusk::tsquery> && value == value) require(back == value);
}

/// Any bytes are a value or an error; a value is the same over another one, in its text, and after it has been sent.
template <class T>
void check(const sample& s)
{
    if (!tusk::decode_traits<T>::accepts(s.column)) return;
    T value{};
    const errc e = decode(s, value);
    require(e == errc{} || e == errc::invalid_value || e == errc::value_not_representable ||
            e == errc::column_mismatch || e == errc::unexpected_null || e == errc::unknown_type);
    if (e != errc{}) return;
    T over = value;
    require(decode(s, over) == errc{});
    require(same(over, value));
    if constexpr (tusk::encodable<T>) check_sending(value, s);
    if constexpr (requires(tusk::encoder & to) { tusk::encode_traits<T>::encode_binary(value, to); })
        check_sending_binary(value, s);
    if constexpr (requires { value.to_string(); }) check_text(value, s);
}

inline int run(std::span<const pairing> pairings, const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    const pairing& chosen = pairings[data[0] % pairings.size()];
    sample s;
    s.column.type = chosen.type;
    s.column.format = (data[1] & 1) != 0 ? tusk::format::text : tusk::format::binary;
    s.column.style.order = static_cast<tusk::text_style::date_order>((data[1] >> 1 & 3) % 3);
    s.column.style.zones = static_cast<tusk::text_style::zone_names>((data[1] >> 3 & 3) % 3);
    s.bytes = std::as_bytes(std::span(data, size)).subspan(2);
    chosen.check(s);
    return 0;
}

} // namespace fuzz
