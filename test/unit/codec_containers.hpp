// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "codec_values.hpp"

#include <tusk/codec/array.hpp>
#include <tusk/codec/composite.hpp>
#include <tusk/codec/enumeration.hpp>
#include <tusk/codec/range.hpp>
#include <tusk/codec/typed.hpp>
#include <tusk/codec/variant.hpp>
#include <tusk/row.hpp>
#include <tusk/sql.hpp>

/// Types that the tests of the containers share, and breaking values that have values in them.
namespace codec_test {

constexpr oid int2s{1005}, int4s{1007}, int8s{1016}, texts{1009}, bools{1000}, byteas{1001}, boxes{1020},
    float4s{1021}, float8s{1022}, numerics{1231};
constexpr oid int2vector{22}, oidvector{30}, any_array{2277}, record{2249};
constexpr oid int4range{3904}, int8range{3926}, daterange{3912}, tstzrange{3910}, int4ranges{3905},
    int4multirange{4451};
/// Of users, and so unknown.
constexpr oid user_type{20'000}, user_array{20'001};

/// As break_value, for values that may be refused for what their inner parts say.
template <class T>
void break_container(oid type, tusk::format format, const std::string& valid)
{
    ASSERT_EQ(refused<T>(type, format, valid), errc{});
    const auto expect_verdict = [&](const std::string& bytes) {
        const errc e = refused<T>(type, format, bytes);
        EXPECT_TRUE(e == errc{} || e == errc::invalid_value || e == errc::value_not_representable ||
                    e == errc::column_mismatch || e == errc::unexpected_null || e == errc::unknown_type)
            << hex(bytes);
    };
    for (std::size_t n = 0; n < valid.size(); ++n) {
        expect_verdict(valid.substr(0, n));
        if (format == binary) EXPECT_NE(refused<T>(type, format, valid.substr(0, n)), errc{}) << n;
    }
    for (std::size_t at = 0; at < valid.size(); ++at) {
        for (int code = 0; code < 256; ++code) {
            std::string bytes = valid;
            bytes[at] = static_cast<char>(code);
            expect_verdict(bytes);
        }
    }
    for (int code = 0; code < 256; ++code) expect_verdict(valid + static_cast<char>(code));
}

/// A value is written as these bytes, and these bytes and this text are read as the value.
template <class T>
void round_trip(oid type, const T& value, const std::string& bytes, const std::string& as_text)
{
    std::string out;
    EXPECT_EQ(encode(value, type, out), errc{});
    const bool in_text = tusk::encode_traits<T>::format == text;
    EXPECT_EQ(in_text ? out : hex(out), in_text ? as_text : hex(unhex(bytes)));
    EXPECT_TRUE(read<T>(type, binary, unhex(bytes)) == value) << bytes;
    EXPECT_TRUE(read<T>(type, text, as_text) == value) << as_text;
    break_container<T>(type, binary, unhex(bytes));
    break_container<T>(type, text, as_text);
}

} // namespace codec_test
