// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/standard.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What the tests of the codecs share: values as hexadecimal text.
namespace codec_test {

using tusk::errc;
using tusk::oid;
constexpr auto text = tusk::format::text;
constexpr auto binary = tusk::format::binary;

inline tusk::column column(oid type, tusk::format format, std::string name = "c")
{
    tusk::column c;
    c.name = std::move(name);
    c.type = type;
    c.format = format;
    return c;
}

/// "00 ff" or "00ff" as bytes.
inline std::string unhex(std::string_view digits)
{
    std::string bytes;
    std::string pair;
    for (const char c : digits) {
        if (c == ' ') continue;
        pair += c;
        if (pair.size() < 2) continue;
        bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
        pair.clear();
    }
    return bytes;
}

inline std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto code = static_cast<unsigned char>(c);
        out += digits[code >> 4];
        out += digits[code & 15];
    }
    return out;
}

/// Bytes on the heap without one to spare, so that reading beyond them is seen.
class exact_bytes {
public:
    explicit exact_bytes(std::string_view from)
        : bytes_(new std::byte[from.size()])
        , size_(from.size())
    {
        if (size_ != 0) std::memcpy(bytes_.get(), from.data(), size_);
    }
    [[nodiscard]] const std::byte* data() const { return bytes_.get(); }
    [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(size_); }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_;
};

template <class T>
errc decode(oid type, tusk::format format, std::string_view bytes, T& out)
{
    const tusk::column c = column(type, format);
    EXPECT_TRUE(tusk::decode_traits<T>::accepts(c));
    const exact_bytes exact(bytes);
    return tusk::decode_traits<T>::decode(tusk::field(c, exact.data(), exact.size()), out);
}

/// The value, which must be good.
template <class T>
T read(oid type, tusk::format format, std::string_view bytes)
{
    T out{};
    EXPECT_EQ(decode(type, format, bytes, out), errc{}) << hex(bytes);
    return out;
}

/// Why the value cannot be read.
template <class T>
errc refused(oid type, tusk::format format, std::string_view bytes)
{
    T out{};
    try {
        return decode(type, format, bytes, out);
    } catch (const tusk::error& e) { // errc::unknown_type
        return static_cast<errc>(e.code().value());
    }
}

template <class T>
bool accepts(oid type, tusk::format format = binary)
{
    return tusk::decode_traits<T>::accepts(column(type, format));
}

struct growing {
    std::vector<std::byte> bytes;
    std::byte* extend(std::size_t n)
    {
        bytes.resize(bytes.size() + n);
        return bytes.data() + bytes.size() - n;
    }
};

template <class T>
errc encode(const T& value, oid target, std::string& out)
{
    growing buffer;
    tusk::encoder to(buffer, target);
    errc e = tusk::encode_traits<T>::encode(value, to);
    if (e == errc{}) e = to.error();
    out.assign(reinterpret_cast<const char*>(buffer.bytes.data()), buffer.bytes.size());
    return e;
}

/// The bytes of a value, in hexadecimal; for text as they are.
template <class T>
std::string written(const T& value, oid target = oid::none)
{
    std::string out;
    EXPECT_EQ(encode(value, target, out), errc{});
    EXPECT_TRUE(target == oid::none || tusk::detail::encodes<T>(target));
    return tusk::encode_traits<T>::format == text ? out : hex(out);
}

/// Why the value cannot be sent.
template <class T>
errc unsendable(const T& value, oid target = oid::none)
{
    std::string out;
    return encode(value, target, out);
}

} // namespace codec_test
