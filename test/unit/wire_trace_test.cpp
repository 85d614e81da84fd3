// Distributed under the Boost Software License, Version 1.0.
#include "wire/tracer.hpp"

#include "wire_messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::string_literals;
using namespace tusk::wire;
using tusk::trace_flags;
using wire_test::bytes;
using wire_test::int16;
using wire_test::int32;
using wire_test::message;

namespace {

struct sample {
    char type;
    std::string body;
    std::string line;                 // without direction and length
    std::string in_regress_mode = {}; // the whole line, where it is another one
};

const std::string nothing = int32(0xffffffff);

std::vector<sample> of_client()
{
    return {
        {'B',
         "p\0s\0"s + int16(1) + int16(1) + int16(2) + int32(3) + "a\0'"s + nothing + int16(2) + int16(1) +
             int16(0),
         "Bind\t \"p\" \"s\" 1 1 2 3 'a\\x00'' -1 2 1 0"},
        {'P', "s\0select $1\0"s + int16(1) + int32(23), "Parse\t \"s\" \"select $1\" 1 23",
         "F\t22\tParse\t \"s\" \"select $1\" 1 NNNN\n"},
        {'D', "Ss\0"s, "Describe\t S \"s\""},
        {'C', "P\0"s, "Close\t P \"\""},
        {'E', "\0"s + int32(0), "Execute\t \"\" 0"},
        {'Q', "select 1\0"s, "Query\t \"select 1\""},
        {'d', "1\té\n"s, "CopyData\t '1\\x09\\xc3\\xa9\\x0a'", "F\t9\tCopyData\t 'BBBB'\n"},
        {'c', "", "CopyDone"},
        {'f', "enough\0"s, "CopyFail\t \"enough\""},
        {'F', int32(1299) + int16(0) + int16(1) + int32(1) + "x" + int16(1),
         "FunctionCall\t 1299 0 1 1 'x' 1", "F\t19\tFunctionCall\t NNNN 0 1 1 'x' 1\n"},
        {'H', "", "Flush"},
        {'S', "", "Sync"},
        {'X', "", "Terminate"},
        {'p', "what\0"s, "UnknownAuthenticationResponse"},
        {'?', "", "Unknown message: 3f"},
    };
}

std::vector<sample> of_server()
{
    const std::string report = "SERROR\0C42601\0Mno\0Fa.c\0L12\0Rf\0\0"s;
    const std::string shown = "S \"ERROR\" C \"42601\" M \"no\" F ";
    return {
        {'R', int32(0), "AuthenticationOk"},
        {'R', int32(3), "AuthenticationCleartextPassword"},
        {'R', int32(5) + "salt", "AuthenticationMD5Password"},
        {'R', int32(7), "AuthenticationGSS"},
        {'R', int32(8) + "ticket", "AuthenticationGSSContinue\t 'BBBB'"},
        {'R', int32(9), "AuthenticationSSPI"},
        {'R', int32(10) + "SCRAM-SHA-256\0X\0\0"s, "AuthenticationSASL\t \"SCRAM-SHA-256\" \"X\" \"\""},
        {'R', int32(11) + "r=nonce", "AuthenticationSASLContinue\t 'BBBB'"},
        {'R', int32(12) + "v=proof", "AuthenticationSASLFinal\t 'BBBB'"},
        {'R', int32(99), "Unknown authentication message 99"},
        {'K', int32(4711) + "KEY!", "BackendKeyData\t 4711 NNNN", "B\t12\tBackendKeyData\t NNNN NNNN\n"},
        {'v', int32(0x00030000) + int32(1) + "_pq_.a\0"s, "NegotiateProtocolVersion\t 196608 1 \"_pq_.a\""},
        {'S', "TimeZone\0UTC\0"s, "ParameterStatus\t \"TimeZone\" \"UTC\""},
        {'Z', "I", "ReadyForQuery\t I"},
        {'E', report, "ErrorResponse\t " + shown + "\"a.c\" L \"12\" R \"f\" \\x00",
         "B\tNN\tErrorResponse\t " + shown + "\"SSSS\" L \"SSSS\" R \"SSSS\" \\x00\n"},
        {'N', report, "NoticeResponse\t " + shown + "\"a.c\" L \"12\" R \"f\" \\x00",
         "B\tNN\tNoticeResponse\t " + shown + "\"SSSS\" L \"SSSS\" R \"SSSS\" \\x00\n"},
        {'A', int32(17) + "channel\0payload\0"s, "NotificationResponse\t 17 \"channel\" \"payload\"",
         "B\t24\tNotificationResponse\t NNNN \"channel\" \"payload\"\n"},
        {'t', int16(1) + int32(23), "ParameterDescription\t 1 23", "B\t10\tParameterDescription\t 1 NNNN\n"},
        {'T',
         int16(1) + "id\0"s + int32(16384) + int16(1) + int32(23) + int16(4) + int32(0xffffffff) + int16(1),
         "RowDescription\t 1 \"id\" 16384 1 23 4 -1 1",
         "B\t27\tRowDescription\t 1 \"id\" NNNN 1 NNNN 4 -1 1\n"},
        {'D', int16(3) + int32(2) + "ab" + nothing + int32(0), "DataRow\t 3 2 'ab' -1 0 ''"},
        {'C', "INSERT 0 1\0"s, "CommandComplete\t \"INSERT 0 1\""},
        {'G', "\0"s + int16(2) + int16(0) + int16(0), "CopyInResponse\t \\x00 2 0 0"},
        {'H', "\1"s + int16(1) + int16(1), "CopyOutResponse\t \\x01 1 1"},
        {'W', "\0"s + int16(0), "CopyBothResponse\t \\x00 0"},
        {'d', "x", "CopyData\t 'x'", "B\t5\tCopyData\t 'BBBB'\n"},
        {'c', "", "CopyDone"},
        {'V', int32(1) + "x", "FunctionCallResponse\t 1 'x'"},
        {'1', "", "ParseComplete"},
        {'2', "", "BindComplete"},
        {'3', "", "CloseComplete"},
        {'n', "", "NoData"},
        {'s', "", "PortalSuspended"},
        {'I', "", "EmptyQueryResponse"},
        {'\xff', "", "Unknown message: ff"},
    };
}

/// What a tracer shows.
class shown {
public:
    explicit shown(trace_flags how = trace_flags::suppress_timestamps)
        : tracer_({[this](std::string_view text) {
                       pieces.emplace_back(text);
                       all += text;
                   },
                   how})
    {
    }

