// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <algorithm>
#include <variant>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::oid;
using tusk::pg_lsn;
using tusk::pg_snapshot;
using tusk::sql;
using tusk::tid;
using tusk::xid8;

const std::vector<sample<pg_lsn>> positions = {
    {{0}, "'0/0'"}, {{0x16'b374'd848}, "'16/B374D848'"}, {{~std::uint64_t{0}}, "'FFFFFFFF/FFFFFFFF'"}};
const std::vector<sample<xid8>> numbers = {
    {{0}, "'0'"}, {{3}, "'3'"}, {{~std::uint64_t{0}}, "'18446744073709551615'"}};
const std::vector<sample<tid>> rows = {{{0, 1}, "'(0,1)'"},
                                       {{4'294'967'295U, 65'535}, "'(4294967295,65535)'"}};
const std::vector<sample<pg_snapshot>> snapshots = {{{{10}, {20}, {{10}, {14}, {15}}}, "'10:20:10,14,15'"},
                                                    {{{1}, {1}, {}}, "'1:1:'"}};

pg_snapshot any_snapshot(std::mt19937_64& random)
{
    const std::uint64_t first = 1 + random() / 4;
    const std::uint64_t last = first + random() % 1'000'000;
    pg_snapshot s{{first}, {last + 1}, {}};
    for (std::size_t n = random() % 30; n > 0; --n) s.xip.push_back({first + random() % (last - first + 1)});
    std::ranges::sort(s.xip);
    const auto [from, to] = std::ranges::unique(s.xip);
    s.xip.erase(from, to);
    return s;
}

TEST(codec_system, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "pg_lsn", positions);
        co_await check_texts(db, "pg_lsn", positions);
        co_await check_samples(db, "xid8", numbers);
        co_await check_samples(db, "tid", rows);
        co_await check_texts(db, "tid", rows);
        co_await check_texts(db, "pg_snapshot", snapshots);
    });
}

TEST(codec_system, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto any_lsn = [](auto& random) { return pg_lsn{random() >> random() % 64}; };
        co_await check_random<pg_lsn>(db, "pg_lsn", 3000, any_lsn);
        co_await check_random_texts<pg_lsn>(db, "pg_lsn", 2000, any_lsn);
        co_await check_random<xid8>(db, "xid8", 3000,
                                    [](auto& random) { return xid8{random() >> random() % 64}; });
        co_await check_random<tid>(db, "tid", 3000, [](auto& random) {
            return tid{static_cast<std::uint32_t>(random()), static_cast<std::uint16_t>(random())};
        });
        co_await check_random<pg_snapshot>(db, "pg_snapshot", 2000, any_snapshot);
        co_await check_random_texts<pg_snapshot>(db, "pg_snapshot", 1000, any_snapshot);
    });
}

TEST(codec_system, as_the_server_uses_them)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table t as select n from generate_series(1, 1000) n");
        const auto where = co_await db.async_query_one<tid>("select ctid from t where n = 500");
        const auto n = co_await db.async_query_one<int>(sql("select n from t where ctid = $1", where));
        EXPECT_EQ(n, 500);
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            const auto now = co_await db.async_query_one<pg_snapshot>(ask("select pg_current_snapshot()"));
            EXPECT_TRUE(now.valid());
            const auto older =
                co_await db.async_query_one<pg_snapshot>(ask("select txid_current_snapshot()"));
            EXPECT_LE(now.xmin, older.xmin);
            const auto log = co_await db.async_query_one<pg_lsn>(ask("select pg_current_wal_lsn()"));
            EXPECT_GT(log, pg_lsn());
            const auto id = co_await db.async_query_one<xid8>(ask("select pg_current_xact_id()"));
            EXPECT_GE(id, now.xmin);
            const auto xmin = co_await db.async_query_one<std::uint32_t>(ask("select xmin from t limit 1"));
            EXPECT_GT(xmin, 0U);
            const auto cmin = co_await db.async_query_one<oid>(ask("select cmin from t limit 1"));
            EXPECT_LT(cmin, oid(100));
            const auto nothing = co_await db.async_query_one<std::monostate>(ask("select pg_sleep(0)"));
            EXPECT_EQ(nothing, std::monostate());
        }
        const auto seen = co_await db.async_query_one<bool>(
            sql("select pg_visible_in_snapshot($1, $2)", xid8{3}, pg_snapshot{{5}, {5}, {}}));
        EXPECT_TRUE(seen);
    });
}

struct alias {
    const char* type;
    const char* name;
    const char* number;
};

constexpr alias aliases[] = {
    {"regproc", "pi", "'pi'::regproc::oid"},
    {"regprocedure", "lower(text)", "'lower(text)'::regprocedure::oid"},
    {"regoper", "||/", "(select oid from pg_operator where oprname = '||/')"},
    {"regoperator", "+(integer,integer)",
     "(select oid from pg_operator where oprname = '+' and oprleft = 23 and oprright = 23)"},
    {"regclass", "pg_class", "1259"},
    {"regtype", "double precision", "701"},
    {"regconfig", "english", "(select oid from pg_ts_config where cfgname = 'english')"},
    {"regdictionary", "simple", "(select oid from pg_ts_dict where dictname = 'simple')"},
    {"regnamespace", "pg_catalog", "11"},
    {"regrole", "tusk", "10"},
    {"regcollation", "\"C\"", "950"}};

TEST(codec_system, objects_by_number_and_by_name)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const alias& a : aliases) {
            const std::string type = a.type;
            const auto number =
                co_await db.async_query_one<oid>("select (" + std::string(a.number) + ")::oid");
            // by number
            const tusk::result r = co_await db.async_query(sql("select $1::" + type, number));
            EXPECT_EQ(r[0][0].as<oid>(), number) << type;
            EXPECT_EQ(tusk::type_name(r.columns()[0].type), type);
            // by name, which is text
            const tusk::result named = co_await db.async_query(sql("select $1::" + type, a.name));
            EXPECT_EQ(named[0][0].as<oid>(), number) << type;
            // as a described statement wants it
            const tusk::statement s = co_await db.async_prepare("select $1::" + type);
            const tusk::result by_number = co_await db.async_query(s.bind(number));
            EXPECT_EQ(by_number[0][0].as<oid>(), number) << type;
            const tusk::result by_name = co_await db.async_query(s.bind(a.name));
            EXPECT_EQ(by_name[0][0].as<oid>(), number) << type;
            // its name is the text
            tusk::bound ask = sql("select $1::" + type, number);
            const tusk::result text = co_await db.async_query(std::move(ask.text_results(true)));
            EXPECT_EQ(text[0][0].as<std::string>(), a.name) << type;
            oid none{};
            EXPECT_EQ(text[0][0].get(none), errc::column_mismatch) << type;
        }
    });
}

} // namespace
} // namespace tusk_test
