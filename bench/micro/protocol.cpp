// Distributed under the Boost Software License, Version 1.0.
// Framing, the statement cache, SCRAM.
#include "auth/scram.hpp"
#include "session/statement_cache.hpp"
#include "wire/inbox.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace {

/// DataRow of one int4.
constexpr std::array<unsigned char, 15> data_row{'D', 0, 0, 0, 14, 0, 1, 0, 0, 0, 4, 0, 0, 0, 42};

void frame_rows(benchmark::State& state)
{
    tusk::wire::inbox inbox;
    inbox.set_limits({.authenticated = true});
    std::size_t rows = 0;
    std::size_t sent = 0;
    for (auto _ : state) {
        const auto room = inbox.prepare();
        const std::size_t whole = room.size() / data_row.size();
        for (std::size_t i = 0; i < whole; ++i)
            std::memcpy(room.data() + i * data_row.size(), data_row.data(), data_row.size());
        inbox.commit(whole * data_row.size());
        sent += whole;
        tusk::wire::frame f;
        while (inbox.next(f) == tusk::wire::framing::message) ++rows;
    }
    if (rows != sent) return state.SkipWithError("messages were lost");
    state.SetItemsProcessed(static_cast<std::int64_t>(rows));
}
BENCHMARK(frame_rows)->Name("frame/rows");

void find_in_statement_cache(benchmark::State& state)
{
    tusk::session::statement_cache cache(256);
    std::vector<std::string> texts;
    for (int i = 0; i < 256; ++i)
        texts.push_back("select * from accounts where id = $1 /* " + std::to_string(i) + " */");
    const std::array declared{tusk::oid::int8};
    for (const auto& text : texts) (void)cache.insert(text, declared);
    if (!cache.find(texts[7], declared)) return state.SkipWithError("the statement is not found");
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(cache.find(texts[++i % texts.size()], declared));
}
BENCHMARK(find_in_statement_cache)->Name("statement_cache/find");

void scram_4096_iterations(benchmark::State& state)
{
    for (auto _ : state) {
        tusk::auth::scram_client client("pencil", {}, {}, "rOprNGfwEbeRWgbNEkqO");
        (void)client.client_first();
        if (client.server_first(
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
            return state.SkipWithError("the server's message was refused");
        if (!client.hash(4096)) return state.SkipWithError("hashing did not end");
        const auto final = client.client_final();
        if (final.empty()) return state.SkipWithError("there is no proof");
        benchmark::DoNotOptimize(&final);
    }
}
BENCHMARK(scram_4096_iterations)->Name("scram/4096_iterations")->Unit(benchmark::kMicrosecond);

} // namespace
