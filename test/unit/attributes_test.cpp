// Distributed under the Boost Software License, Version 1.0.
// target_session_attrs as a dialogue: what the server has reported, and what it answers when it is asked.
#include "dialogue.hpp"

#include "session/attributes.hpp"

#include <tusk/error.hpp>

#include <cstring>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::conn::session_kind;

/// The question, fed as the network layer feeds it.
struct attributes_peer : peer_base {
    using verdict = tusk::session::attributes::verdict;

    attributes_peer(session_kind wanted, const tusk::session::server_state& reported)
        : server(reported)
        , machine(wanted, server)
        , inbox(256)
    {
        now = machine.start(out);
    }

    bool receive(std::string_view bytes)
    {
        while (!bytes.empty() && now == verdict::more) {
            const auto room = inbox.prepare();
            const std::size_t n = std::min(room.size(), bytes.size());
            std::memcpy(room.data(), bytes.data(), n);
            inbox.commit(n);
            bytes.remove_prefix(n);
            drain();
        }
        return now != verdict::failed && !broken_frame;
    }

    std::string output()
    {
        std::string said = wire_test::text(out.bytes());
        out.clear();
        return said;
    }

    void lose() { ended = true; }
    [[nodiscard]] bool over() const { return now != verdict::more || ended || broken_frame; }

    [[nodiscard]] std::string summary() const
    {
        std::string all(1, "mfdx"[static_cast<std::size_t>(now)]);
        if (machine.error())
            all += " " + machine.error().message() + ": " + std::string(machine.diag().message());
        return all;
    }

    void check(const attributes_peer&, bool broken) const
    {
        if (now == verdict::failed || now == verdict::differs) {
            EXPECT_TRUE(machine.error());
            EXPECT_FALSE(machine.diag().empty());
        }
        if (!broken) return;
        EXPECT_NE(now, verdict::fits);
        EXPECT_NE(now, verdict::differs);
    }

    /// What may come at any time, in its place or in that of another, is not surely illegal.
    static bool forbids(char candidate, char original, char)
    {
        constexpr std::string_view any_time = "SNE";
        return any_time.find(candidate) == any_time.npos && any_time.find(original) == any_time.npos;
    }

    tusk::session::server_state server;
    tusk::session::attributes machine;
    tusk::wire::inbox inbox;
    tusk::wire::buffer out;
    verdict now = verdict::more;
    bool ended = false;
    bool broken_frame = false;

private:
    void drain()
    {
        tusk::wire::frame f;
        while (now == verdict::more) {
            const auto what = inbox.next(f);
            if (what == tusk::wire::framing::need_more) return;
            broken_frame = what == tusk::wire::framing::violation;
            if (broken_frame) return;
            now = machine.feed(f);
        }
    }
};

using verdict = attributes_peer::verdict;
using question = dialogue<attributes_peer>;

tusk::session::server_state reporting(const char* standby, const char* read_only)
{
    tusk::session::server_state s;
    if (*standby) (void)s.set_parameter("in_hot_standby", standby);
    if (*read_only) (void)s.set_parameter("default_transaction_read_only", read_only);
    return s;
}

question of(session_kind wanted, const tusk::session::server_state& reported = {})
{
    return question([=] { return std::make_unique<attributes_peer>(wanted, reported); });
}

const std::string about_writing = client::query("SHOW transaction_read_only");
const std::string about_recovery = client::query("SELECT pg_catalog.pg_is_in_recovery()");

/// The question has been put.
question asked(session_kind wanted, const std::string& with)
{
    auto d = of(wanted);
    d.client(with);
    return d;
}
question asked_about_writing() { return asked(session_kind::read_write, about_writing); }

std::string answer(const std::string& value)
{
    return server::columns({{"x"}}) + server::row({value}) + server::complete("SHOW") + server::ready();
}

void expect_failure(const question& d, std::error_code why)
{
    const auto end = d.play_every_way();
    EXPECT_EQ(end->now, verdict::failed);
    EXPECT_EQ(end->machine.error(), why) << end->summary();
    EXPECT_FALSE(end->machine.diag().empty());
}

// --- what the server has reported while logging in

