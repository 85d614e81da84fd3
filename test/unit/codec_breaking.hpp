// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "allocations.hpp"
#include "codec_values.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

/// Breaking values: whatever the bytes, they are a value or an error, and no memory is taken beyond them.
namespace codec_test {

/// What a broken value may be called; one with values in it is also judged by what those say.
constexpr std::array simple_faults{errc::invalid_value, errc::value_not_representable};
constexpr std::array inner_faults{errc::invalid_value, errc::value_not_representable, errc::column_mismatch,
                                  errc::unexpected_null, errc::unknown_type};

/// Memory that may be allocated for what was received, freed again or not, whatever the bytes declare: each may become an
/// object with a text in it, on a stack and in a vector, both of which grow by doubling.
constexpr std::size_t most_memory(std::size_t received) { return 1024 + 512 * received; }

/// As refused(), within that memory.
template <class T>
errc judged(oid type, tusk::format format, std::string_view bytes)
{
    const tusk::column c = column(type, format);
    const exact_bytes exact(bytes);
    T out{};
    const tusk::test::allocation_watch watch;
    errc e{};
    try {
        e = tusk::decode_traits<T>::decode(tusk::field(c, exact.data(), exact.size()), out);
    } catch (const tusk::error& unknown) { // a type in it would have to be looked up
        return static_cast<errc>(unknown.code().value());
    }
    EXPECT_LE(watch.bytes(), most_memory(bytes.size())) << hex(bytes);
    return e;
}

/// Writes `count` over `width` bytes, big endian.
inline std::string with_count(std::string bytes, std::size_t at, std::size_t width, std::uint32_t count)
{
    for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<char>(count >> 8 * (width - 1 - i));
    return bytes;
}

/// Counts, lengths and dimensions that no value of a few bytes has.
constexpr std::array<std::uint32_t, 8> lies{0x7fff'ffff, 0x8000'0000, 0xffff'ffff, 0xffff'fffe,
                                            0x4000'0000, 0x00ff'ffff, 0x0001'0000, 0x0000'7fff};

/// Every strict prefix, every corrupted byte and every superfluous one, and a lie at every place in a binary value.
template <class T>
void break_bytes(oid type, tusk::format format, const std::string& valid, std::span<const errc> faults)
{
    ASSERT_TRUE(accepts<T>(type, format));
    ASSERT_EQ(judged<T>(type, format, valid), errc{}) << hex(valid);
    const auto expect_verdict = [&](const std::string& bytes) {
        const errc e = judged<T>(type, format, bytes);
        EXPECT_TRUE(e == errc{} || std::ranges::find(faults, e) != faults.end()) << hex(bytes);
    };
    for (std::size_t n = 0; n < valid.size(); ++n) expect_verdict(valid.substr(0, n));
    for (std::size_t at = 0; at < valid.size(); ++at)
        for (std::uint32_t code = 0; code < 256; ++code) expect_verdict(with_count(valid, at, 1, code));
    for (int code = 0; code < 256; ++code) expect_verdict(valid + static_cast<char>(code));
    if (format == text) return;
    for (std::size_t at = 0; at + 4 <= valid.size(); ++at)
        for (const std::uint32_t lie : lies) expect_verdict(with_count(valid, at, 4, lie));
}

template <class T>
void break_value(oid type, tusk::format format, const std::string& valid)
{
    break_bytes<T>(type, format, valid, simple_faults);
}

/// The same, where nothing but the whole length is a value.
template <class T>
void break_fixed(oid type, const std::string& valid)
{
    break_value<T>(type, binary, valid);
    for (std::size_t n = 0; n < valid.size(); ++n)
        EXPECT_EQ(refused<T>(type, binary, valid.substr(0, n)), errc::invalid_value) << n;
    EXPECT_EQ(refused<T>(type, binary, valid + '\0'), errc::invalid_value);
}

/// The same for values that have values in them.
template <class T>
void break_container(oid type, tusk::format format, const std::string& valid)
{
    break_bytes<T>(type, format, valid, inner_faults);
    if (format == text) return;
    for (std::size_t n = 0; n < valid.size(); ++n)
        EXPECT_NE(refused<T>(type, format, valid.substr(0, n)), errc{}) << n;
}

/// Any other number than the one that stands `at` these places, as an integer of `width` bytes, is refused.
template <class T>
void refuse_counts(oid type, std::string_view digits, std::size_t width,
                   std::initializer_list<std::size_t> places)
{
    const std::string valid = unhex(digits);
    ASSERT_EQ(refused<T>(type, binary, valid), errc{}) << digits;
    for (const std::size_t at : places) {
        const auto expect_refusal = [&](const std::string& bytes) {
            if (bytes != valid) EXPECT_NE(judged<T>(type, binary, bytes), errc{}) << at << ": " << hex(bytes);
        };
        for (std::uint32_t count = 0; count < 300; ++count)
            expect_refusal(with_count(valid, at, width, count));
        for (const std::uint32_t lie : lies) expect_refusal(with_count(valid, at, width, lie));
        for (std::size_t byte = at; byte < at + width; ++byte)
            for (std::uint32_t code = 0; code < 256; ++code) expect_refusal(with_count(valid, byte, 1, code));
    }
}

} // namespace codec_test
