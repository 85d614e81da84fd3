// Distributed under the Boost Software License, Version 1.0.
// COPY with somebody who gives or takes its data.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace {

using namespace session_test;
using tusk::detail::copy_output;

/// A request of a COPY that says what it is told to, and writes down what it hears.
class copier final : public tusk::detail::request {
public:
    copier(tusk::detail::request_kind what, std::uint64_t number, const char* text)
        : sql_(text)
    {
        kind = what;
        id = number;
    }
    ~copier() = default;

    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    [[nodiscard]] tusk::statement_view part(std::size_t) const noexcept override { return sql_.view(); }
    [[nodiscard]] std::size_t bad_part(std::error_code&, tusk::diagnostics&) const noexcept override
    {
        return none;
    }
    void begin(std::size_t, const tusk::columns_ptr&) noexcept override {}
    [[nodiscard]] bool row(const tusk::detail::block_ptr&, std::span<const std::byte>) noexcept override
    {
        return true;
    }
    void end(std::size_t, std::string_view tag) noexcept override { log += "end " + std::string(tag) + "\n"; }
    [[nodiscard]] bool restart() noexcept override { return false; }
    void complete() override { ++completed; }
    void destroy() noexcept override { ++completed; }
    void copy_begin(std::span<const tusk::format> columns) noexcept override
    {
        log += "copy of " + std::to_string(columns.size()) + "\n";
    }
    void copy_data(const tusk::detail::block_ptr&, std::span<const std::byte> body) noexcept override
    {
        log += "data " + wire_test::text(body) + "\n";
    }
    [[nodiscard]] copy_output next_output() noexcept override
    {
        if (pieces.empty()) {
            has_output = false;
            return last;
        }
        given.clear();
        given.extend(copy_output::header);
        given.append(wire_test::bytes(pieces.front()));
        pieces.pop_front();
        has_output = !pieces.empty() || last.kind != copy_output::what::nothing;
        return {.kind = copy_output::what::data, .data = &given, .reason = {}};
    }

    void say(std::string data)
    {
        pieces.push_back(std::move(data));
        has_output = true;
    }
    void end_with(copy_output::what how, std::string_view reason = {})
    {
        last = {.kind = how, .data = nullptr, .reason = reason};
        has_output = true;
    }

    std::string log;
    std::deque<std::string> pieces;
    tusk::detail::copy_buffer given;
    copy_output last;
    int completed = 0;

private:
    tusk::bound sql_;
};

/// A conversation that has come to the middle of a COPY FROM STDIN.
struct copying : testing::Test {
    tusk::session::conversation talk{{}, {}, tusk::wire::inbox(256)};
    copier copy{kind::copy_in, 1, "copy t from stdin"};
    copier next{kind::query, 2, "b"};

    bool receive(std::string_view bytes)
    {
        const auto room = talk.prepare();
        std::memcpy(room.data(), bytes.data(), bytes.size());
        const bool good = talk.commit(bytes.size());
        while (tusk::detail::request* r = talk.finished().pop()) r->complete();
        return good;
    }
    std::string output()
    {
        std::string said;
        if (talk.fill()) said = wire_test::text(talk.output());
        if (!said.empty()) talk.written();
        while (tusk::detail::request* r = talk.finished().pop()) r->complete();
        return said;
    }
    void begin()
    {
        talk.submit(copy);
        talk.submit(next);
        ASSERT_EQ(output(), client::miss("tusk_1", "copy t from stdin"));
        ASSERT_TRUE(receive(bound_miss() + server::copy_in()));
        ASSERT_EQ(output(), ""); // nothing goes out behind a COPY
    }
    void expect_next()
    {
        EXPECT_EQ(output(), client::miss("tusk_2", "b"));
        EXPECT_TRUE(receive(answer_miss("1")));
        EXPECT_EQ(next.completed, 1);
        EXPECT_FALSE(next.ec);
    }
};

TEST_F(copying, data_done_and_the_sync_that_was_swallowed)
{
    begin();
    copy.say("1\n");
    copy.say("2\n");
    EXPECT_TRUE(talk.may_fill());
    EXPECT_EQ(output(), server::copy_data("1\n") + server::copy_data("2\n"));
    EXPECT_FALSE(talk.may_fill());
    EXPECT_EQ(output(), "");
    copy.say("3\n");
    copy.end_with(copy_output::what::done);
    EXPECT_EQ(output(), server::copy_data("3\n") + server::copy_done() + client::sync());
    ASSERT_TRUE(receive(server::complete("COPY 3") + server::ready()));
    EXPECT_EQ(copy.log, "copy of 1\nend COPY 3\n");
    EXPECT_EQ(copy.completed, 1);
    EXPECT_FALSE(copy.ec);
    expect_next();
}

