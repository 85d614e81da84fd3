// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <tusk/sqlstate.hpp>

#include <gtest/gtest.h>

#include <sys/resource.h>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

/// Three requests of which the server answers the first bytes only, and then ends, resets or waits for the client's end.
enum class afterwards { end, reset, wait };
struct three {
    number answers[3];
    bool open_afterwards = true;
};
three ask_three(const std::string& answer, afterwards how, const tusk::connection_options& options = {})
{
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        if (options.max_in_flight > 1) p.expect("BESBES");
        p.send(answer);
        if (how == afterwards::reset) return p.reset();
        if (how == afterwards::end) p.shut_down();
        p.wait_for_end();
    }));
    client c(options);
    three all;
    if (!c.open(server.where())) return all;
    for (number& n : all.answers) n = c.ask("select n");
    c.wait(all.answers[0], all.answers[1], all.answers[2]);
    run_ready(c.ctx);
    all.open_afterwards = c.db.is_open();
    return all;
}

void expect_violation(const std::string& answer, std::size_t answered = 0,
                      errc why = errc::protocol_violation)
{
    const three all = ask_three(answer, afterwards::wait);
    EXPECT_FALSE(all.open_afterwards);
    for (std::size_t i = 0; i < 3; ++i) {
        SCOPED_TRACE(i);
        if (i < answered)
            expect_number(all.answers[i], static_cast<std::int32_t>(i + 1));
        else
            expect_failure(all.answers[i], why, outcome::unknown);
    }
}

const std::vector<std::vector<std::string>> good{first_answer(1), cached_answer(2), cached_answer(3)};

} // namespace

TEST(violations, end_of_file_at_every_byte)
{
    std::string whole;
    std::size_t ends[3];
    for (std::size_t i = 0; i < 3; ++i) {
        whole += joined(good[i]);
        ends[i] = whole.size();
    }
    for (std::size_t n = 0; n < whole.size(); ++n) {
        SCOPED_TRACE(n);
        const three all = ask_three(whole.substr(0, n), afterwards::end);
        EXPECT_FALSE(all.open_afterwards);
        for (std::size_t i = 0; i < 3; ++i) {
            SCOPED_TRACE(i);
            if (n >= ends[i])
                expect_number(all.answers[i], static_cast<std::int32_t>(i + 1));
            else
                expect_failure(all.answers[i], errc::connection_lost, outcome::unknown);
        }
    }
}

TEST(violations, reset_in_the_middle_of_a_pipeline)
{
    for (const std::string& sent : {std::string(), joined(good[0]), joined(good[0]) + bind_complete()}) {
        const three all = ask_three(sent, afterwards::reset);
        EXPECT_FALSE(all.open_afterwards);
        for (std::size_t i = 0; i < 3; ++i) {
            SCOPED_TRACE(i);
            // a reset may overtake what was sent before it: then the first has no answer either
            if (i == 0 && !all.answers[0].ec())
                expect_number(all.answers[0], 1);
            else
                expect_failure(all.answers[i], errc::connection_lost, outcome::unknown);
        }
    }
}

TEST(violations, what_was_not_sent_is_safe_to_retry)
{
    tusk::connection_options one_at_a_time;
    one_at_a_time.max_in_flight = 1;
    for (const afterwards how : {afterwards::end, afterwards::wait}) {
        const std::string bad = how == afterwards::wait ? message_of('?', "") : "";
        const three all = ask_three(bad, how, one_at_a_time);
        const errc why = how == afterwards::wait ? errc::protocol_violation : errc::connection_lost;
        expect_failure(all.answers[0], why, outcome::unknown);
        expect_failure(all.answers[1], why, outcome::not_sent);
        expect_failure(all.answers[2], why, outcome::not_sent);
    }
}

TEST(violations, messages_that_are_illegal_in_this_place)
{
    const std::string wrong[] = {message_of('?', "unknown"),
                                 std::string("\0\0\0\0\4", 5),
                                 authentication_ok(),
                                 backend_key_data(),
                                 close_complete(),
                                 message_of('W', std::string("\0\0\0", 3)),
                                 message_of('c', ""),
                                 message_of('d', "data"),
                                 message_of('V', int32(0xffffffff)),
                                 message_of('s', ""),
                                 message_of('v', int32(0x30000) + int32(0))};
    for (std::size_t at = 0; at < good[0].size(); ++at)
        for (const std::string& message : wrong) {
            SCOPED_TRACE(std::to_string(at) + ' ' + message.front());
            expect_violation(joined({good[0].begin(), good[0].begin() + static_cast<std::ptrdiff_t>(at)}) +
                             message);
        }
}

