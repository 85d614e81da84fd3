// Distributed under the Boost Software License, Version 1.0.
// COPY where something is wrong; the connection has to be usable each time.
#include "integration/support.hpp"

#include <filesystem>

namespace tusk_test {

struct troubled {
    std::int32_t id;
    std::string note;
};

namespace {

using tusk::errc;
using tusk::sqlstate;

constexpr const char* troubled_table = "create temp table troubled(id int4 primary key, note text)";
constexpr const char* never_ending =
    "copy (select g, 'note ' || g from generate_series(1, 100000000) g) to stdout";

/// Sends the data, and gives what the COPY failed with.
asio::awaitable<tusk::error> failure_of(tusk::connection& db, std::string statement, std::string data)
{
    auto copy = co_await db.async_copy_in(statement);
    auto [write, why] = co_await copy.async_write(data, as_tuple);
    if (write) co_return tusk::error(write, why);
    auto [finish, done] = co_await copy.async_finish(as_tuple);
    co_return tusk::error(finish, done.diag());
}

void expect_where(const tusk::error& e, std::error_code ec, std::string_view where)
{
    EXPECT_EQ(e.code(), ec) << e.what();
    EXPECT_NE(e.diag().where().find(where), std::string_view::npos) << e.diag().where();
}

TEST(CopyTrouble, TheServerNamesLineAndColumn)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(troubled_table);
        const std::string text = "copy troubled from stdin", csv = "copy troubled from stdin (format csv)";
        const tusk::error type = co_await failure_of(db, text, "1\tone\n2\ttwo\nx\tthree\n");
        expect_where(type, sqlstate::invalid_text_representation, "COPY troubled, line 3, column id: \"x\"");
        const tusk::error range = co_await failure_of(db, csv, "1,one\n99999999999,two\n");
        expect_where(range, sqlstate::numeric_value_out_of_range,
                     "COPY troubled, line 2, column id: \"99999999999\"");
        const tusk::error few = co_await failure_of(db, csv, "1,one\n2,two\n3\n");
        expect_where(few, sqlstate::bad_copy_file_format, "COPY troubled, line 3");
        const tusk::error many = co_await failure_of(db, text, "1\tone\tmore\n");
        expect_where(many, sqlstate::bad_copy_file_format, "COPY troubled, line 1");
        const tusk::error quote = co_await failure_of(db, csv, "1,\"one\n2,two\n");
        expect_where(quote, sqlstate::bad_copy_file_format, "COPY troubled, line ");
        const tusk::error twice = co_await failure_of(db, text, "1\tone\n1\ttwo\n");
        expect_where(twice, sqlstate::unique_violation, "COPY troubled, line 2");
        EXPECT_EQ(twice.diag().constraint(), "troubled_pkey");
        const tusk::error encoding = co_await failure_of(db, text, "1\t\xff\n");
        expect_where(encoding, sqlstate::character_not_in_repertoire, "COPY troubled, line 1");
        const tusk::error binary =
            co_await failure_of(db, "copy troubled from stdin (format binary)", "1\tone\n");
        EXPECT_EQ(binary.code(), sqlstate::bad_copy_file_format);
        const tusk::error option = co_await [](tusk::connection& on) -> asio::awaitable<tusk::error> {
            auto [ec, none] =
                co_await on.async_copy_in("copy troubled from stdin (format nonsense)", as_tuple);
            co_return tusk::error(ec, none.diag());
        }(db);
        EXPECT_EQ(option.code(), sqlstate::invalid_parameter_value);
        EXPECT_EQ(option.diag().position(), 27u);
        co_await expect_count(db, "troubled", 0);
    });
}

TEST(CopyTrouble, CsvWithEveryOption)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(troubled_table);
        const std::string options = " (format csv, header true, delimiter ';', quote '''', escape '!', null "
                                    "'nil', force_quote (note))";
        auto in = co_await db.async_copy_in("copy troubled from stdin (format csv, header true, delimiter "
                                            "';', quote '''', escape '!', null 'nil')");
        const std::string sent =
            "id;note\n1;'a;b'\n2;'line\nand \r\nline'\n3;nil\n4;'nil'\n5;'!' and !!'\n6;''\n";
        co_await in.async_write(sent);
        const tusk::command done = co_await in.async_finish();
        EXPECT_EQ(done.tag(), "COPY 6");
        const auto notes =
            co_await db.async_query<std::optional<std::string>>("select note from troubled order by id");
        const std::optional<std::string> expected[] = {
            "a;b", "line\nand \r\nline", std::nullopt, "nil", "' and !", ""};
        EXPECT_TRUE(std::equal(notes.begin(), notes.end(), std::begin(expected), std::end(expected)));
        auto out = co_await db.async_copy_out("copy troubled to stdout" + options);
        std::string back;
        for (auto some = co_await out.async_read(); !some.empty(); some = co_await out.async_read())
            back += some.text();
        EXPECT_EQ(back, sent);
    });
}

