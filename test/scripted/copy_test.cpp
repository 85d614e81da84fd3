// Distributed under the Boost Software License, Version 1.0.
// COPY against servers that do it wrongly, or in a way of their own.
#include "scripted/client.hpp"
#include "scripted/copy_messages.hpp"

#include <tusk/sqlstate.hpp>

namespace scripted {
namespace {

using tusk::errc;
using tusk::outcome;

std::string header(std::uint32_t flags = 0, std::string_view extension = {})
{
    return std::string("PGCOPY\n\377\r\n\0", 11) + int32(flags) +
           int32(static_cast<std::uint32_t>(extension.size())) + std::string(extension);
}
std::string row(std::uint32_t n) { return int16(1) + int32(4) + int32(n); }
const std::string trailer = int16(0xffff);

/// What reading rows of one int4 has come to: the rows, and how it ended.
struct reading {
    answer<tusk::copy_out<std::int32_t>> opened;
    std::vector<std::int32_t> seen;
    std::error_code ec;
    std::string text;
    std::uint64_t rows = 0;
};

void visit_all(client& c, tusk::copy_out<std::int32_t>& copy, reading& into)
{
    done end;
    copy.async_for_each([&](std::int32_t n) { into.seen.push_back(n); }, end);
    c.wait(end);
    EXPECT_EQ(end.calls(), 1);
    into.ec = end.ec();
    into.text = end.text();
    into.rows = end.value().rows_affected();
}

void read_all(client& c, tusk::copy_out<std::int32_t>& copy, reading& into)
{
    for (bool more = true; more;) {
        answer<tusk::rows<std::int32_t>> some;
        copy.async_read_rows(some);
        if (!c.wait(some)) return;
        into.seen.insert(into.seen.end(), some.value().begin(), some.value().end());
        into.ec = some.ec();
        into.text = some.text();
        more = !some.ec() && !some.value().empty();
    }
    into.rows = copy.done().rows_affected();
}

enum class how { visiting, in_pieces };

/// Reads a COPY TO STDOUT of which the server sends `data` behind CopyOutResponse; the connection has to be usable then.
reading read_copy(const std::string& data, std::string_view tag, how read)
{
    gate is_open; // an error that comes with the beginning would be that of async_copy_out
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDSPDBES");
        p.send({parse_complete(), parameter_description(), row_description({"n"}), ready()});
        p.send(before_copy() + copy_response('H'));
        is_open.pass();
        p.send(data + copy_done() + command_complete(tag) + ready());
        p.expect("PDBES");
        p.send(first_answer(42));
        p.wait_for_end();
    }));
    client c;
    reading result;
    if (!c.open(server.where())) return result;
    c.db.async_copy_out<std::int32_t>("copy t to stdout (format binary)", result.opened);
    c.wait(result.opened);
    is_open.open();
    EXPECT_FALSE(result.opened.ec()) << result.opened.text();
    tusk::copy_out<std::int32_t> copy = std::move(result.opened.value_to_move());
    if (read == how::visiting)
        visit_all(c, copy, result);
    else
        read_all(c, copy, result);
    const number after = c.ask("select n");
    c.wait(after);
    expect_number(after, 42);
    c.drop();
    return result;
}

void expect_rows(const std::string& data, const std::vector<std::int32_t>& expected)
{
    for (const how read : {how::visiting, how::in_pieces}) {
        const reading r = read_copy(data, "COPY 3", read);
        EXPECT_FALSE(r.ec) << r.text;
        EXPECT_EQ(r.seen, expected);
        EXPECT_EQ(r.rows, 3u);
    }
}

void expect_invalid(const std::string& data, std::size_t rows, std::string_view why)
{
    for (const how read : {how::visiting, how::in_pieces}) {
        const reading r = read_copy(data, "COPY 3", read);
        EXPECT_EQ(r.ec, errc::invalid_value) << r.ec.message();
        EXPECT_NE(r.text.find(why), std::string::npos) << r.text;
        EXPECT_EQ(r.seen.size(), rows);
    }
}

const std::string three_rows = header() + row(1) + row(2) + row(3) + trailer;
const std::vector<std::int32_t> one_two_three{1, 2, 3};

TEST(copy, messages_that_are_cut_anywhere)
{
    for (std::size_t cut = 0; cut <= three_rows.size(); ++cut) {
        SCOPED_TRACE(cut);
        expect_rows(copy_data(three_rows.substr(0, cut)) + copy_data(three_rows.substr(cut)), one_two_three);
    }
    std::string bytes;
    for (const char& c : three_rows) bytes += copy_data({&c, 1});
    expect_rows(bytes, one_two_three);
}

