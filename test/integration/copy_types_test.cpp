// Distributed under the Boost Software License, Version 1.0.
// Every type of the table in docs/types.md through a binary COPY, out and in again, as bytes and as typed rows.
#include "integration/copy_types.hpp"

namespace tusk_test {
namespace {

/// SQL types of the table that no column has, or no COPY.
const std::set<std::string> without_columns = {"record", "void", "NULL"};

TEST(CopyTypes, EachTypeAsBytes)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await prepare_copied_types(db);
        int types = 0;
        for (const auto& [name, sql] : sql_types()) {
            if (without_columns.contains(name)) continue;
            SCOPED_TRACE(name);
            ++types;
            co_await db.async_script("drop table if exists pg_temp.original, pg_temp.again;"
                                     "create temp table original(c " +
                                     sql.type +
                                     ");"
                                     "create temp table again(c " +
                                     sql.type +
                                     ");"
                                     "insert into original values (" +
                                     sql.value() + "), (null)");
            for (const std::string format : {"binary", "text", "csv"}) {
                const std::string sent = co_await copied_bytes(db, "original", format);
                co_await db.async_execute("truncate again");
                auto in = co_await db.async_copy_in("copy again from stdin (format " + format + ")");
                co_await in.async_write(sent);
                const tusk::command done = co_await in.async_finish();
                EXPECT_EQ(done.rows_affected(), 2u);
                const std::string back = co_await copied_bytes(db, "again", format);
                EXPECT_EQ(back, sent) << format;
                const auto same =
                    co_await db.async_query_one<std::int64_t>("select count(*) from original a join again b "
                                                              "on a.c::text is not distinct from b.c::text");
                EXPECT_EQ(same, 2);
            }
        }
        EXPECT_GT(types, 80);
    });
}

TEST(CopyTypes, EachTypeOfTheTableIsInARow)
{
    std::set<std::string> sql, cpp;
    for (const copied_row& row : copied_rows())
        for (const copied_cell& cell : row.cells) {
            sql.insert(cell.sql);
            cpp.insert(cell.spelt);
        }
    for (const table_row& row : read_types_table()) {
        for (const std::string& name : row.sql)
            if (!row.sent.empty() && !without_columns.contains(name) && !not_on_test_servers.contains(name))
                EXPECT_TRUE(sql.contains(name)) << name << " is in no row";
        for (const std::string& name : row.sent)
            if (!no_copy_of().contains(name)) EXPECT_TRUE(cpp.contains(name)) << name << " is in no row";
    }
}

TEST(CopyTypes, TypedRowsOutAndInAgain)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await prepare_copied_types(db);
        for (const copied_row& row : copied_rows()) {
            std::string columns, values, nulls;
            for (const copied_cell& cell : row.cells) {
                const sql_type& sql = sql_types().at(cell.sql);
                const std::string comma = columns.empty() ? "" : ", ";
                columns += comma + "c" + std::to_string(columns.size()) + " " + sql.type;
                values += comma + sql.value();
                nulls += comma + "null";
            }
            SCOPED_TRACE(columns);
            co_await db.async_script("drop table if exists pg_temp.original, pg_temp.again;"
                                     "create temp table original(" +
                                     columns + "); create temp table again(" + columns +
                                     "); insert into original values (" + values + "), (" + nulls + ")");
            const std::string sent = co_await copied_bytes(db, "original", "binary");
            co_await row.copy(db);
            const std::string back = co_await copied_bytes(db, "again", "binary");
            EXPECT_EQ(back, sent);
        }
    });
}

} // namespace
} // namespace tusk_test