TEST_F(copying, a_piece_that_is_alone_is_sent_from_its_own_memory)
{
    begin();
    copy.say("1\n");
    ASSERT_TRUE(talk.fill());
    EXPECT_EQ(copy.given.size(), 0u); // the memory was exchanged
    EXPECT_EQ(wire_test::text(talk.output()), server::copy_data("1\n"));
    talk.written();
    copy.say("2\n");
    EXPECT_EQ(output(), server::copy_data("2\n"));
}

TEST_F(copying, a_huge_piece_is_cut)
{
    begin();
    constexpr std::size_t most = std::size_t{1} << 20;
    const std::string huge(2 * most + 7, 'x');
    copy.say(huge);
    EXPECT_EQ(output(), server::copy_data(huge.substr(0, most)) + server::copy_data(huge.substr(0, most)) +
                            server::copy_data(huge.substr(0, 7)));
}

TEST_F(copying, an_error_in_the_middle_is_answered_by_one_sync)
{
    begin();
    copy.say("1\n");
    EXPECT_EQ(output(), server::copy_data("1\n"));
    copy.say("2\n");
    ASSERT_TRUE(receive(server::error({.code = "22P02", .message = "line 1"})));
    EXPECT_EQ(copy.completed, 0); // ReadyForQuery has not come
    EXPECT_TRUE(talk.may_fill());
    EXPECT_EQ(output(), client::sync()); // and no more data
    EXPECT_EQ(output(), "");
    ASSERT_TRUE(receive(server::ready()));
    EXPECT_EQ(copy.completed, 1);
    EXPECT_EQ(copy.ec, tusk::sqlstate::invalid_text_representation);
    expect_next();
}

TEST_F(copying, an_error_behind_copy_done_needs_no_other_sync)
{
    begin();
    copy.end_with(copy_output::what::done);
    EXPECT_EQ(output(), server::copy_done() + client::sync());
    ASSERT_TRUE(receive(server::error({.code = "23505", .message = "twice"})));
    EXPECT_EQ(output(), "");
    ASSERT_TRUE(receive(server::ready()));
    EXPECT_EQ(copy.ec, tusk::sqlstate::unique_violation);
    expect_next();
}

TEST_F(copying, given_up_with_a_reason)
{
    begin();
    copy.end_with(copy_output::what::fail, "enough");
    EXPECT_EQ(output(), client::copy_fail("enough") + client::sync());
    ASSERT_TRUE(receive(server::error({.code = "57014", .message = "enough"}) + server::ready()));
    EXPECT_EQ(copy.ec, tusk::sqlstate::query_canceled);
    expect_next();
}

TEST_F(copying, cancelled_in_the_middle)
{
    begin();
    copy.say("1\n");
    EXPECT_EQ(output(), server::copy_data("1\n"));
    talk.cancel(1, std::make_error_code(std::errc::operation_canceled));
    EXPECT_TRUE(talk.may_fill());
    EXPECT_EQ(output(), client::copy_fail("the client has given the COPY up") + client::sync());
    EXPECT_EQ(copy.completed, 1);
    ASSERT_TRUE(receive(server::error({.code = "57014", .message = "given up"}) + server::ready()));
    EXPECT_EQ(copy.completed, 1);
    expect_next();
}

TEST_F(copying, cancelled_before_the_server_asks_for_data)
{
    talk.submit(copy);
    talk.submit(next);
    EXPECT_EQ(output(), client::miss("tusk_1", "copy t from stdin"));
    talk.cancel(1, std::make_error_code(std::errc::operation_canceled));
    ASSERT_TRUE(receive(bound_miss() + server::copy_in()));
    EXPECT_EQ(output(), client::copy_fail("the client has given the COPY up") + client::sync());
    EXPECT_EQ(copy.completed, 1);
    EXPECT_EQ(copy.ec, std::errc::operation_canceled);
    ASSERT_TRUE(receive(server::error({.code = "57014", .message = "given up"}) + server::ready()));
    EXPECT_EQ(copy.completed, 1);
    expect_next();
}

