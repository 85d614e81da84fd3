// Distributed under the Boost Software License, Version 1.0.
// Binding parameters and decoding rows.
#include "wire/buffer.hpp"
#include "wire/endian.hpp"

#include <tusk/detail/row_decoder.hpp>
#include <tusk/sql.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

namespace {

using row_bytes = std::vector<std::byte>;

void append(row_bytes& to, auto value)
{
    const auto at = to.size();
    to.resize(at + sizeof value);
    for (std::size_t i = 0; i < sizeof value; ++i)
        to[at + i] =
            static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * (sizeof value - 1 - i)));
}

void append_field(row_bytes& to, auto value)
{
    append(to, static_cast<std::int32_t>(sizeof value));
    append(to, value);
}

tusk::columns columns_of(std::initializer_list<std::pair<const char*, tusk::oid>> list)
{
    tusk::columns result;
    for (const auto& [name, type] : list)
        result.push_back({.name = name, .type = type, .format = tusk::format::binary});
    return result;
}

void bind_one_integer(benchmark::State& state)
{
    std::int32_t i = 0;
    if (tusk::sql("select $1::int4", i).parameters().values().size() != 8)
        return state.SkipWithError("the parameter is not there");
    for (auto _ : state) {
        tusk::bound b = tusk::sql("select $1::int4", ++i);
        benchmark::DoNotOptimize(b);
    }
}
BENCHMARK(bind_one_integer)->Name("bind/integer");

void bind_integer_and_text(benchmark::State& state)
{
    const std::string name = "Ada Lovelace";
    if (tusk::sql("", std::int64_t{7}, name).parameters().values().size() != 4 + 8 + 4 + name.size())
        return state.SkipWithError("the parameters are not there");
    for (auto _ : state) {
        tusk::bound b = tusk::sql("update users set name = $2 where id = $1", std::int64_t{7}, name);
        benchmark::DoNotOptimize(b);
    }
}
BENCHMARK(bind_integer_and_text)->Name("bind/integer_and_text");

void decode_one_integer(benchmark::State& state)
{
    const tusk::columns columns = columns_of({{"n", tusk::oid::int4}});
    row_bytes body;
    append(body, std::int16_t{1});
    append_field(body, std::int32_t{42});
    tusk::detail::row_decoder<std::int32_t> decoder;
    tusk::diagnostics why;
    std::error_code wrong;
    if (decoder.plan(columns, why)) return state.SkipWithError("the plan failed");
    std::int32_t value = 0;
    if (!decoder.decode(columns, body, value, wrong, why) || value != 42)
        return state.SkipWithError("the row is not read");
    for (auto _ : state) {
        benchmark::DoNotOptimize(decoder.decode(columns, body, value, wrong, why));
        benchmark::DoNotOptimize(value);
    }
}
BENCHMARK(decode_one_integer)->Name("row/integer");

struct account {
    std::int64_t id = 0;
    std::int32_t branch = 0;
    std::string owner;
};

void decode_struct(benchmark::State& state)
{
    const tusk::columns columns =
        columns_of({{"id", tusk::oid::int8}, {"branch", tusk::oid::int4}, {"owner", tusk::oid::text}});
    row_bytes body;
    append(body, std::int16_t{3});
    append_field(body, std::int64_t{1'000'000});
    append_field(body, std::int32_t{42});
    append(body, std::int32_t{12});
    for (char c : std::string("Ada Lovelace")) body.push_back(static_cast<std::byte>(c));
    tusk::detail::row_decoder<account> decoder;
    tusk::diagnostics why;
    std::error_code wrong;
    if (decoder.plan(columns, why)) return state.SkipWithError("the plan failed");
    account value;
    if (!decoder.decode(columns, body, value, wrong, why) || value.id != 1'000'000 || value.branch != 42 ||
        value.owner != "Ada Lovelace")
        return state.SkipWithError("the row is not read");
    for (auto _ : state) {
        benchmark::DoNotOptimize(decoder.decode(columns, body, value, wrong, why));
        benchmark::DoNotOptimize(value);
    }
}
BENCHMARK(decode_struct)->Name("row/struct");

} // namespace