/// A row of another width or of other types than the table, written and read.
TEST(CopyTrouble, RowsOfAnotherShape)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(std::string(troubled_table) + "; insert into troubled values (1, 'one')");
        const std::string in = "copy troubled from stdin (format binary)",
                          out = "copy troubled to stdout (format binary)";
        auto [narrow_in, n1] = co_await db.async_copy_in<std::int32_t>(in, as_tuple);
        EXPECT_EQ(narrow_in, errc::column_mismatch);
        EXPECT_NE(n1.diag().message().find("2 columns"), std::string_view::npos) << n1.diag().message();
        auto [narrow_out, n2] = co_await db.async_copy_out<std::int32_t>(out, as_tuple);
        EXPECT_EQ(narrow_out, errc::column_mismatch);
        auto [wide_out, w] = co_await db.async_copy_out<std::tuple<int, std::string, int>>(out, as_tuple);
        EXPECT_EQ(wide_out, errc::column_mismatch);
        auto [type_out, t] = co_await db.async_copy_out<std::tuple<int, int>>(out, as_tuple);
        EXPECT_EQ(type_out, errc::column_mismatch);
        EXPECT_NE(t.diag().message().find("\"note\""), std::string_view::npos) << t.diag().message();
        auto [text_out, x] = co_await db.async_copy_out<troubled>("copy troubled to stdout", as_tuple);
        EXPECT_EQ(text_out, errc::wrong_copy);
        co_await expect_usable(db);
        // PostgreSQL itself refuses what was written as bytes
        auto raw = co_await db.async_copy_in(in);
        const std::string header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        co_await raw.async_write(header + std::string("\0\1\0\0\0\4\0\0\0\7\377\377", 12));
        const auto width = std::get<0>(co_await raw.async_finish(as_tuple));
        EXPECT_EQ(width, sqlstate::bad_copy_file_format);
        auto null_row = co_await db.async_copy_out<troubled>(
            "copy (select 1 as id, null::text as note) to stdout (format binary)");
        auto [null, none] = co_await null_row.async_read_row(as_tuple);
        EXPECT_EQ(null, errc::unexpected_null);
        const auto end = co_await null_row.async_read_row();
        EXPECT_FALSE(end);
        co_await expect_count(db, "troubled", 1);
    });
}

TEST(CopyTrouble, FilesThatCannotBeOpenedReadOrWritten)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(std::string(troubled_table) + "; insert into troubled values (1, 'one')");
        const std::string folder = std::filesystem::temp_directory_path();
        const temporary_file file("7\tseven\n");
        auto in = co_await db.async_copy_in("copy troubled from stdin");
        const std::pair<std::string, std::error_code> unreadable[] = {
            {"", std::make_error_code(std::errc::no_such_file_or_directory)},
            {file.path() + "/in it", std::make_error_code(std::errc::not_a_directory)},
            {folder, std::make_error_code(std::errc::is_a_directory)},
            {std::string("a\0b", 3), errc::nul_in_text},
            {std::string(10'000, 'x'), std::make_error_code(std::errc::filename_too_long)},
        };
        for (const auto& [path, expected] : unreadable) {
            auto [ec, why] = co_await in.async_write_file(path, as_tuple);
            EXPECT_EQ(ec, expected) << ec.message();
            EXPECT_FALSE(why.message().empty());
        }
        co_await in.async_write_file(file.path()); // it goes on
        co_await in.async_write("8\teight\n");
        const tusk::command done = co_await in.async_finish();
        EXPECT_EQ(done.rows_affected(), 2u);

        auto out = co_await db.async_copy_out("copy troubled to stdout");
        const std::pair<std::string, std::error_code> unwritable[] = {
            {"", std::make_error_code(std::errc::no_such_file_or_directory)},
            {folder, std::make_error_code(std::errc::is_a_directory)},
            {"/dev/full", std::make_error_code(std::errc::no_space_on_device)},
            {std::string("a\0b", 3), errc::nul_in_text},
        };
        for (const auto& [path, expected] : unwritable) {
            auto [ec, none] = co_await out.async_read_to_file(path, as_tuple);
            EXPECT_EQ(ec, expected) << ec.message();
        }
        const auto left = co_await out.async_read(); // nothing was lost
        EXPECT_EQ(left.text(), "1\tone\n7\tseven\n8\teight\n");
        const auto end = co_await out.async_read();
        EXPECT_TRUE(end.empty());
        // a disk that is full when much has been written
        auto large = co_await db.async_copy_out(
            "copy (select repeat('x', 1000) from generate_series(1, 2000)) to stdout");
        auto [full, none] = co_await large.async_read_to_file("/dev/full", as_tuple);
        EXPECT_EQ(full, std::make_error_code(std::errc::no_space_on_device));
        large.close();
        co_await expect_usable(db);
    });
}

TEST(CopyTrouble, FilesThatTheServerWroteAndReads)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(
            std::string(troubled_table) +
            "; insert into troubled select g, case when g % 3 > 0 then E'quo\"te, \\n' || g end "
            "from generate_series(1, 5000) g; create temp table again(like troubled)");
        for (const std::string format : {"binary", "csv", "text"}) {
            const std::string options = " (format " + format + ")";
            const std::string theirs = the_server().data + "/" + unique_name("copy"), mine = theirs + "_back";
            co_await db.async_execute("copy troubled to '" + theirs + "'" + options);
            co_await db.async_execute("truncate again");
            auto in = co_await db.async_copy_in("copy again from stdin" + options);
            co_await in.async_write_file(theirs);
            co_await in.async_finish();
            const std::string differing = "select count(*) from troubled a full join again b on a.id = b.id "
                                          "where a.note is distinct from b.note";
            const auto wrong = co_await db.async_query_one<std::int64_t>(differing);
            EXPECT_EQ(wrong, 0) << format;
            // and the reverse
            auto out = co_await db.async_copy_out("copy again to stdout" + options);
            co_await out.async_read_to_file(mine);
            std::filesystem::permissions(mine, std::filesystem::perms::others_read,
                                         std::filesystem::perm_options::add);
            co_await db.async_execute("truncate again");
            const tusk::command read = co_await db.async_execute("copy again from '" + mine + "'" + options);
            EXPECT_EQ(read.rows_affected(), 5'000u) << format;
            const auto still_wrong = co_await db.async_query_one<std::int64_t>(differing);
            EXPECT_EQ(still_wrong, 0) << format;
            std::filesystem::remove(theirs);
            std::filesystem::remove(mine);
        }
    });
}

} // namespace
} // namespace tusk_test