TEST(attributes, what_is_reported_needs_no_question)
{
    struct row {
        session_kind wanted;
        const char *standby, *read_only;
        bool fits;
    };
    using enum session_kind;
    for (const row& r :
         {row{any, "off", "off", true}, row{any, "on", "on", true}, row{any, "", "", true},
          row{read_write, "off", "off", true}, row{read_write, "off", "on", false},
          row{read_write, "on", "off", false}, row{read_write, "on", "on", false},
          row{read_only, "off", "off", false}, row{read_only, "off", "on", true},
          row{read_only, "on", "off", true}, row{read_only, "on", "on", true}, row{primary, "off", "", true},
          row{primary, "off", "on", true}, row{primary, "on", "off", false}, row{standby, "on", "", true},
          row{standby, "off", "on", false}, row{prefer_standby, "on", "off", true},
          row{prefer_standby, "off", "off", false}}) {
        SCOPED_TRACE(std::to_string(static_cast<int>(r.wanted)) + ' ' + r.standby + ' ' + r.read_only);
        auto d = of(r.wanted, reporting(r.standby, r.read_only));
        d.client("");
        const auto end = d.play();
        EXPECT_EQ(end->now, r.fits ? verdict::fits : verdict::differs);
        EXPECT_EQ(end->machine.error(),
                  r.fits ? std::error_code() : make_error_code(errc::session_attributes));
        EXPECT_NE(end->machine.diag().empty(), !r.fits);
    }
}

TEST(attributes, what_is_reported_in_part_or_in_other_words_is_asked)
{
    using enum session_kind;
    for (const auto& s : {reporting("", ""), reporting("", "on"), reporting("off", ""),
                          reporting("off", "no"), reporting("true", "on"), reporting("ON", "OFF")})
        for (const session_kind wanted : {read_write, read_only}) {
            auto d = of(wanted, s);
            d.client(about_writing);
            EXPECT_EQ(d.play()->now, verdict::more);
        }
    for (const auto& s : {reporting("", ""), reporting("", "on"), reporting("1", "on")})
        for (const session_kind wanted : {primary, standby, prefer_standby}) {
            auto d = of(wanted, s);
            d.client(about_recovery);
            EXPECT_EQ(d.play()->now, verdict::more);
        }
}

// --- the question

TEST(attributes, each_answer_and_each_way_to_break_it)
{
    struct row {
        session_kind wanted;
        bool fits_when_on;
    };
    using enum session_kind;
    for (const row& r : {row{read_write, false}, row{read_only, true}, row{primary, false},
                         row{standby, true}, row{prefer_standby, true}}) {
        const bool writing = r.wanted == read_write || r.wanted == read_only;
        for (const bool is : {false, true}) {
            SCOPED_TRACE(std::to_string(static_cast<int>(r.wanted)) + (is ? " on" : " off"));
            auto d = asked(r.wanted, writing ? about_writing : about_recovery);
            d.server(answer(writing ? (is ? "on" : "off") : (is ? "t" : "f")));
            d.play_and_break();
            EXPECT_EQ(d.play()->now, is == r.fits_when_on ? verdict::fits : verdict::differs);
        }
    }
}

TEST(attributes, the_reason_says_what_was_found_and_what_was_wanted)
{
    const auto reason = [](session_kind wanted, const char* standby, const char* read_only) {
        const attributes_peer p(wanted, reporting(standby, read_only));
        return std::string(p.machine.diag().message());
    };
    EXPECT_EQ(reason(session_kind::read_write, "off", "on"),
              "the session is read-only, and target_session_attrs asks for read-write");
    EXPECT_EQ(reason(session_kind::read_only, "off", "off"),
              "the session is read-write, and target_session_attrs asks for read-only");
    EXPECT_EQ(reason(session_kind::primary, "on", "off"),
              "the server is a standby, and target_session_attrs asks for primary");
    EXPECT_EQ(reason(session_kind::standby, "off", "off"),
              "the server is a primary, and target_session_attrs asks for standby");
    EXPECT_EQ(reason(session_kind::prefer_standby, "off", "off"),
              "the server is a primary, and target_session_attrs asks for prefer-standby");
}

