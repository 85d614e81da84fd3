// Distributed under the Boost Software License, Version 1.0.
// For ORMs and query builders: a statement and its parameters, put together at run time.

#include "run.hpp"

#include <tusk.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace {

using value = std::variant<std::nullopt_t, std::int64_t, double, std::string>;

/// select * from TABLE where COLUMN is not distinct from $1 and ...
tusk::bound select_where(std::string text, const std::map<std::string, value>& wanted)
{
    tusk::params parameters;
    const char* word = " where ";
    text = "select * from " + text;
    for (const auto& [column, v] : wanted) {
        std::visit([&](const auto& plain) { parameters.add(plain); }, v);
        text += std::exchange(word, " and ") + column + " is not distinct from $" +
                std::to_string(parameters.size());
    }
    return {text, std::move(parameters)};
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await db.async_script("create temp table part(id int8, name text, weight float8);"
                             "insert into part values (1, 'bolt', 0.5), (2, 'nut', null), (3, 'bolt', null)");

    tusk::bound bolts = select_where("part", {{"name", std::string("bolt")}, {"weight", std::nullopt}});
    std::printf("%s\n", std::string(bolts.sql()).c_str());
    tusk::result found = co_await db.async_query(std::move(bolts));
    expect(found.size() == 1 && found[0]["id"].as<std::int64_t>() == 3, "the bolt without a weight");

    // NULL with a type, and a value that is already in the server's form.
    const std::array seven{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{7}};
    tusk::params raw;
    raw.add_raw(tusk::oid::int4, tusk::format::binary, seven).add_null(tusk::oid::date);
    auto text = co_await db.async_query_one<std::string>(
        tusk::bound("select pg_typeof($1) || ' ' || $1 || ' ' || pg_typeof($2)", std::move(raw)));
    expect(text == "integer 7 date", "types and bytes arrive as given");

    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "params", run); }