TEST_F(copying, a_second_one_is_refused)
{
    begin();
    copy.end_with(copy_output::what::done);
    EXPECT_EQ(output(), server::copy_done() + client::sync());
    ASSERT_TRUE(receive(server::copy_in()));
    EXPECT_EQ(output(), client::copy_fail("COPY FROM STDIN is not run by a query function") + client::sync());
    ASSERT_TRUE(receive(server::error({.code = "57014", .message = "given up"}) + server::ready()));
    EXPECT_EQ(copy.log, "copy of 1\n");
    EXPECT_EQ(copy.completed, 1);
    EXPECT_EQ(copy.ec, tusk::errc::wrong_copy);
    expect_next();
}

/// As two statements of a script.
TEST_F(copying, a_second_one_out_is_refused)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::simple;
    tusk::session::conversation simple(options, {}, tusk::wire::inbox(256));
    copier out{kind::copy_out, 3, "copy t to stdout; copy u to stdout"};
    simple.submit(out);
    ASSERT_TRUE(simple.fill());
    simple.written();
    const std::string said = server::copy_out() + server::copy_data("1\n") + server::copy_done() +
                             server::complete("COPY 1") + server::copy_out() + server::copy_data("2\n") +
                             server::copy_done() + server::complete("COPY 1") + server::ready();
    std::memcpy(simple.prepare().data(), said.data(), said.size());
    ASSERT_TRUE(simple.commit(said.size()));
    EXPECT_EQ(out.ec, tusk::errc::wrong_copy);
    EXPECT_EQ(simple.finished().pop(), &out);
}

TEST_F(copying, begin_runs_none)
{
    for (const auto mode : {tusk::statement_mode::cached, tusk::statement_mode::simple}) {
        tusk::connection_options options;
        options.mode = mode;
        tusk::session::conversation in(options, {}, tusk::wire::inbox(256));
        copier begins{kind::query, 7, "begin"}, copies{kind::copy_in, 8, "copy t from stdin"};
        begins.step = tusk::detail::transaction_step::begin;
        copies.transaction = 7;
        in.submit(begins);
        in.submit(copies);
        while (in.fill()) in.written();
        const std::string said =
            (mode == tusk::statement_mode::cached ? server::parse_complete() + server::bind_complete() : "") +
            server::copy_in();
        std::memcpy(in.prepare().data(), said.data(), said.size());
        EXPECT_FALSE(in.commit(said.size()));
        EXPECT_EQ(in.error(), tusk::errc::protocol_violation);
        in.abandon_all(in.error(), in.diag());
        EXPECT_EQ(copies.log, "");
    }
}

TEST_F(copying, an_answer_before_the_data_ended_is_illegal)
{
    begin();
    EXPECT_FALSE(receive(server::complete("COPY 0")));
    EXPECT_EQ(talk.error(), tusk::errc::protocol_violation);
    talk.abandon_all(talk.error(), talk.diag());
    while (tusk::detail::request* r = talk.finished().pop()) r->complete();
    EXPECT_EQ(copy.completed, 1);
    EXPECT_EQ(next.completed, 1);
}

TEST_F(copying, the_other_direction_is_refused)
{
    talk.submit(copy);
    EXPECT_EQ(output(), client::miss("tusk_1", "copy t from stdin"));
    ASSERT_TRUE(receive(bound_miss() + server::copy_out() + server::copy_data("1\n") + server::copy_done() +
                        server::complete("COPY 1") + server::ready()));
    EXPECT_EQ(copy.completed, 1);
    EXPECT_EQ(copy.ec, tusk::errc::wrong_copy);
}

TEST_F(copying, out)
{
    copier out{kind::copy_out, 3, "copy t to stdout"};
    talk.submit(out);
    talk.submit(next);
    EXPECT_EQ(output(), client::miss("tusk_1", "copy t to stdout"));
    ASSERT_TRUE(receive(bound_miss() + server::copy_out() + server::copy_data("1\n")));
    EXPECT_FALSE(talk.holds_reading());
    out.holds_reading = true; // it has enough
    EXPECT_TRUE(talk.holds_reading());
    ASSERT_TRUE(receive(server::copy_data("2\n") + server::copy_done() + server::complete("COPY 2") +
                        server::ready()));
    EXPECT_EQ(out.log, "copy of 1\ndata 1\n\ndata 2\n\nend COPY 2\n");
    EXPECT_EQ(out.completed, 1);
    EXPECT_FALSE(talk.holds_reading());
    expect_next();
}

} // namespace
