// Distributed under the Boost Software License, Version 1.0.
// A query whose columns are not known when the program is written.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

void print(const tusk::result& table)
{
    for (const tusk::column& c : table.columns())
        std::printf("%-24s", (c.name + " " + std::string(tusk::type_name(c.type))).c_str());
    std::printf("\n");
    for (tusk::row row : table) {
        for (tusk::field f : row) std::printf("%-24s", f.is_null() ? "NULL" : f.as<std::string>().c_str());
        std::printf("\n");
    }
    std::printf("%s\n", std::string(table.tag()).c_str());
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);

    // In text format a value of any type reads as a string.
    tusk::bound anything("select n, n / 3.0 as third, current_date as today, null::int4[] as nothing from "
                         "generate_series(1, 3) n");
    tusk::result table = co_await db.async_query(anything.text_results(true));
    print(table);
    expect(table.size() == 3 && table.columns()[1].type == tusk::oid::numeric,
           "three rows, and a numeric column");
    expect(table[2]["n"].view() == "3" && table[0][3].is_null(), "fields by name and by number");

    // In binary format, the default, a field is read as what its column is.
    tusk::result numbers = co_await db.async_query("select 7::int8 as seven, 'x'::text as letter");
    const tusk::row row = numbers.front();
    expect(row["seven"].as<std::int64_t>() == 7 && row[1].as<std::string_view>() == "x", "typed fields");

    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "dynamic", run); }
