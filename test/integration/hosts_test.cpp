// Distributed under the Boost Software License, Version 1.0.
// The walk over several hosts: a primary, its streaming standby, and ports where nobody lets the client in.
#include "integration/env_file.hpp"
#include "integration/own_servers.hpp"
#include "integration/support.hpp"

#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace tusk_test {
namespace {

using tusk::errc;
using step = enum tusk::connect_event::step;

const std::string& primary() { return the_server().port; }

const std::string& standby()
{
    static const std::string port = [] {
        std::string p = read_env_file()["TUSK_STANDBY_PORT"];
        require(!p.empty(), "a standby of the server runs");
        return p;
    }();
    return port;
}

/// A port of 127.0.0.1 that refuses, or one that lets clients connect and never says a word.
class dead_port {
public:
    enum kind { refusing, silent };

    explicit dead_port(kind k)
        : acceptor_(io_)
    {
        acceptor_.open(asio::ip::tcp::v4());
        acceptor_.bind(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        if (k == silent) acceptor_.listen();
    }
    [[nodiscard]] std::string number() const { return std::to_string(acceptor_.local_endpoint().port()); }

private:
    asio::io_context io_;
    asio::ip::tcp::acceptor acceptor_;
};

/// A connection string for these ports of 127.0.0.1, in this order.
std::string at(const std::vector<std::string>& ports, const std::string& extra = {})
{
    std::string hosts, numbers;
    for (const std::string& port : ports) {
        hosts += (hosts.empty() ? "" : ",") + the_server().host;
        numbers += (numbers.empty() ? "" : ",") + port;
    }
    return "host=" + hosts + " port=" + numbers +
           " user=tusk dbname=tusk passfile=/dev/null sslmode=disable " + extra;
}

/// Where a walk has ended.
struct found {
    std::error_code ec;
    std::string text; ///< the diagnostics' message
    std::string port; ///< of the server that was taken
    bool is_standby = false;
    std::int32_t pid = 0; ///< of the session
    std::vector<tusk::connect_event> steps;
};

std::string port_of(const std::string& address)
{
    return address.substr(address.find_last_of(":.") + 1); // 127.0.0.1:5432, or /tmp/.s.PGSQL.5432
}

/// The last query of a session, as the server tells it.
asio::awaitable<std::string> last_query(std::string port, std::int32_t pid)
{
    auto executor = co_await asio::this_coro::executor;
    tusk::connection watcher(executor);
    const std::string to = at({port});
    co_await watcher.async_connect(to);
    const auto query = co_await watcher.async_query_one<std::string>(
        tusk::sql("select query from pg_stat_activity where pid = $1", pid));
    co_await watcher.async_close();
    co_return query;
}

asio::awaitable<void> look_around(std::string to, tusk::connection_options options, found& f)
{
    options.on_connect_event = [&f](const tusk::connect_event& e) { f.steps.push_back(e); };
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor, options);
    auto [ec, diag] = co_await db.async_connect(to, as_tuple);
    f.ec = ec;
    f.text = diag.message();
    if (ec) {
        EXPECT_FALSE(db.is_open());
        EXPECT_TRUE(diag.safe_to_retry());
        co_return;
    }
    require(!f.steps.empty() && f.steps.back().step == step::ready, "the last step is the session");
    f.port = port_of(f.steps.back().address);
    f.pid = db.process_id();
    if (options.mode == tusk::statement_mode::cached) { // else a pooler has a process id of its own
        const std::string asked = co_await last_query(f.port, f.pid);
        EXPECT_EQ(asked, "") << "the servers have said while logging in what they are";
    }
    f.is_standby = co_await db.async_query_one<bool>("select pg_is_in_recovery()");
    co_await db.async_close();
}

found walk(const std::string& to, const tusk::connection_options& options = {})
{
    found f;
    run_loop([&]() -> asio::awaitable<void> { co_await look_around(to, options, f); });
    return f;
}

void expect_taken(const found& f, const std::string& port, bool is_standby)
{
    EXPECT_FALSE(f.ec) << f.ec.message() << ": " << f.text;
    EXPECT_EQ(f.port, port);
    EXPECT_EQ(f.is_standby, is_standby);
}

/// What was wrong with each address, in its order.
std::vector<std::error_code> losses(const found& f)
{
    std::vector<std::error_code> all;
    for (const tusk::connect_event& e : f.steps)
        if (e.step == step::failed) all.push_back(e.ec);
    return all;
}

/// The lines of the error that are about this port.
std::ptrdiff_t lines_about(const found& f, const std::string& port, const std::string& words)
{
    std::ptrdiff_t n = 0;
    for (std::size_t begin = 0; begin < f.text.size();) {
        const std::size_t end = std::min(f.text.find('\n', begin), f.text.size());
        const std::string line = f.text.substr(begin, end - begin);
        if (line.starts_with("  127.0.0.1:" + port + ": ") && line.find(words) != std::string::npos) ++n;
        begin = end + 1;
    }
    return n;
}

TEST(hosts, each_target_session_attrs_in_both_orders)
{
    const std::string P = primary(), S = standby();
    for (const bool primary_first : {true, false})
        for (const std::string wanted :
             {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"}) {
            SCOPED_TRACE(wanted + (primary_first ? ", primary first" : ", standby first"));
            const found f = walk(primary_first ? at({P, S}, "target_session_attrs=" + wanted)
                                               : at({S, P}, "target_session_attrs=" + wanted));
            const bool to_primary =
                wanted == "any" ? primary_first : wanted == "read-write" || wanted == "primary";
            expect_taken(f, to_primary ? P : S, !to_primary);
            const std::vector<std::error_code> wrong(to_primary == primary_first ? 0U : 1U,
                                                     make_error_code(errc::session_attributes));
            EXPECT_EQ(losses(f), wrong);
        }
}

TEST(hosts, over_unix_sockets)
{
    const std::string& dir = the_server().socket_dir;
    const found f = walk("host=" + dir + ',' + dir + " port=" + standby() + ',' + primary() +
                         " user=tusk dbname=tusk target_session_attrs=read-write");
    expect_taken(f, primary(), false);
}

TEST(hosts, a_role_that_only_reads)
{
    const std::string role = unique_name("reader");
    run_test([&](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create role " + role + " login; alter role " + role +
                                 " set default_transaction_read_only = on");
    });
    for (const std::string& as :
         {"user=" + role, std::string("options='-c default_transaction_read_only=on'")}) {
        SCOPED_TRACE(as);
        const auto want = [&](const std::string& what) {
            return walk(at({primary()}, as + " target_session_attrs=" + what));
        };
        const found f = want("read-write");
        EXPECT_EQ(f.ec, errc::session_attributes); // one host: its own error
        EXPECT_NE(f.text.find("the session is read-only"), std::string::npos) << f.text;
        expect_taken(want("read-only"), primary(), false);
        expect_taken(want("primary"), primary(), false);
        EXPECT_EQ(want("standby").ec, errc::session_attributes);
    }
    run_test([&](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("drop role " + role);
    });
}

TEST(hosts, none_fits)
{
    const dead_port closed(dead_port::refusing);
    const std::string P = primary(), S = standby();
    found f = walk(at({S, closed.number(), S}, "target_session_attrs=read-write"));
    EXPECT_EQ(f.ec, errc::all_hosts_failed);
    EXPECT_EQ(lines_about(f, S, "the session is read-only, and target_session_attrs asks for read-write"), 2)
        << f.text;
    EXPECT_EQ(lines_about(f, closed.number(), "refused"), 1) << f.text;
    f = walk(at({P, P}, "target_session_attrs=standby"));
    EXPECT_EQ(f.ec, errc::all_hosts_failed);
    EXPECT_EQ(lines_about(f, P, "the server is a primary, and target_session_attrs asks for standby"), 2)
        << f.text;
    f = walk(at({S}, "target_session_attrs=primary"));
    EXPECT_EQ(f.ec, errc::session_attributes);
    EXPECT_TRUE(f.text.starts_with("127.0.0.1:" + S + ": ")) << f.text;
}

TEST(hosts, prefer_standby_takes_a_primary_for_want_of_better)
{
    const dead_port closed(dead_port::refusing);
    const std::string P = primary();
    found f = walk(at({closed.number(), P}, "target_session_attrs=prefer-standby"));
    expect_taken(f, P, false);
    const std::error_code refused = asio::error::connection_refused;
    EXPECT_EQ(losses(f), (std::vector<std::error_code>{refused, errc::session_attributes, refused}));
    f = walk(at({closed.number(), closed.number()}, "target_session_attrs=prefer-standby"));
    EXPECT_EQ(f.ec, errc::all_hosts_failed);
    EXPECT_EQ(lines_about(f, closed.number(), "refused"), 2) << f.text; // each once
    f = walk(at({closed.number(), P, standby()}, "target_session_attrs=prefer-standby"));
    expect_taken(f, standby(), true);
}

TEST(hosts, one_that_is_down)
{
    const dead_port closed(dead_port::refusing);
    expect_taken(walk(at({closed.number(), primary()})), primary(), false);
    expect_taken(walk(at({closed.number(), standby(), primary()}, "target_session_attrs=read-write")),
                 primary(), false);
}

TEST(hosts, one_that_accepts_and_never_answers)
{
    const dead_port silent(dead_port::silent);
    const auto begin = std::chrono::steady_clock::now();
    const found f =
        walk(at({silent.number(), standby(), primary()}, "connect_timeout=1 target_session_attrs=primary"));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
    expect_taken(f, primary(), false);
    EXPECT_EQ(losses(f), (std::vector<std::error_code>{errc::connect_timeout, errc::session_attributes}));
}

TEST(hosts, load_balance_reaches_all)
{
    const std::string both = at({primary(), standby()}, "load_balance_hosts=random");
    std::set<std::string> seen;
    for (int i = 0; i < 100 && seen.size() < 2; ++i) seen.insert(walk(both).port);
    EXPECT_EQ(seen, (std::set<std::string>{primary(), standby()}));
    for (int i = 0; i < 8; ++i) // in any order, what fits is found
        expect_taken(walk(both + " target_session_attrs=read-write"), primary(), false);
}

TEST(hosts, addresses_of_a_name_race)
{
    asio::io_context io;
    asio::ip::tcp::resolver resolver(io);
    const auto addresses = resolver.resolve("localhost", primary()); // one, or two with IPv6
    tusk::connection_options options;
    options.connection_attempt_delay = std::chrono::milliseconds(250);
    const std::string named = " user=tusk dbname=tusk sslmode=disable target_session_attrs=primary";
    const found f = walk("host=localhost,localhost port=" + standby() + ',' + primary() + named, options);
    expect_taken(f, primary(), false);
    EXPECT_EQ(losses(f), (std::vector<std::error_code>(addresses.size(), errc::session_attributes)));
    int look_ups = 0;
    for (const tusk::connect_event& e : f.steps)
        if (e.step == step::looked_up) {
            ++look_ups;
            EXPECT_EQ(std::ranges::count(e.detail, ',') + 1, static_cast<std::ptrdiff_t>(addresses.size()));
        }
    EXPECT_EQ(look_ups, 2);
}

TEST(hosts, behind_a_pooler_that_says_nothing_of_the_server)
{
    const std::string bouncer = the_server().bouncer_port;
    require(!bouncer.empty(), "a PgBouncer runs in front of the server");
    tusk::connection_options options;
    options.mode = tusk::statement_mode::unnamed;
    for (const std::string wanted : {"read-write", "primary"})
        expect_taken(walk(at({standby(), bouncer}, "target_session_attrs=" + wanted), options), bouncer,
                     false);
    for (const std::string wanted : {"read-only", "standby", "prefer-standby"})
        expect_taken(walk(at({bouncer, standby()}, "target_session_attrs=" + wanted), options), standby(),
                     true);
}

TEST(hosts, one_that_is_starting_up_then_the_primary_goes_and_the_standby_is_promoted)
{
    own_servers own;
    own.start_standby("-c hot_standby=off"); // lets nobody in as long as it follows: 57P03
    found f = walk(at({own.standby(), own.primary()}));
    expect_taken(f, own.primary(), false);
    EXPECT_EQ(losses(f), std::vector<std::error_code>{tusk::sqlstate::cannot_connect_now});
    EXPECT_EQ(walk(at({own.standby()})).ec, tusk::sqlstate::cannot_connect_now);

    own.start_standby();
    const auto want = [&](const std::string& what) {
        return walk(at({own.primary(), own.standby()}, "target_session_attrs=" + what));
    };
    expect_taken(want("read-write"), own.primary(), false);
    expect_taken(want("standby"), own.standby(), true);

    own.stop_primary();
    f = want("read-write");
    EXPECT_EQ(f.ec, errc::all_hosts_failed);
    EXPECT_EQ(lines_about(f, own.standby(), "the session is read-only"), 1) << f.text;
    EXPECT_EQ(lines_about(f, own.primary(), "refused"), 1) << f.text;
    expect_taken(want("prefer-standby"), own.standby(), true);

    run_loop([&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        const std::string to = at({own.standby()});
        co_await db.async_connect(to);
        const auto promoted = co_await db.async_query_one<bool>("select pg_promote()");
        EXPECT_TRUE(promoted);
        co_await db.async_close();
    });
    expect_taken(want("read-write"), own.standby(), false);
    EXPECT_EQ(want("standby").ec, errc::all_hosts_failed);
    expect_taken(want("prefer-standby"), own.standby(), false);
}

} // namespace
} // namespace tusk_test
