// Distributed under the Boost Software License, Version 1.0.
// Whoever gives up connecting, in whatever way and at whatever moment: nothing is left behind.
#include "scripted/client.hpp"
#include "scripted/places.hpp"
#include "scripted/scram_peer.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <functional>
#include <memory>

namespace scripted {
namespace {

using tusk::outcome;
using step = enum tusk::connect_event::step;

/// How it is given up.
enum class way { terminal, partial, total, connection_destroyed, context_destroyed };
constexpr way ways[] = {way::terminal, way::partial, way::total, way::connection_destroyed,
                        way::context_destroyed};

asio::cancellation_type type_of(way how)
{
    if (how == way::partial) return asio::cancellation_type::partial;
    return how == way::total ? asio::cancellation_type::total : asio::cancellation_type::terminal;
}

/// A client who is connecting.
class attempt {
public:
    explicit attempt(tusk::connection_options options = {})
        : ctx_(std::make_unique<asio::io_context>())
    {
        options.on_connect_event = [this](const tusk::connect_event& e) {
            if (e.step == step::connecting) ++connecting_;
        };
        db_ = std::make_shared<tusk::connection>(*ctx_, options);
    }

    void begin(const std::string& where)
    {
        db_->async_connect(where, asio::bind_cancellation_slot(stop_.slot(), end_));
    }

    void run_until_told(const bool& reached)
    {
        run_until(*ctx_, [&] { return reached; });
    }
    void run_until_connecting(int addresses)
    {
        run_until(*ctx_, [&] { return connecting_ >= addresses; });
    }
    void run_some(int handlers)
    {
        for (int i = 0; i < handlers; ++i) ctx_->run_one();
    }
    /// For scripts.
    void tell(bool& flag)
    {
        asio::post(*ctx_, [&flag] { flag = true; });
    }

    /// Gives up. `before_the_end` lets go of what holds the context's threads up.
    void give_up(way how, const std::function<void()>& before_the_end = {})
    {
        EXPECT_EQ(end_.calls(), 0) << end_.text();
        if (how == way::context_destroyed) {
            ctx_->stop();
            if (before_the_end) before_the_end();
            asio::post(*ctx_, [owner = std::move(db_)] {}); // as when a handler owns the connection
            ctx_.reset();
            EXPECT_EQ(end_.calls(), 0);
            return;
        }
        if (how == way::connection_destroyed)
            db_.reset();
        else
            stop_.emit(type_of(how));
        EXPECT_EQ(end_.calls(), 0); // never from within
        run_until(*ctx_, [&] { return end_.done(); });
        expect_failure(end_, asio::error::operation_aborted, outcome::not_sent);
        if (before_the_end) {
            before_the_end();
            ctx_->run_for(std::chrono::milliseconds(patience_ms));
        } else {
            run_ready(*ctx_);
        }
        EXPECT_TRUE(ctx_->stopped()) << "something is still waited for";
    }