    shown& client(char type, std::string_view body)
    {
        tracer_.sent(bytes(message(type, body)));
        return *this;
    }
    shown& server(char type, std::string_view body)
    {
        tracer_.received({type, bytes(body)});
        return *this;
    }
    tracer& operator*() noexcept { return tracer_; }

    std::string all;
    std::vector<std::string> pieces;

private:
    tracer tracer_;
};

constexpr trace_flags regress = trace_flags::suppress_timestamps | trace_flags::regress_mode;

std::string line(char side, const sample& s)
{
    return std::string(1, side) + '\t' + std::to_string(s.body.size() + 4) + '\t' + s.line + '\n';
}

std::string or_else(const std::string& first, const std::string& second)
{
    return first.empty() ? second : first;
}

TEST(wire_trace, shows_every_message_as_libpq_does)
{
    for (const sample& s : of_client()) {
        EXPECT_EQ(shown().client(s.type, s.body).all, line('F', s));
        EXPECT_EQ(shown(regress).client(s.type, s.body).all, or_else(s.in_regress_mode, line('F', s)));
    }
    for (const sample& s : of_server()) {
        EXPECT_EQ(shown().server(s.type, s.body).all, line('B', s));
        EXPECT_EQ(shown(regress).server(s.type, s.body).all, or_else(s.in_regress_mode, line('B', s)));
    }
}

TEST(wire_trace, shows_several_messages_of_one_write)
{
    shown t;
    (*t).sent(bytes(message('Q', "select 1\0"s) + message('S', "") + message('X', "")));
    EXPECT_EQ(t.all, "F\t13\tQuery\t \"select 1\"\nF\t4\tSync\nF\t4\tTerminate\n");
}

TEST(wire_trace, shows_messages_without_a_type)
{
    shown t;
    (*t).sent_untyped(bytes(int32(8) + int32(80877103)));
    (*t).received_answer("SSLResponse", 'S');
    (*t).sent_untyped(bytes(int32(8) + int32(80877104)));
    (*t).received_answer("GSSENCResponse", '\n');
    (*t).sent_untyped(bytes(int32(18) + int32(0x00030002) + "user\0ada\0\0"s));
    (*t).sent_untyped(bytes(int32(8)));
    EXPECT_EQ(t.all, "F\t8\tSSLRequest\t 1234 5679\nB\t1\tSSLResponse\t S\nF\t8\tGSSENCRequest\t 1234 5680\n"
                     "B\t1\tGSSENCResponse\t \\x0a\nF\t18\tStartupMessage\t 3 2 \"user\" \"ada\"\n");
}

TEST(wire_trace, begins_with_the_local_time)
{
    shown t(trace_flags::none);
    t.client('S', "");
    ASSERT_EQ(t.all.size(), std::string("2026-11-24 20:15:00.123456\tF\t4\tSync\n").size()) << t.all;
    std::string form = t.all;
    std::ranges::replace_if(
        form, [](char c) { return c >= '0' && c <= '9'; }, '9');
    EXPECT_EQ(form, "9999-99-99 99:99:99.999999\tF\t9\tSync\n");
}

TEST(wire_trace, hides_every_secret)
{
    const std::string secret = "hunter2 hunter2";
    for (const trace_flags how : {trace_flags::suppress_timestamps, regress}) {
        shown t(how);
        for (const std::uint32_t method : {3u, 5u}) {
            t.server('R', int32(method) + (method == 5 ? "salt" : ""));
            t.client('p', secret + '\0');
        }
        t.server('R', int32(10) + "SCRAM-SHA-256\0\0"s);
        t.client('p', "SCRAM-SHA-256\0"s + int32(15) + secret);
        t.client('p', "SCRAM-SHA-256\0"s + nothing);
        t.server('R', int32(11) + secret).client('p', secret);
        t.server('R', int32(12) + secret).client('p', secret);
        t.server('R', int32(7)).client('p', secret);
        t.server('R', int32(8) + secret).client('p', secret);
        t.server('R', int32(9)).client('p', secret);
        t.server('R', int32(0)).client('p', secret);
        t.server('R', int32(99) + secret);
        t.server('K', int32(1) + secret);
        EXPECT_EQ(t.all.find("hunter2"), std::string::npos) << t.all;
        EXPECT_NE(t.all.find("F\tNN\tPasswordMessage\t \"SSSS\"\n"), std::string::npos) << t.all;
        EXPECT_NE(t.all.find("SASLInitialResponse\t \"SCRAM-SHA-256\" 15 'BBBB'\n"), std::string::npos)
            << t.all;
        EXPECT_NE(t.all.find("SASLInitialResponse\t \"SCRAM-SHA-256\" -1\n"), std::string::npos) << t.all;
        EXPECT_NE(t.all.find("F\t19\tSASLResponse\t 'BBBB'\n"), std::string::npos) << t.all;
        EXPECT_NE(t.all.find("F\t19\tGSSResponse\t 'BBBB'\n"), std::string::npos) << t.all;
    }
}

TEST(wire_trace, survives_what_is_malformed)
{
    for (const sample& s : of_server()) {
        for (std::size_t n = 0; n < s.body.size(); ++n) {
            const std::string text = shown().server(s.type, std::string_view(s.body).substr(0, n)).all;
            EXPECT_TRUE(text.starts_with("B\t" + std::to_string(n + 4) + "\t")) << text;
            EXPECT_TRUE(text.ends_with('\n')) << text;
        }
        if (s.type == 'd' || s.type == 'K' || s.line.ends_with("'BBBB'")) continue; // of any length
        const std::string text = shown().server(s.type, s.body + "??").all;
        EXPECT_TRUE(text.ends_with("mismatched message length: consumed " +
                                   std::to_string(s.body.size() + 4) + ", expected " +
                                   std::to_string(s.body.size() + 6) + "\n"))
            << text;
    }
    EXPECT_EQ(shown().server('D', int16(65535)).all,
              "B\t6\tDataRow\t 65535\nmalformed message: it is shorter than what it should hold\n");
    EXPECT_EQ(shown().server('D', int16(1) + int32(0xfffffffe)).all,
              "B\t10\tDataRow\t 1 -2\nmalformed message: it is shorter than what it should hold\n");
}

TEST(wire_trace, gives_a_long_message_in_pieces)
{
    const std::string value(100'000, 'x');
    shown t;
    t.server('D', int16(1) + int32(100'000) + value);
    EXPECT_EQ(t.all, "B\t100010\tDataRow\t 1 100000 '" + value + "'\n");
    EXPECT_GT(t.pieces.size(), 20u);
    for (const std::string& piece : t.pieces) EXPECT_LE(piece.size(), 4096u);
    // each byte of it becomes four characters
    EXPECT_EQ(shown().server('d', std::string(3000, '\0')).all.size(),
              12'000 + "B\t3004\tCopyData\t ''\n"s.size());
}

TEST(wire_trace, ends_when_the_sink_throws)
{
    int calls = 0;
    tracer t({[&](std::string_view) {
                  ++calls;
                  throw std::runtime_error("the disk is full");
              },
              trace_flags::none});
    t.received({'1', {}});
    t.received({'2', {}});
    t.sent(bytes(message('S', "")));
    EXPECT_EQ(calls, 1);
}

} // namespace
