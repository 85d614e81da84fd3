// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/buffer.hpp"

#include <tusk/codec/standard.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// What the benchmarks of the codecs share: `encode/name`, `decode/name` and `decode_text/name` of one value. Each
/// checks once that the value survives.
namespace bench {

using tusk::errc;
using tusk::oid;

/// A type of an extension.
constexpr oid extension{16'400};

template <class T>
errc decode(const tusk::column& c, std::span<const std::byte> bytes, T& out)
{
    return tusk::decode_traits<T>::decode(
        tusk::field(c, bytes.data(), static_cast<std::int32_t>(bytes.size())), out);
}

/// In binary format, also what is sent as text.
template <class T>
errc encode(const T& value, oid type, tusk::wire::buffer& to)
{
    tusk::encoder out(to, type);
    errc e{};
    if constexpr (requires { tusk::encode_traits<T>::encode_binary(value, out); })
        e = tusk::encode_traits<T>::encode_binary(value, out);
    else
        e = tusk::encode_traits<T>::encode(value, out);
    return e == errc{} ? out.error() : e;
}

template <class T>
void measure_decoding(benchmark::State& state, const tusk::column& c, std::span<const std::byte> bytes,
                      const T& expected)
{
    T value{};
    if (!tusk::decode_traits<T>::accepts(c) || decode(c, bytes, value) != errc{} || !(value == expected))
        return state.SkipWithError("it is not read as the value");
    const std::byte* from = bytes.data();
    for (auto _ : state) {
        benchmark::DoNotOptimize(from);
        benchmark::DoNotOptimize(decode(c, {from, bytes.size()}, value));
        benchmark::DoNotOptimize(&value);
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

template <class T>
void measure_encoding(benchmark::State& state, const tusk::column& c, const T& value)
{
    tusk::wire::buffer to;
    T back{};
    if (encode(value, c.type, to) != errc{} || decode(c, to.bytes(), back) != errc{} || !(back == value))
        return state.SkipWithError("what was written is not read as the value");
    const std::size_t size = to.size();
    for (auto _ : state) {
        to.clear();
        benchmark::DoNotOptimize(&value);
        benchmark::DoNotOptimize(encode(value, c.type, to));
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

inline tusk::column column_of(oid type, tusk::format f)
{
    tusk::column c;
    c.type = type;
    c.format = f;
    return c;
}

/// Both ways in binary format.
template <class T>
void add(const std::string& name, oid type, T value)
{
    const tusk::column c = column_of(type, tusk::format::binary);
    benchmark::RegisterBenchmark(("encode/" + name).c_str(),
                                 [=](benchmark::State& state) { measure_encoding(state, c, value); });
    benchmark::RegisterBenchmark(("decode/" + name).c_str(), [=](benchmark::State& state) {
        tusk::wire::buffer bytes;
        if (encode(value, type, bytes) != errc{}) return state.SkipWithError("it cannot be written");
        measure_decoding(state, c, bytes.bytes(), value);
    });
}

/// And from text.
template <class T>
void add(const std::string& name, oid type, T value, std::string text)
{
    add(name, type, value);
    const tusk::column c = column_of(type, tusk::format::text);
    benchmark::RegisterBenchmark(("decode_text/" + name).c_str(), [=](benchmark::State& state) {
        measure_decoding(state, c, std::as_bytes(std::span(text)), value);
    });
}

} // namespace bench