    /// Opens the same connection, if there is one.
    void open_again(const std::string& where)
    {
        if (!db_ || !ctx_) return;
        event e;
        db_->async_connect(where, e);
        run_until(*ctx_, [&] { return e.done(); });
        EXPECT_FALSE(e.ec()) << e.text();
        db_.reset();
        run_ready(*ctx_);
        EXPECT_TRUE(ctx_->stopped());
    }

private:
    asio::cancellation_signal stop_;
    event end_;
    std::unique_ptr<asio::io_context> ctx_;
    std::shared_ptr<tusk::connection> db_;
    int connecting_ = 0;
};

bool is_cancelled(way how) { return how <= way::total; }

/// Gives up, in each way, when the dialogue with the server has come to its end.
void give_up_after(const std::string& parameters, const scripted_server::dialogue& talk, int handlers = 0)
{
    for (const way how : ways) {
        SCOPED_TRACE(parameters + ", way " + std::to_string(static_cast<int>(how)));
        const belongings before = count_belongings();
        {
            attempt a;
            bool reached = false;
            scripted_server server([&](scripted_server& s) {
                {
                    peer p = s.accept();
                    talk(p);
                    a.tell(reached);
                    p.wait_for_end();
                }
                if (!is_cancelled(how)) return s.expect_nobody();
                peer again = s.accept();
                again.login();
                again.wait_for_end();
            });
            a.begin(server.where(parameters));
            a.run_until_told(reached);
            a.run_some(handlers);
            a.give_up(how);
            a.open_again(server.where());
        }
        expect_belongings(before);
    }
}

const std::string scram_offered = authentication(10, cstring("SCRAM-SHA-256") + '\0');

TEST(cancel_connect, after_the_server_has_accepted)
{
    give_up_after("", [](peer&) {});
    give_up_after("connect_timeout=60", [](peer&) {});
}

TEST(cancel_connect, in_the_negotiation_of_tls)
{
    give_up_after("sslmode=require connect_timeout=60", [](peer& p) { p.expect_ssl_request(); });
    give_up_after("sslmode=prefer", [](peer& p) { p.expect_ssl_request(); });
}

TEST(cancel_connect, in_the_handshake_of_tls)
{
    give_up_after("sslmode=require connect_timeout=60", [](peer& p) {
        p.expect_ssl_request();
        p.send("S");
        p.expect_client_hello();
    });
    give_up_after("sslmode=require sslnegotiation=direct", [](peer& p) { p.expect_client_hello(); });
}

TEST(cancel_connect, after_the_startup_message)
{
    give_up_after("connect_timeout=60", [](peer& p) { p.expect_startup(); });
    give_up_after("", [](peer& p) { // in the middle of an answer
        p.expect_startup();
        p.send(authentication_ok().substr(0, 7));
    });
}

TEST(cancel_connect, in_md5)
{
    give_up_after("password=x connect_timeout=60", [](peer& p) {
        p.expect_startup();
        p.send(authentication(5, "abcd"));
        p.expect("p");
    });
}

TEST(cancel_connect, in_scram)
{
    give_up_after("password=x connect_timeout=60", [](peer& p) {
        p.expect_startup();
        p.send(scram_offered);
        p.expect("p");
    });
    give_up_after("password=x", [](peer& p) {
        scram_peer scram(p, 4096);
        scram.challenge();
        p.expect("p");
    });
    give_up_after("password=x", [](peer& p) {
        scram_peer scram(p, 4096);
        scram.challenge();
        p.send(authentication(12, scram.signature("x")));
    });
}

TEST(cancel_connect, while_the_password_is_hashed)
{
    for (const way how : ways) {
        SCOPED_TRACE(static_cast<int>(how));
        const belongings before = count_belongings();
        {
            attempt a;
            bool reached = false;
            scripted_server server([&](scripted_server& s) {
                peer p = s.accept();
                scram_peer scram(p, 100'000);
                scram.challenge();
                a.tell(reached);
                p.expect_end(); // without the proof: it was not hashed to the end
            });
            a.begin(server.where("password=x connect_timeout=60"));
            a.run_until_told(reached);
            a.run_some(5); // of the 25 slices
            a.give_up(how);
        }
        expect_belongings(before);
    }
}

TEST(cancel_connect, after_the_server_has_accepted_the_login)
{
    give_up_after("connect_timeout=60", [](peer& p) {
        p.expect_startup();
        p.send(authentication_ok() + parameter_status("server_version", "18.4"));
    });
}

TEST(cancel_connect, at_the_question_of_target_session_attrs)
{
    give_up_after("connect_timeout=60 target_session_attrs=primary", [](peer& p) {
        p.login();
        p.expect("Q");
    });
    give_up_after("target_session_attrs=read-write", [](peer& p) {
        p.login();
        p.expect("Q");
        p.send(row_description({"transaction_read_only"}, 25) + data_row({"off"}));
    });
}

TEST(cancel_connect, while_a_name_is_looked_up)
{
    for (const way how : ways)
        for (const char* more : {"", " connect_timeout=60"}) {
            SCOPED_TRACE(std::to_string(static_cast<int>(how)) + more);
            const belongings before = count_belongings();
            {
                hanging_name name;
                attempt a;
                a.begin("user=ada host=" + name.name() + more);
                a.run_some(1);
                name.wait_until_asked();
                a.give_up(how, [&] { name.release(); });
            }
            expect_belongings(before);
        }
}

TEST(cancel_connect, a_look_up_that_goes_on_hinders_nobody_with_an_address)
{
    hanging_name name;
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    asio::cancellation_signal stop;
    client c;
    event e;
    c.db.async_connect("user=ada host=" + name.name(), asio::bind_cancellation_slot(stop.slot(), e));
    c.ctx.run_one();
    name.wait_until_asked();
    stop.emit(asio::cancellation_type::terminal);
    c.wait(e);
    EXPECT_TRUE(c.open(server.where()));
    c.drop();
    name.release(); // the context waits for it
}

TEST(cancel_connect, while_the_socket_connects)
{
    for (const way how : ways)
        for (const char* more : {"", " connect_timeout=60"}) {
            SCOPED_TRACE(std::to_string(static_cast<int>(how)) + more);
            const belongings before = count_belongings();
            {
                const silent_port port;
                attempt a;
                a.begin("user=ada host=127.0.0.1 port=" + port.port() + more);
                a.run_until_connecting(1);
                a.give_up(how);
            }
            expect_belongings(before);
        }
}

TEST(cancel_connect, in_a_race)
{
    for (const way how : ways)
        for (const bool both : {false, true}) { // before and after the second has started
            SCOPED_TRACE(std::to_string(static_cast<int>(how)) + (both ? " both" : " one"));
            const belongings before = count_belongings();
            {
                const silent_port first("127.0.0.2");
                const silent_port second("127.0.0.3", first.port());
                const known_name name({"127.0.0.2", "127.0.0.3"});
                tusk::connection_options options;
                options.connection_attempt_delay =
                    both ? std::chrono::milliseconds(1) : std::chrono::hours(1);
                attempt a(options);
                a.begin("user=ada connect_timeout=60 host=" + name.name() + " port=" + first.port());
                a.run_until_connecting(1);
                if (both) a.run_some(1); // the timer that starts the second
                a.give_up(how);
            }
            expect_belongings(before);
        }
}

TEST(cancel_connect, before_anything_has_happened)
{
    for (const way how : ways) {
        const belongings before = count_belongings();
        {
            const silent_port port;
            attempt a;
            a.begin("user=ada host=127.0.0.1 port=" + port.port());
            a.give_up(how);
        }
        expect_belongings(before);
    }
}

TEST(cancel_connect, among_several_hosts_the_walk_ends)
{
    scripted_server first(scripted_server::once([](peer& p) { p.wait_for_end(); }));
    scripted_server second([](scripted_server& s) { s.expect_nobody(); });
    second.finish();
    asio::cancellation_signal stop;
    client c;
    event e;
    int failed = 0;
    tusk::connection_options options;
    options.on_connect_event = [&](const tusk::connect_event& told) {
        if (told.step == step::connected) stop.emit(asio::cancellation_type::terminal);
        failed += told.step == step::failed;
    };
    c.db = tusk::connection(c.ctx, options);
    c.db.async_connect("user=ada host=127.0.0.1,127.0.0.1 port=" + first.port() + ',' + second.port(),
                       asio::bind_cancellation_slot(stop.slot(), e));
    c.wait(e);
    expect_failure(e, asio::error::operation_aborted, outcome::not_sent);
    EXPECT_EQ(failed, 0);
}

} // namespace
} // namespace scripted