TEST(violations, messages_left_out)
{
    for (std::size_t out = 0; out + 1 < good[0].size(); ++out) {
        if (good[0][out].front() == 'D') continue; // no row is legal
        SCOPED_TRACE(out);
        auto answer = good[0];
        answer.erase(answer.begin() + static_cast<std::ptrdiff_t>(out));
        expect_violation(joined(answer));
    }
    expect_violation(joined(good[0]) + ready(), 1); // one ReadyForQuery too many
    expect_violation(joined(good[0]) + joined(good[1]) + good[0][0],
                     2); // ParseComplete for a cached statement
}

TEST(violations, malformed_bodies)
{
    const std::vector<std::string> bad[] = {
        {message_of('1', "x")},
        {parse_complete(), message_of('t', int16(1))},
        {parse_complete(), message_of('t', int16(0) + "x")},
        {parse_complete(), parameter_description(), message_of('T', int16(1) + "no terminator")},
        {parse_complete(), parameter_description(), message_of('T', int16(0xffff))},
        {parse_complete(), parameter_description(), message_of('n', "x")},
        {parse_complete(), parameter_description(), row_description({"n"}), message_of('2', "x")},
        {good[0][0], good[0][1], good[0][2], good[0][3], good[0][4], message_of('C', "no terminator")},
        {good[0][0], good[0][1], good[0][2], good[0][3], good[0][4], good[0][5], message_of('Z', "")},
        {good[0][0], good[0][1], good[0][2], good[0][3], good[0][4], good[0][5], message_of('Z', "X")},
        {good[0][0], good[0][1], good[0][2], good[0][3], good[0][4], good[0][5], message_of('Z', "II")},
        {message_of('S', "no terminator")},
        {message_of('A', int32(1) + "no terminator")},
        {message_of('E', "no terminator")},
        {message_of('E', "Sno terminator of the field")},
    };
    for (const auto& messages : bad) {
        SCOPED_TRACE(std::to_string(messages.size()) + ' ' + messages.back().front());
        expect_violation(joined(messages));
    }
}

TEST(violations, malformed_data_rows)
{
    const std::string before = joined({good[0].begin(), good[0].begin() + 4});
    const std::string bodies[] = {
        "",                                                  // no count
        int16(0),                                            // too few columns
        int16(2) + int32(0) + int32(0),                      // too many
        int16(0xffff),                                       // a negative count
        int16(1),                                            // no length
        int16(1) + int32(4) + "abc",                         // shorter than it says
        int16(1) + int32(4) + "abcde",                       // longer
        int16(1) + int32(0xfffffffe),                        // a negative length that is not NULL
        int16(1) + int32(0x80000000),                        //
        int16(1) + int32(0x7fffffff) + "abcd",               //
        int16(1) + int32(0xffffffff) + std::string("\0", 1), // bytes behind NULL
    };
    for (const std::string& body : bodies) {
        SCOPED_TRACE(body.size());
        expect_violation(before + message_of('D', body));
    }
}

TEST(violations, lengths_that_no_message_has)
{
    for (const std::uint32_t length : {0U, 3U, 0x80000000U, 0xffffffffU})
        expect_violation('D' + int32(length));
    for (const char type : {'1', '2', '3', 'C', 'Z', 'n', 'K', 'S', 'R', 's', 'I', 'G'})
        expect_violation(type + int32(30'001));
}

TEST(violations, message_larger_than_the_limit)
{
    tusk::connection_options small;
    small.max_message_size = 100'000;
    const std::string before = joined({good[0].begin(), good[0].begin() + 4});
    const three all = ask_three(before + 'D' + int32(100'001), afterwards::wait, small);
    for (const number& n : all.answers) expect_failure(n, errc::message_too_large, outcome::unknown);
    EXPECT_FALSE(all.open_afterwards);
    EXPECT_NE(all.answers[0].text().find("100001"), std::string::npos) << all.answers[0].text();
    expect_violation(before + 'D' + int32(0x7fffffff), 0, errc::message_too_large); // above the default limit
}

TEST(violations, memory_grows_with_what_comes_not_with_what_is_declared)
{
    const auto most_memory = [] {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        return used.ru_maxrss; // kB
    };
    const std::string before = joined({good[0].begin(), good[0].begin() + 4});
    const long peak = most_memory();
    const three all =
        ask_three(before + 'D' + int32(0x3fffffff) + int16(1) + int32(0x3ffffff9) + std::string(1000, 'x'),
                  afterwards::end);
    EXPECT_LT(most_memory() - peak, 64 * 1024);
    for (const number& n : all.answers) expect_failure(n, errc::connection_lost, outcome::unknown);
}

TEST(violations, farewell_before_the_end_of_file_is_what_the_caller_sees)
{
    const std::string farewell = error_response("57P01", "terminating connection", "FATAL");
    const three all = ask_three(joined(good[0]) + farewell, afterwards::end);
    expect_number(all.answers[0], 1);
    expect_failure(all.answers[1], tusk::sqlstate::admin_shutdown, outcome::unknown);
    expect_failure(all.answers[2], errc::connection_lost, outcome::unknown);
    EXPECT_EQ(all.answers[2].diag().sqlstate(), "57P01");
}