TEST(copy, as_postgresql_sends_it_and_otherwise)
{
    const std::string rows = copy_data(row(1)) + copy_data(row(2)) + copy_data(row(3));
    expect_rows(copy_data(header()) + rows + copy_data(trailer), one_two_three);
    expect_rows(copy_data(header() + row(1)) + copy_data(row(2)) + copy_data(row(3) + trailer),
                one_two_three);
    expect_rows(copy_data(header()) + copy_data("") + rows + copy_data("") + copy_data(trailer),
                one_two_three);
    expect_rows(copy_data(header()) + copy_data(row(1) + row(2)) + copy_data(row(3)) + copy_data(trailer),
                one_two_three);
}

TEST(copy, a_header_with_an_extension_and_flags_that_matter_to_nobody)
{
    const std::string extension(1000, 'x');
    const std::string all = header(0x1234, extension) + row(1) + row(2) + row(3) + trailer;
    expect_rows(copy_data(all), one_two_three);
    for (const std::size_t cut : {5u, 18u, 19u, 20u, 500u, 1018u, 1019u, 1020u}) {
        SCOPED_TRACE(cut);
        expect_rows(copy_data(all.substr(0, cut)) + copy_data(all.substr(cut)), one_two_three);
    }
}

TEST(copy, headers_that_are_wrong)
{
    std::string other = three_rows;
    other[3] = 'X';
    expect_invalid(copy_data(other), 0, "not in binary format");
    expect_invalid(copy_data("1\n2\n3\n and more of text"), 0, "not in binary format");
    expect_invalid(copy_data(header(0x10000) + int16(1) + int32(4) + int32(9)), 0, "critical flags"); // OIDs
    expect_invalid(copy_data(header(0x80000000) + row(1)), 0, "critical flags");
    expect_invalid(copy_data(header().substr(0, 12)), 0, "without their trailer");
    expect_invalid("", 0, "without their trailer");
    // an extension that is said to be longer than all that comes
    const std::string huge = header().substr(0, 15) + int32(0xffffffff);
    expect_invalid(copy_data(huge) + copy_data(row(1)) + copy_data(trailer), 0, "without their trailer");
}

TEST(copy, rows_that_are_wrong)
{
    const std::string first = copy_data(header()) + copy_data(row(1));
    const auto expect = [&](const std::string& bad, std::string_view why) {
        SCOPED_TRACE(why);
        expect_invalid(first + copy_data(bad) + copy_data(row(3)) + copy_data(trailer), 1, why);
        expect_invalid(copy_data(header() + row(1) + bad + row(3) + trailer), 1, why);
    };
    expect(int16(2) + int32(4) + int32(2) + int32(4) + int32(2), "another number of values");
    expect(int16(0), "another number of values");
    expect(int16(0xfffe), "another number of values"); // a negative count that is not the trailer's
    expect(int16(1) + int32(0xfffffffe), "negative length");
    expect(int16(1) + int32(0x80000000), "negative length");
    // a length beyond all that comes swallows the rest
    expect(int16(1) + int32(0x7fffffff) + "abcd", "without their trailer");
}

TEST(copy, a_value_that_is_wrong_is_its_rows_affair)
{
    const std::string data = copy_data(header()) + copy_data(row(1)) +
                             copy_data(int16(1) + int32(3) + "abc") + copy_data(row(3)) + copy_data(trailer);
    const reading r = read_copy(data, "COPY 3", how::visiting);
    EXPECT_EQ(r.ec, errc::invalid_value);
    EXPECT_NE(r.text.find("\"n\""), std::string::npos) << r.text;
    EXPECT_EQ(r.seen, std::vector<std::int32_t>{1});
}

TEST(copy, trailers_that_are_wrong)
{
    const std::string rows = copy_data(header()) + copy_data(row(1)) + copy_data(row(2));
    expect_invalid(rows, 2, "without their trailer");
    expect_invalid(rows + copy_data(trailer.substr(0, 1)), 2, "without their trailer");
    expect_invalid(rows + copy_data(row(3).substr(0, 9)), 2, "without their trailer");
    expect_invalid(rows + copy_data(trailer + row(3)), 2, "behind their trailer");
    expect_invalid(rows + copy_data(trailer) + copy_data(row(3)), 2, "behind their trailer");
}

