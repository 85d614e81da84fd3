// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "codec_breaking.hpp"

#include <tusk/codec/array.hpp>
#include <tusk/codec/composite.hpp>
#include <tusk/codec/enumeration.hpp>
#include <tusk/codec/range.hpp>
#include <tusk/codec/typed.hpp>
#include <tusk/codec/variant.hpp>
#include <tusk/row.hpp>
#include <tusk/sql.hpp>

/// Types that the tests of the containers share, and their values in every form.
namespace codec_test {

constexpr oid int2s{1005}, int4s{1007}, int8s{1016}, texts{1009}, bools{1000}, byteas{1001}, boxes{1020},
    float4s{1021}, float8s{1022}, numerics{1231};
constexpr oid int2vector{22}, oidvector{30}, any_array{2277}, record{2249};
constexpr oid int4range{3904}, int8range{3926}, daterange{3912}, tstzrange{3910}, int4ranges{3905},
    int4multirange{4451};
/// Of users, and so unknown.
constexpr oid user_type{20'000}, user_array{20'001};

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