TEST(attributes, notices_and_parameters_anywhere)
{
    auto d = asked_about_writing();
    d.server(server::notice("one"), server::columns({{"x"}}), server::parameter("a", "b"),
             server::row({"off"}), server::notice("two"), server::complete("SHOW"),
             server::parameter("TimeZone", "UTC"), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ(end->now, verdict::fits);
    EXPECT_EQ(end->server.parameter("TimeZone"), "UTC");
}

TEST(attributes, the_state_of_the_session_is_kept)
{
    auto d = asked_about_writing();
    d.server(server::columns({{"x"}}), server::row({"off"}), server::complete("SHOW"), server::ready('T'));
    EXPECT_EQ(d.play()->server.transaction, 'T');
}

// --- errors

TEST(attributes, an_error_is_the_servers)
{
    const std::string denied = server::error({.code = "42501", .message = "no"});
    auto d = asked_about_writing();
    d.server(denied, server::ready());
    d.play_and_break();
    expect_failure(d, tusk::sqlstate::insufficient_privilege);
    EXPECT_EQ(d.play()->machine.diag().message(), "no");

    auto in_the_middle = asked_about_writing();
    in_the_middle.server(server::columns({{"x"}}), denied, server::ready());
    expect_failure(in_the_middle, tusk::sqlstate::insufficient_privilege);

    auto at_the_end = asked_about_writing();
    at_the_end.server(server::columns({{"x"}}), server::row({"off"}), server::complete("SHOW"), denied,
                      server::ready());
    expect_failure(at_the_end, tusk::sqlstate::insufficient_privilege);
}

TEST(attributes, a_farewell_ends_it_at_once)
{
    for (const std::string& before : {std::string(), server::columns({{"x"}})}) {
        auto d = asked_about_writing();
        d.server(before + server::fatal("the database system is shutting down"));
        expect_failure(d, tusk::sqlstate::admin_shutdown);
    }
    auto behind_an_error = asked_about_writing(); // which is the one that counts
    behind_an_error.server(server::error({.code = "42501", .message = "no"}), server::fatal("farewell"));
    expect_failure(behind_an_error, tusk::sqlstate::insufficient_privilege);
}

TEST(attributes, answers_that_are_none)
{
    const std::string one = server::columns({{"x"}});
    const std::string done = server::complete("SHOW");
    for (const std::string& wrong : {server::ready(),
                                     done,
                                     server::row({"off"}),
                                     server::empty_query(),
                                     server::columns({}),
                                     server::columns({{"x"}, {"y"}}),
                                     one + one,
                                     one + done,
                                     one + server::ready(),
                                     one + server::row({}),
                                     one + server::row({"off", "off"}),
                                     one + server::row({std::nullopt}),
                                     one + server::row({""}),
                                     one + server::row({"perhaps"}),
                                     one + server::row({"offf"}),
                                     one + server::row({"OFF"}),
                                     one + server::row({std::string("off\0", 4)}),
                                     one + message('D', int16(1) + int32(4) + "off"),
                                     one + message('D', int16(1) + int32(2) + "off"),
                                     one + message('D', int16(1) + int32(0x7fffffff) + "off"),
                                     one + message('D', int16(1) + int32(0xfffffffe)),
                                     one + message('D', int16(1)),
                                     one + server::row({"off"}) + server::row({"off"}),
                                     one + server::row({"off"}) + server::ready(),
                                     one + server::row({"off"}) + done + done,
                                     one + server::row({"off"}) + done + one,
                                     server::error({.code = "42501", .message = "no"}) + one,
                                     server::error({.code = "4250", .message = "no"}),
                                     server::authentication(0),
                                     server::key_data(1, "abcd"),
                                     server::copy_in(),
                                     message('Z', "X"),
                                     message('q', "")}) {
        auto d = asked_about_writing();
        d.server(wrong);
        const auto end = d.play_every_way();
        EXPECT_EQ(end->now, verdict::failed) << wrong;
        EXPECT_TRUE(end->machine.error());
        if (!wrong.starts_with('E') || wrong.size() < 30)
            EXPECT_EQ(end->machine.error(), errc::protocol_violation) << end->summary();
    }
}

TEST(attributes, another_encoding)
{
    auto d = asked_about_writing();
    d.server(server::parameter("client_encoding", "LATIN1"), answer("off"));
    expect_failure(d, errc::client_encoding_changed);
}

TEST(attributes, more_parameters_than_any_server_has)
{
    tusk::session::server_state full;
    while (full.set_parameter("p" + std::to_string(full.parameters.size()), "x")) {
    }
    auto d = of(session_kind::read_write, full);
    d.client(about_writing).server(server::parameter("p0", "y"), server::parameter("one_more", "x"));
    expect_failure(d, errc::protocol_violation);
}

} // namespace