/// Both directions and both ways to be opened, with an answer that is no COPY's.
template <class Copy, class Open>
void expect_violation(const std::string& said, Open open)
{
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(said);
        p.wait_for_end();
    }));
    client c;
    if (!c.open(server.where())) return;
    answer<Copy> opened;
    open(c, opened);
    c.wait(opened);
    if (!opened.ec()) { // what is wrong comes later
        Copy copy = std::move(opened.value_to_move());
        done end;
        if constexpr (requires { copy.async_finish(end); }) {
            copy.async_finish(end);
        } else {
            copy.async_read_to_file("/dev/null", end);
        }
        c.wait(end);
        expect_failure(end, errc::protocol_violation, outcome::unknown);
    } else {
        expect_failure(opened, errc::protocol_violation, outcome::unknown);
    }
    run_ready(c.ctx);
    EXPECT_FALSE(c.db.is_open());
}

TEST(copy, answers_that_are_not_of_the_protocol)
{
    const auto out = [](client& c, auto& opened) { c.db.async_copy_out("copy t to stdout", opened); };
    const auto in = [](client& c, auto& opened) { c.db.async_copy_in("copy t from stdin", opened); };
    for (const char type : {'H', 'G'}) {
        const std::string bad[] = {
            message_of(type, ""),
            message_of(type, std::string("\1", 1)),
            message_of(type, '\1' + int16(2) + int16(1)),             // fewer formats than columns
            message_of(type, '\1' + int16(1) + int16(1) + int16(1)),  // more
            message_of(type, '\1' + int16(0xffff)),                   // a negative count
            message_of(type, '\2' + int16(1) + int16(1)),             // no format
            message_of(type, '\1' + int16(1) + int16(2)),             //
            message_of(type, std::string(1, 0) + int16(1) + int16(1)) // a binary column of a text COPY
        };
        for (const std::string& message : bad) {
            SCOPED_TRACE(std::string(1, type) + std::to_string(message.size()));
            if (type == 'H')
                expect_violation<tusk::copy_out<>>(before_copy() + message, out);
            else
                expect_violation<tusk::copy_in<>>(before_copy() + message, in);
        }
    }
    expect_violation<tusk::copy_out<>>(before_copy() + copy_data("1\n"), out); // before CopyOutResponse
    expect_violation<tusk::copy_out<>>(before_copy() + copy_done(), out);
    const std::string begun = before_copy() + copy_response('H', 1, 0) + copy_data("1\n");
    expect_violation<tusk::copy_out<>>(begun + command_complete("COPY 1"), out); // no CopyDone
    expect_violation<tusk::copy_out<>>(begun + ready(), out);
    expect_violation<tusk::copy_out<>>(begun + copy_response('H', 1, 0), out);
    expect_violation<tusk::copy_out<>>(begun + message_of('c', "x"), out);
    expect_violation<tusk::copy_out<>>(begun + data_row({"1"}), out);
    expect_violation<tusk::copy_out<>>(begun + copy_done() + copy_data("2\n"), out);
    const std::string taking = before_copy() + copy_response('G', 1, 0);
    expect_violation<tusk::copy_in<>>(taking + copy_data("1\n"), in);
    expect_violation<tusk::copy_in<>>(taking + command_complete("COPY 0"), in);
    expect_violation<tusk::copy_in<>>(taking + copy_done(), in);
    expect_violation<tusk::copy_in<>>(taking + ready(), in);
}

TEST(copy, an_error_in_the_middle_of_the_data)
{
    gate is_open;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(before_copy() + copy_response('H', 1, 0));
        is_open.pass();
        p.send(copy_data("1\n") + error_response("22012", "division") + ready());
        p.expect("PDBES");
        p.send(first_answer(42));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    answer<tusk::copy_out<>> opened;
    c.db.async_copy_out("copy t to stdout", opened);
    c.wait(opened);
    is_open.open();
    ASSERT_FALSE(opened.ec()) << opened.text();
    tusk::copy_out<> copy = std::move(opened.value_to_move());
    answer<tusk::copy_chunk> data, end;
    copy.async_read(data);
    c.wait(data);
    EXPECT_EQ(data.value().text(), "1\n");
    copy.async_read(end);
    c.wait(end);
    EXPECT_EQ(end.ec(), tusk::sqlstate::division_by_zero);
    const number after = c.ask("select n");
    c.wait(after);
    expect_number(after, 42);
    c.drop();
}

} // namespace
} // namespace scripted
