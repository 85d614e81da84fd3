// Distributed under the Boost Software License, Version 1.0.
// Arrays, ranges, composites, variants.
#include "codec_bench.hpp"

#include <chrono>
#include <numeric>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

namespace bench {
namespace {

constexpr oid int2s{1005}, int4s{1007}, int8s{1016}, float4s{1021}, float8s{1022}, bools{1000}, texts{1009},
    timestamptzs{1185}, uuids{2951}, numerics{1231}, int4range{3904}, int4multirange{4451}, record{2249};

template <class T>
std::vector<T> counting(std::size_t n)
{
    std::vector<T> values(n);
    std::iota(values.begin(), values.end(), T{1});
    return values;
}

template <class T>
void add_numbers(const std::string& name, oid type)
{
    for (const std::size_t n : {std::size_t{10}, std::size_t{1'000}, std::size_t{30'000}})
        add(name + "/" + std::to_string(n), type, counting<T>(n));
}

[[maybe_unused]] const bool arrays_added = [] {
    add_numbers<std::int16_t>("int2[]", int2s);
    add_numbers<std::int32_t>("int4[]", int4s);
    add_numbers<std::int64_t>("int8[]", int8s);
    add_numbers<float>("float4[]", float4s);
    add_numbers<double>("float8[]", float8s);
    add("bool[]/1000", bools, std::vector<bool>(1000, true));
    add("int4[]_with_nulls/1000", int4s, std::vector<std::optional<int>>(1000, 7));
    add("int4[][]/100x10", int4s, std::vector(100, counting<int>(10)));
    add("timestamptz[]/1000", timestamptzs,
        std::vector(1000, std::chrono::sys_time<std::chrono::microseconds>(std::chrono::seconds(1))));
    add("uuid[]/1000", uuids, std::vector<tusk::uuid>(1000));
    add("numeric[]/1000", numerics, std::vector<tusk::numeric>(1000, tusk::numeric::parse("12345.6789")));
    add("int4[]/3", int4s, std::vector<int>{1, 2, 3}, "{1,2,3}");
    return true;
}();

[[maybe_unused]] const bool others_added = [] {
    using ints = tusk::range<int>;
    add("int4range", int4range, ints(1, 5), "[1,5)");
    add("int4multirange", int4multirange, tusk::multirange<int>{{1, 3}, ints::from(7)}, "{[1,3),[7,)}");
    add("composite", extension, std::tuple<int, std::string, double>{7, "Ada", 1.5}, "(7,Ada,1.5)");
    add("variant", oid::int4, std::variant<int, std::string>(7), "7");
    add("optional", oid::int4, std::optional<int>(7), "7");
    return true;
}();

/// An array of text is sent as text, so that the server infers its type.
void encode_texts(benchmark::State& state)
{
    const std::vector<std::string> value(1000, "Ada Lovelace");
    tusk::wire::buffer to;
    std::vector<std::string> back;
    if (encode(value, texts, to) != errc{} ||
        decode(column_of(texts, tusk::detail::format_of(value)), to.bytes(), back) != errc{} || back != value)
        return state.SkipWithError("what was written is not read as the value");
    for (auto _ : state) {
        to.clear();
        benchmark::DoNotOptimize(encode(value, texts, to));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(to.size()));
}
BENCHMARK(encode_texts)->Name("encode/text[]/1000");

void decode_texts(benchmark::State& state)
{
    const std::vector<std::string> value(1000, "Ada Lovelace");
    tusk::wire::buffer bytes;
    tusk::encoder out(bytes, texts);
    // dimensions, no NULLs, type; length, lower bound; elements
    for (const std::int32_t header : {1, 0, static_cast<int>(oid::text), 1000, 1}) out.i32(header);
    for (const std::string& text : value) {
        const tusk::encoder::part p = out.begin_part(oid::text);
        out.text(text);
        out.end_part(p);
    }
    measure_decoding(state, column_of(texts, tusk::format::binary), bytes.bytes(), value);
}
BENCHMARK(decode_texts)->Name("decode/text[]/1000");

} // namespace
} // namespace bench
