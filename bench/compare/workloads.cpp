// Distributed under the Boost Software License, Version 1.0.
#include "compare/workloads.hpp"

#include <algorithm>

namespace bench {
namespace {

constexpr std::string_view select_number = "select $1::int4";
constexpr std::string_view select_account = "select balance from bench_account where id = $1::int4";
constexpr std::string_view select_catalogue =
    "select oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, "
    "typisdefined, typdelim, typrelid from pg_catalog.pg_type order by oid limit 600";
constexpr std::string_view select_integers = "select n from bench_integer";
constexpr std::string_view select_wide =
    "select id, big, ratio, note, moment from bench_wide where id <= $1::int8 "
    "order by id";
constexpr std::string_view copy_into =
    "copy bench_copied (id, big, ratio, note, moment) from stdin (format binary)";
constexpr std::string_view copy_wide =
    "copy (select id, big, ratio, note, moment from bench_wide where id <= $1) to stdout (format binary)";
constexpr std::string_view select_bytes = "select data from bench_bytes";
constexpr std::string_view select_arrays = "select numbers from bench_array";
constexpr std::string_view insert_row = "insert into bench_sink(id, amount, note) values ($1, $2, $3)";

using enum shape;
using number = params_kind;
using row = row_kind;

constexpr workload table[] = {
    // name, title, unit, shape, sql, parameters, rows, connections, tasks, exclusive, batch, rows/request,
    // requests
    {"W1",
     "one connection, select $1::int4, one at a time",
     "query",
     single,
     select_number,
     number::number,
     row::integer,
     1,
     1,
     false,
     1,
     1,
     {15'000, 4'000, 4'000}},
    {"W2-64",
     "one connection, 64 in flight, a Sync each",
     "query",
     single,
     select_number,
     number::number,
     row::integer,
     1,
     64,
     false,
     1,
     1,
     {60'000, 16'000, 12'800}},
    {"W2-512",
     "one connection, 512 in flight, a Sync each",
     "query",
     single,
     select_number,
     number::number,
     row::integer,
     1,
     512,
     false,
     1,
     1,
     {60'000, 16'384, 20'480}},
    {"W2-64-batch",
     "one connection, batches of 64 with one Sync",
     "query",
     batch,
     select_number,
     number::number,
     row::integer,
     1,
     1,
     false,
     64,
     1,
     {1'500, 300, 200}},
    {"W2-512-batch",
     "one connection, batches of 512 with one Sync",
     "query",
     batch,
     select_number,
     number::number,
     row::integer,
     1,
     1,
     false,
     512,
     1,
     {200, 40, 40}},
    {"W3-exclusive",
     "512 tasks on 32 connections, each lent to one task at a time, select by key",
     "query",
     single,
     select_account,
     number::key,
     row::integer,
     32,
     512,
     true,
     1,
     1,
     {30'000, 8'000, 6'400}},
    {"W3-multiplexed",
     "512 tasks pipelined over 32 connections, select by key",
     "query",
     single,
     select_account,
     number::key,
     row::integer,
     32,
     512,
     false,
     1,
     1,
     {40'000, 10'240, 10'240}},
    {"W4",
     "requests of 20 selects by key, each one batch, over 8 connections",
     "query",
     batch,
     select_account,
     number::key,
     row::integer,
     8,
     8,
     false,
     20,
     1,
     {2'400, 600, 400}},
    {"W5a",
     "600 rows of 12 catalogue columns",
     "row",
     rows,
     select_catalogue,
     number::none,
     row::catalogue,
     1,
     1,
     false,
     1,
     600,
     {400, 80, 40}},
    {"W5b",
     "1000 rows of one integer",
     "row",
     rows,
     select_integers,
     number::none,
     row::integer,
     1,
     1,
     false,
     1,
     1'000,
     {1'500, 300, 200}},
    {"W5c",
     "1 000 000 rows of int4, int8, float8, text of 20, timestamptz",
     "row",
     rows,
     select_wide,
     number::limit,
     row::wide,
     1,
     1,
     false,
     1,
     1'000'000,
     {1, 1, 4}},
    {"W6a",
     "100 rows of 1 kB bytea",
     "row",
     rows,
     select_bytes,
     number::none,
     row::bytes,
     1,
     1,
     false,
     1,
     100,
     {4'000, 800, 400}},
    {"W6b",
     "100 rows of int4[100]",
     "row",
     rows,
     select_arrays,
     number::none,
     row::array,
     1,
     1,
     false,
     1,
     100,
     {1'500, 300, 400}},
    {"W7-in",
     "COPY of 1 000 000 rows of int4, int8, float8, text of 20, timestamptz from structs to a table",
     "row",
     copy_in,
     copy_into,
     number::none,
     row::wide,
     1,
     1,
     false,
     1,
     1'000'000,
     {1, 1, 4}},
    {"W7-out-raw",
     "COPY of 1 000 000 rows of int4, int8, float8, text of 20, timestamptz to the client, as bytes",
     "row",
     copy_out,
     copy_wide,
     number::none,
     row::none,
     1,
     1,
     false,
     1,
     1'000'000,
     {1, 1, 4}},
    {"W7-out",
     "COPY of 1 000 000 rows of int4, int8, float8, text of 20, timestamptz to the client, into structs",
     "row",
     copy_out,
     copy_wide,
     number::none,
     row::wide,
     1,
     1,
     false,
     1,
     1'000'000,
     {1, 1, 4}},
    {"W8",
     "1000 inserts as a batch",
     "insert",
     batch,
     insert_row,
     number::insert,
     row::none,
     1,
     1,
     false,
     1'000,
     1,
     {60, 12, 20}},
    {"WC",
     "connecting with SCRAM over TCP",
     "connection",
     connect,
     "",
     number::none,
     row::none,
     1,
     1,
     false,
     1,
     1,
     {150, 30, 20}},
};

struct table_script {
    std::string_view table;
    std::string_view make;
};

constexpr table_script scripts[] = {
    {"bench_account", R"(
create table if not exists bench_account(id int4 primary key, balance int4 not null, owner text not null);
truncate bench_account;
insert into bench_account select i, (i * 7919) % 1000003, 'owner ' || i from generate_series(1, 100000) i;
analyze bench_account;
)"},
    {"bench_integer", R"(
create table if not exists bench_integer(n int4 not null);
truncate bench_integer;
insert into bench_integer select i from generate_series(1, 1000) i;
analyze bench_integer;
)"},
    {"bench_wide", R"(
create table if not exists bench_wide(id int4 primary key, big int8 not null, ratio float8 not null,
                                      note text not null, moment timestamptz not null);
truncate bench_wide;
insert into bench_wide select i, i::int8 * 1000003, i / 7.0, 'note ' || lpad(i::text, 15, '0'),
    timestamptz '2020-01-01 00:00:00+00' + i * interval '1 second' from generate_series(1, 1000000) i;
analyze bench_wide;
)"},
    {"bench_copied", R"(
create unlogged table if not exists bench_copied(id int4 not null, big int8 not null, ratio float8 not null,
                                                 note text not null, moment timestamptz not null);
truncate bench_copied;
)"},
    {"bench_bytes", R"(
create table if not exists bench_bytes(data bytea not null);
alter table bench_bytes alter column data set storage external;
truncate bench_bytes;
insert into bench_bytes select decode(repeat(md5(i::text), 64), 'hex') from generate_series(1, 100) i;
analyze bench_bytes;
)"},
    {"bench_array", R"(
create table if not exists bench_array(numbers int4[] not null);
truncate bench_array;
insert into bench_array select array(select i * 100 + j from generate_series(1, 100) j)
    from generate_series(1, 100) i;
analyze bench_array;
)"},
    {"bench_sink", R"(
create unlogged table if not exists bench_sink(id int4 not null, amount int8 not null, note text not null);
truncate bench_sink;
)"},
};

} // namespace

std::span<const workload> all_workloads() noexcept { return table; }

const workload* find_workload(std::string_view name) noexcept
{
    const auto* found = std::ranges::find(table, name, &workload::name);
    return found == std::end(table) ? nullptr : found;
}

std::string setup_script(std::span<const workload* const> for_these)
{
    std::string all = "set timezone = 'UTC';";
    for (const auto& each : scripts) {
        const auto uses = [&](const workload* w) { return w->sql.find(each.table) != w->sql.npos; };
        if (std::ranges::any_of(for_these, uses)) all += each.make;
    }
    return all;
}

std::string copy_statement(const workload& w, std::size_t rows)
{
    std::string text(w.sql);
    if (const auto at = text.find("$1"); at != text.npos) text.replace(at, 2, std::to_string(rows));
    return text;
}

} // namespace bench
