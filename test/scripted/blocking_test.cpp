// Distributed under the Boost Software License, Version 1.0.
// A blocking connection, which reads only while a call waits.
#include "scripted/client.hpp"

#include <tusk/blocking.hpp>

#include <chrono>
#include <optional>
#include <string>

using namespace scripted;

namespace {

constexpr const char* question = "select 1";

void answer_first(peer& p)
{
    p.expect("PDBES");
    p.send(first_answer(1));
}

} // namespace

TEST(blocking, what_came_between_two_calls_is_seen_by_the_next)
{
    gate answered, said;
    scripted_server server(scripted_server::session([&](peer& p) {
        answer_first(p);
        answered.pass();
        p.send(notice("by the way") + parameter_status("application_name", "renamed") +
               notification(7, "c", "between"));
        said.open();
        p.expect("BES");
        p.send(cached_answer(2));
        p.wait_for_end();
    }));
    tusk::blocking::connection db(server.where());
    std::string noticed, notified;
    db.async().on_notice([&](const tusk::diagnostics& d) { noticed = d.message(); });
    db.async().on_notification(
        [&](std::int32_t, std::string_view, std::string_view payload) { notified = payload; });
    EXPECT_EQ(db.query_one<int>(question), 1);
    answered.open();
    said.pass();
    EXPECT_EQ(noticed + notified, "");
    EXPECT_EQ(db.query_one<int>(question), 2);
    EXPECT_EQ(noticed, "by the way");
    EXPECT_EQ(notified, "between");
    EXPECT_EQ(db.parameter("application_name"), "renamed");
}

TEST(blocking, a_farewell_between_two_calls)
{
    gate answered, said;
    scripted_server server(scripted_server::session([&](peer& p) {
        answer_first(p);
        answered.pass();
        p.send(error_response("57P01", "terminating connection due to administrator command", "FATAL"));
        p.shut_down();
        said.open();
        p.wait_for_end();
    }));
    tusk::blocking::connection db(server.where());
    EXPECT_EQ(db.query_one<int>(question), 1);
    answered.open();
    said.pass();
    std::error_code ec;
    const auto lost = db.query_one<int>(question, ec);
    EXPECT_EQ(ec, tusk::sqlstate::admin_shutdown);
    EXPECT_EQ(lost.diag().outcome(), tusk::outcome::unknown);
    EXPECT_NE(lost.diag().to_string().find("terminating connection"), std::string::npos);
    EXPECT_FALSE(db.is_open());
}

TEST(blocking, notifications_that_come_one_by_one)
{
    gate first, second;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(first_done("LISTEN"));
        first.pass();
        p.send(notice("nothing of interest"));
        p.send(notification(7, "other", "x"));
        p.send(notification(7, "c", "1"));
        second.pass();
        p.send(notification(7, "c", "2"));
        p.wait_for_end();
    }));
    tusk::blocking::connection db(server.where());
    auto c = db.listen("c");
    EXPECT_EQ(c.try_receive(), std::nullopt);
    EXPECT_EQ(c.receive(std::chrono::milliseconds(1)), std::nullopt);
    first.open();
    EXPECT_EQ(c.receive().payload, "1");
    EXPECT_EQ(c.try_receive(), std::nullopt);
    second.open();
    std::optional<tusk::notification> n;
    while (!n) n = c.try_receive();
    EXPECT_EQ(n->payload, "2");
}

TEST(blocking, closing_hears_the_server_out)
{
    scripted_server server(scripted_server::session([&](peer& p) {
        answer_first(p);
        p.expect("X");
        p.send(notice("one more thing"));
        p.expect_end();
    }));
    tusk::blocking::connection db(server.where());
    std::string noticed;
    db.async().on_notice([&](const tusk::diagnostics& d) { noticed = d.message(); });
    EXPECT_EQ(db.query_one<int>(question), 1);
    db.close();
    EXPECT_EQ(noticed, "one more thing");
    EXPECT_FALSE(db.is_open());
}
