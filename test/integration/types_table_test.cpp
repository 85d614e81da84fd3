// Distributed under the Boost Software License, Version 1.0.
// That the table in docs/types.md is true: each type in it is read and sent as it says, and none is missing.
#include "integration/support.hpp"
#include "integration/types_table.hpp"

#include <map>
#include <set>

namespace tusk_test {
namespace {

using tusk::errc;

/// Types with a binary form that the table leaves out, and why.
const std::map<std::string, std::string> left_out = {
    {"unknown", "a literal without a type, which the server makes text in results"},
    {"cstring", "of functions for input and output; no column has it"},
    {"pg_node_tree", "of system catalogues: text, and read only"},
    {"pg_ndistinct", "of extended statistics: bytea in binary format, without a documented form"},
    {"pg_dependencies", "likewise"},
    {"pg_mcv_list", "likewise"},
    {"pg_brin_bloom_summary", "of indexes, likewise"},
    {"pg_brin_minmax_multi_summary", "likewise"},
};

asio::awaitable<void> prepare(tusk::connection& db)
{
    for (const char* extension : {"hstore", "ltree", "cube", "citext"})
        co_await db.async_script(
            "begin; select pg_advisory_xact_lock(7251); create extension if not exists " +
            std::string(extension) + "; commit");
    co_await db.async_script("create type pg_temp.table_pair as (a int4, b text);"
                             "create type pg_temp.table_mood as enum ('sad', 'ok')");
}

/// A template fits when one of its types does.
std::error_code read_into(const tusk::field& from, const cpp_type& into)
{
    std::error_code failure = errc::column_mismatch;
    for (const reader read : into.read) {
        const std::error_code ec = read(from);
        if (failure == errc::column_mismatch || failure == errc::value_not_representable) failure = ec;
    }
    return failure;
}

asio::awaitable<void> check_read(tusk::connection& db, sql_type from, cpp_type into, bool binary_only)
{
    for (const bool text : {false, true}) {
        tusk::bound request("select " + from.value());
        const tusk::result r = co_await db.async_query(std::move(request.text_results(text)));
        const std::error_code failure = read_into(r[0][0], into);
        if (binary_only && text)
            EXPECT_EQ(failure, errc::column_mismatch);
        else
            EXPECT_FALSE(failure) << failure.message() << (text ? " in text format" : " in binary format");
    }
}

/// What is wrong with it; nothing when all is well.
asio::awaitable<std::string> fault_of(tusk::connection& db, sql_type to, parcel sent, tusk::format expected)
{
    if (!sent.packed()) co_return "the sample cannot be read";
    if (!sent.null) {
        if (sent.format != expected) co_return "it is sent in the other format";
        const auto wanted = co_await db.async_query_one<tusk::oid>("select '" + to.type + "'::regtype::oid");
        if (sent.type != tusk::oid::none && sent.type != wanted)
            co_return "it is sent as " + std::string(tusk::type_name(sent.type));
    }
    tusk::bound request("select ($1::" + to.type + ")::text is not distinct from " + to.value() + "::text",
                        std::move(sent.values));
    auto [ec, equal] = co_await db.async_query_one<bool>(std::move(request), as_tuple);
    if (ec) co_return ec.message() + ": " + std::string(equal.diag().message());
    co_return *equal ? "" : "the server sees another value";
}

asio::awaitable<void> check_sent(tusk::connection& db, sql_type to, cpp_type from, std::string format)
{
    EXPECT_TRUE(format.starts_with("binary") || format.starts_with("text")) << format;
    const auto expected = format.starts_with("text") ? tusk::format::text : tusk::format::binary;
    const tusk::result r = co_await db.async_query("select " + to.value() + ", " + to.value() + "::text");
    std::string failure = "it is not sent at all";
    for (const sender send : from.send) {
        const std::string fault = co_await fault_of(db, to, send(r[0][0], r[0][1]), expected);
        if (!failure.empty()) failure = fault;
    }
    EXPECT_EQ(failure, "");
}

TEST(types_table, each_type_is_read_and_sent_as_it_says)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await prepare(db);
        for (const table_row& row : read_types_table()) {
            std::string format = row.format;
            format.erase(0, format.find_first_not_of(' '));
            for (const std::string& name : row.sql) {
                const auto sql = sql_types().find(name);
                const bool there = !not_on_test_servers.contains(name);
                EXPECT_TRUE(sql != sql_types().end() || !there) << "the test knows no SQL type " << name;
                for (const bool reads : {true, false})
                    for (const std::string& spelt : reads ? row.read : row.sent) {
                        SCOPED_TRACE(name + (reads ? " into " : " from ") + spelt);
                        const auto cpp = cpp_types().find(spelt);
                        EXPECT_TRUE(cpp != cpp_types().end()) << "the test knows no C++ type of this name";
                        if (cpp == cpp_types().end() || sql == sql_types().end()) continue;
                        if (reads)
                            co_await check_read(db, sql->second, cpp->second,
                                                format.find("read in binary only") != std::string::npos);
                        else
                            co_await check_sent(db, sql->second, cpp->second, format);
                    }
            }
        }
    });
}

/// Types that read what others do; and those of users, of which the bytes alone tell one from the other.
bool reads_anything(const std::string& cpp)
{
    return cpp == "std::optional<T>" || cpp == "std::variant<...>";
}

TEST(types_table, nothing_is_read_into_what_it_does_not_name)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await prepare(db);
        std::map<std::string, std::set<std::string>> named;
        for (const table_row& row : read_types_table())
            for (const std::string& sql : row.sql) named[sql].insert(row.read.begin(), row.read.end());
        for (const auto& [sql, into] : named) {
            const auto known = sql_types().find(sql);
            if (known == sql_types().end() || sql == "NULL") continue;
            const tusk::result r = co_await db.async_query("select " + known->second.value());
            if (!tusk::find_type(r.columns()[0].type)) continue;
            for (const auto& [name, cpp] : cpp_types())
                if (!into.contains(name) && !reads_anything(name))
                    EXPECT_TRUE(read_into(r[0][0], cpp)) << sql << " can be read into " << name;
        }
    });
}

TEST(types_table, has_every_codec)
{
    std::set<std::string> read, sent;
    for (const table_row& row : read_types_table()) {
        read.insert(row.read.begin(), row.read.end());
        sent.insert(row.sent.begin(), row.sent.end());
    }
    const std::set<std::string> decoded = codecs_in_headers("decode_traits"),
                                encoded = codecs_in_headers("encode_traits");
    EXPECT_GT(decoded.size(), 60u);
    EXPECT_GT(encoded.size(), 60u);
    for (const std::string& name : decoded)
        EXPECT_TRUE(read.contains(name)) << name << " is read, says its header";
    for (const std::string& name : encoded)
        EXPECT_TRUE(sent.contains(name)) << name << " is sent, says its header";
}

TEST(types_table, has_every_built_in_type_with_a_binary_form)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::set<std::string> named;
        for (const table_row& row : read_types_table()) named.insert(row.sql.begin(), row.sql.end());
        const auto all = co_await db.async_query<std::string>(
            "select typname::text from pg_type where oid < 10000 and typnamespace = "
            "'pg_catalog'::regnamespace and "
            "typsend <> 0 and typcategory <> 'A' and typtype in ('b', 'r', 'm')");
        EXPECT_GT(all.size(), 60u);
        for (const std::string& type : all) {
            const std::string name = type == "char" ? "\"char\"" : type;
            EXPECT_NE(named.contains(name), left_out.contains(name))
                << name << " is in the table or left out, not both";
        }
    });
}

} // namespace
} // namespace tusk_test
