// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "codec_breaking.hpp"

/// A value in its three forms: in C++, as binary and as text.
namespace codec_test {

/// A type of an extension: any number from 16 384 on.
constexpr auto extension_type = static_cast<oid>(16'400);

/// The binary form of an extension's type, which is not yet sent by itself.
template <class T>
errc encode_binary(const T& value, std::string& out)
{
    growing buffer;
    tusk::encoder to(buffer, extension_type);
    errc e = tusk::encode_traits<T>::encode_binary(value, to);
    if (e == errc{}) e = to.error();
    out.assign(reinterpret_cast<const char*>(buffer.bytes.data()), buffer.bytes.size());
    return e;
}

/// Both forms are read as the value, also over another one, and break without harm.
template <class T>
void check_reading(const T& value, oid type, std::string_view digits, std::string_view in_text)
{
    const std::string bytes = unhex(digits);
    EXPECT_EQ(read<T>(type, binary, bytes), value) << digits;
    EXPECT_EQ(read<T>(type, text, in_text), value) << in_text;
    T over{};
    EXPECT_EQ(decode(type, binary, bytes, over), errc{});
    EXPECT_EQ(decode(type, text, in_text, over), errc{});
    EXPECT_EQ(over, value);
    break_value<T>(type, binary, bytes);
    break_value<T>(type, text, std::string(in_text));
}

/// A built-in type, which is sent in binary: spaces in `digits` are for the eye.
template <class T>
void check_forms(const T& value, oid type, std::string_view digits, std::string_view in_text)
{
    EXPECT_EQ(tusk::encode_traits<T>::format, binary);
    EXPECT_TRUE(tusk::detail::encodes<T>(type));
    EXPECT_EQ(written(value, type), hex(unhex(digits)));
    if constexpr (requires { value.to_string(); }) EXPECT_EQ(value.to_string(), in_text);
    check_reading(value, type, digits, in_text);
    EXPECT_FALSE(accepts<T>(oid::int4));
    EXPECT_FALSE(accepts<T>(oid::int4, text));
}

/// A type of an extension, which is sent as text.
template <class T>
void check_extension_forms(const T& value, std::string_view digits, std::string_view in_text)
{
    using traits = tusk::encode_traits<T>;
    EXPECT_EQ(traits::type, oid::none);
    EXPECT_EQ(traits::format, text);
    EXPECT_FALSE(traits::type_name.empty());
    EXPECT_TRUE(tusk::detail::encodes<T>(extension_type));
    EXPECT_FALSE(tusk::detail::encodes<T>(oid::int4));
    EXPECT_EQ(written(value), in_text);
    std::string bytes;
    EXPECT_EQ(encode_binary(value, bytes), errc{});
    EXPECT_EQ(hex(bytes), hex(unhex(digits)));
    check_reading(value, extension_type, digits, in_text);
    EXPECT_FALSE(accepts<T>(oid::text));
}

} // namespace codec_test
