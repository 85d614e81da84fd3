// Distributed under the Boost Software License, Version 1.0.
#include "wire/backend.hpp"

#include "wire/inbox.hpp"
#include "wire_messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using namespace std::string_literals;
using namespace std::string_view_literals;
using namespace tusk::wire;
using tusk::column;
using tusk::format;
using tusk::oid;
using wire_test::bytes;
using wire_test::int16;
using wire_test::int32;
using wire_test::read_any;
using wire_test::text;

namespace {

/// A length or count inside a body.
struct size_field {
    std::size_t at;
    std::size_t width; // in bytes
};

struct sample {
    char type;
    std::string body;
    std::size_t least;          // a body may be cut down to this, and still be well formed
    bool may_be_longer = false; // by any byte
    std::vector<size_field> sizes = {};
};

sample whole(char type, std::string body, std::vector<size_field> sizes = {})
{
    const std::size_t size = body.size();
    return {type, std::move(body), size, false, std::move(sizes)};
}

const std::string error_body = "SERROR\0VERROR\0C42601\0Msyntax error\0P8\0\0"s;
const std::string two_columns = int16(2) + "id\0"s + int32(16384) + int16(1) + int32(23) + int16(4) +
                                int32(0xffffffff) + int16(1) + "name\0"s + int32(0) + int16(0xfffa) +
                                int32(25) + int16(0xffff) + int32(104) + int16(0);
const std::string three_fields = int16(3) + int32(2) + "ab" + int32(0xffffffff) + int32(0);

std::vector<sample> samples()
{
    return {
        whole('R', int32(0)),
        whole('R', int32(2)),
        whole('R', int32(3)),
        whole('R', int32(5) + "salt"),
        whole('R', int32(7)),
        {'R', int32(8) + "gss", 4, true},
        whole('R', int32(9)),
        whole('R', int32(10) + "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"s),
        {'R', int32(11) + "r=abc,s=ef,i=1", 4, true},
        {'R', int32(12) + "v=abc", 4, true},
        {'R', int32(99) + "?", 4, true},
        {'K', int32(4711) + "\x01\x02\x03\x04", 8, true},
        {'K', int32(4711) + std::string(256, 'k'), 8},
        whole('v', int32(0x00030000) + int32(2) + "_pq_.a\0_pq_.b\0"s, {{4, 4}}),
        whole('S', "TimeZone\0UTC\0"s),
        whole('Z', "I"),
        whole('E', error_body),
        whole('N', error_body),
        whole('A', int32(17) + "channel\0payload\0"s),
        whole('t', int16(2) + int32(23) + int32(25), {{0, 2}}),
        whole('T', two_columns, {{0, 2}}),
        whole('D', three_fields, {{0, 2}, {2, 4}, {8, 4}, {12, 4}}),
        whole('C', "INSERT 0 1\0"s),
        whole('G', "\0"s + int16(2) + int16(0) + int16(0), {{1, 2}}),
        whole('H', "\1"s + int16(1) + int16(1), {{1, 2}}),
        whole('W', "\0"s + int16(0), {{1, 2}}),
        {'d', "some data", 0, true},
        whole('c', ""),
        whole('V', int32(3) + "abc", {{0, 4}}),
        whole('V', int32(0xffffffff), {{0, 4}}),
        whole('1', ""),
        whole('2', ""),
        whole('3', ""),
        whole('n', ""),
        whole('s', ""),
        whole('I', ""),
    };
}

std::string with_size(const sample& s, size_field field, std::uint32_t value)
{
    std::string body = s.body;
    body.replace(field.at, field.width, field.width == 2 ? int16(value & 0xffff) : int32(value));
    return body;
}

bool takes_nothing(std::string_view body, size_field field)
{
    const std::string_view size = body.substr(field.at, field.width);
    return size == int32(0) || size == int32(0xffffffff);
}

/// The body as a block of its own size, so that a sanitizer sees a read behind it.
bool read_exactly(char type, std::string_view body)
{
    std::vector<std::byte> copy(body.size());
    if (!body.empty()) std::memcpy(copy.data(), body.data(), body.size());
    return read_any(type, copy);
}

} // namespace

TEST(wire_backend, every_message_is_read)
{
    for (const sample& s : samples()) EXPECT_TRUE(read_exactly(s.type, s.body)) << message_name(s.type);
}

TEST(wire_backend, every_message_cut_at_every_byte)
{
    for (const sample& s : samples())
        for (std::size_t size = 0; size != s.body.size(); ++size)
            EXPECT_EQ(read_exactly(s.type, std::string_view(s.body).substr(0, size)), size >= s.least)
                << message_name(s.type) << " cut to " << size;
}

TEST(wire_backend, every_message_with_bytes_too_many)
{
    for (const sample& s : samples())
        for (std::string_view more : {"\0"sv, "x"sv, "\0\0"sv, "\0\0\0\0"sv, "\xff\xff\xff\xff"sv})
            EXPECT_EQ(read_exactly(s.type, s.body + std::string(more)), s.may_be_longer)
                << message_name(s.type);
}

TEST(wire_backend, every_count_and_length_wrong)
{
    for (const sample& s : samples()) {
        for (size_field field : s.sizes) {
            std::vector<std::uint32_t> wrong = {0x7fffffff, 0x80000000, 0xffffffff,
                                                0xfffffffe, 0x8000,     0x7fff};
            for (std::uint32_t n = 0; n != 40; ++n) wrong.push_back(n);
            for (std::uint32_t value : wrong) {
                const std::string body = with_size(s, field, value);
                // NULL and the empty value take the same room, so one for the other is well formed.
                if (takes_nothing(s.body, field) && takes_nothing(body, field)) continue;
                EXPECT_EQ(read_exactly(s.type, body), body == s.body)
                    << message_name(s.type) << ": " << value << " at " << field.at;
            }
        }
    }
}

TEST(wire_backend, every_message_with_every_length_of_its_frame_wrong)
{
    for (const sample& s : samples()) {
        for (std::size_t length = 4; length != s.body.size() + 12; ++length) {
            inbox in;
            in.set_limits({1 << 20, true});
            std::string bytes = wire_test::message(s.type, s.body);
            bytes.replace(1, 4, int32(static_cast<std::uint32_t>(length)));
            const auto room = in.prepare();
            std::memcpy(room.data(), bytes.data(), bytes.size());
            in.commit(bytes.size());
            frame f;
            if (length > s.body.size() + 4) {
                EXPECT_EQ(in.next(f), framing::need_more);
                continue;
            }
            ASSERT_EQ(in.next(f), framing::message);
            EXPECT_EQ(read_any(f.type, f.body), f.body.size() >= s.least) << message_name(s.type);
        }
    }
}

TEST(wire_backend, authentication_gives_method_and_data)
{
    authentication auth;
    const std::string md5 = int32(5) + "salt";
    ASSERT_TRUE(read(bytes(md5), auth));
    EXPECT_EQ(auth.method, auth_method::md5_password);
    EXPECT_EQ(text(auth.data), "salt");
    std::vector<std::string_view> mechanisms;
    EXPECT_FALSE(sasl_mechanisms(auth, mechanisms));
    const std::string sasl = int32(10) + "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"s;
    ASSERT_TRUE(read(bytes(sasl), auth));
    ASSERT_TRUE(sasl_mechanisms(auth, mechanisms));
    EXPECT_EQ(mechanisms, (std::vector{"SCRAM-SHA-256-PLUS"sv, "SCRAM-SHA-256"sv}));
    EXPECT_FALSE(read(bytes(int32(10) + "\0"s), auth)); // a list of none
    EXPECT_FALSE(read(bytes(int32(5) + "salty"), auth));
}

TEST(wire_backend, key_data_has_4_to_256_bytes)
{
    for (std::size_t size = 0; size != 300; ++size) {
        backend_key_data key;
        const std::string body = int32(0x80000001) + std::string(size, 'k');
        ASSERT_EQ(read(bytes(body), key), size >= 4 && size <= 256) << size;
        EXPECT_EQ(key.pid, static_cast<std::int32_t>(0x80000001));
        EXPECT_EQ(key.key.size(), size);
    }
}

TEST(wire_backend, negotiation_gives_version_and_options)
{
    negotiate_protocol_version v;
    const std::string body = int32(0x00030002) + int32(2) + "_pq_.a\0\0"s;
    ASSERT_TRUE(read(bytes(body), v));
    EXPECT_EQ(v.version, 0x00030002u);
    EXPECT_EQ(v.minor(), 2u);
    EXPECT_EQ(v.options, (std::vector{"_pq_.a"sv, ""sv}));
    ASSERT_TRUE(read(bytes(int32(0) + int32(0)), v));
    EXPECT_TRUE(v.options.empty());
    EXPECT_FALSE(read(bytes(int32(0) + int32(0xffffffff)), v));
    EXPECT_FALSE(read(bytes(int32(0) + int32(0x7fffffff)), v));
    EXPECT_LT(v.options.size(), 3u);
}

TEST(wire_backend, status_notification_and_tag)
{
    parameter_status status;
    ASSERT_TRUE(read(bytes("TimeZone\0UTC\0"sv), status));
    EXPECT_EQ(status.name, "TimeZone");
    EXPECT_EQ(status.value, "UTC");
    notification_response notification;
    ASSERT_TRUE(read(bytes("\0\0\x01\x02jobs\0nr 7\0"sv), notification));
    EXPECT_EQ(notification.pid, 258);
    EXPECT_EQ(notification.channel, "jobs");
    EXPECT_EQ(notification.payload, "nr 7");
    command_complete done;
    ASSERT_TRUE(read(bytes("SELECT 1\0"sv), done));
    EXPECT_EQ(done.tag, "SELECT 1");
    EXPECT_FALSE(read(bytes("SELECT\0 1\0"sv), done));
}

TEST(wire_backend, the_transaction_status_is_one_of_three)
{
    for (int c = 0; c != 256; ++c) {
        ready_for_query z;
        const char status = static_cast<char>(c);
        EXPECT_EQ(read(bytes({&status, 1}), z), status == 'I' || status == 'T' || status == 'E');
        EXPECT_EQ(z.status, status);
    }
}

TEST(wire_backend, errors_are_lists_of_fields)
{
    error_response error;
    ASSERT_TRUE(read(bytes(error_body), error));
    EXPECT_EQ(error.body, error_body);
    notice_response notice;
    ASSERT_TRUE(read(bytes("\0"sv), notice));
    EXPECT_FALSE(read(bytes(""sv), notice));
    EXPECT_FALSE(read(bytes("\0M\0"sv), notice));
    EXPECT_FALSE(read(bytes("Mtext\0"sv), notice));
}

TEST(wire_backend, parameter_types_up_to_65535)
{
    parameter_description types;
    ASSERT_TRUE(read(bytes(int16(2) + int32(23) + int32(0xfffffffe)), types));
    EXPECT_EQ(types.types, (std::vector{oid::int4, oid{0xfffffffe}}));
    std::string most = int16(65535);
    for (std::uint32_t i = 0; i != 65535; ++i) most += int32(i);
    ASSERT_TRUE(read(bytes(most), types));
    EXPECT_EQ(types.types.size(), 65535u);
    EXPECT_EQ(types.types.back(), oid{65534});
}

TEST(wire_backend, columns_with_all_their_attributes)
{
    std::vector<column> columns;
    ASSERT_TRUE(read(bytes(two_columns), columns));
    const std::vector<column> expected = {
        {"id", oid{16384}, 1, oid::int4, 4, -1, format::binary},
        {"name", oid{0}, -6, oid::text, -1, 104, format::text},
    };
    EXPECT_EQ(columns, expected);
    ASSERT_TRUE(read(bytes(int16(0)), columns));
    EXPECT_TRUE(columns.empty());
    std::string wrong_format = two_columns;
    wrong_format.back() = 2;
    EXPECT_FALSE(read(bytes(wrong_format), columns));
}

TEST(wire_backend, rows_are_checked_against_their_columns)
{
    EXPECT_TRUE(tusk::detail::row_fits(bytes(three_fields), 3));
    EXPECT_FALSE(tusk::detail::row_fits(bytes(three_fields), 2));
    EXPECT_FALSE(tusk::detail::row_fits(bytes(three_fields), 4));
    EXPECT_FALSE(tusk::detail::row_fits(bytes(three_fields), 65536 + 3));
    EXPECT_TRUE(tusk::detail::row_fits(bytes(int16(0)), 0));
    EXPECT_FALSE(tusk::detail::row_fits(bytes(int16(0) + "x"), 0));
    EXPECT_FALSE(tusk::detail::row_fits(bytes(int16(0xffff)), 0xffff));
    EXPECT_FALSE(tusk::detail::row_fits({}, 0));
    data_row row;
    ASSERT_TRUE(read(bytes(three_fields), row));
    EXPECT_EQ(row.count, 3);
    EXPECT_EQ(row.fields.i32(), 2);
    EXPECT_EQ(text(row.fields.bytes(2)), "ab");
    EXPECT_EQ(row.fields.i32(), -1);
    EXPECT_EQ(row.fields.i32(), 0);
    EXPECT_TRUE(row.fields.done());
}

TEST(wire_backend, copy_responses_give_formats)
{
    copy_in_response in;
    ASSERT_TRUE(read(bytes("\0"s + int16(2) + int16(0) + int16(0)), in));
    EXPECT_EQ(in.format, format::text);
    EXPECT_EQ(in.columns, (std::vector{format::text, format::text}));
    copy_out_response out;
    ASSERT_TRUE(read(bytes("\1"s + int16(1) + int16(1)), out));
    EXPECT_EQ(out.format, format::binary);
    EXPECT_EQ(out.columns, std::vector{format::binary});
    copy_both_response both;
    ASSERT_TRUE(read(bytes("\0"s + int16(0)), both));
    EXPECT_TRUE(both.columns.empty());
    EXPECT_FALSE(read(bytes("\2"s + int16(0)), both));
    EXPECT_FALSE(read(bytes("\0"s + int16(1) + int16(2)), both));
    EXPECT_FALSE(read(bytes("\0"s + int16(1) + int16(256)), both));
    copy_data data;
    ASSERT_TRUE(read(bytes("a\tb\n"sv), data));
    EXPECT_EQ(text(data.bytes), "a\tb\n");
}

TEST(wire_backend, a_function_may_give_null)
{
    function_call_response result;
    const std::string three = int32(3) + "abc";
    ASSERT_TRUE(read(bytes(three), result));
    EXPECT_FALSE(result.is_null);
    EXPECT_EQ(text(result.value), "abc");
    ASSERT_TRUE(read(bytes(int32(0xffffffff)), result));
    EXPECT_TRUE(result.is_null);
    ASSERT_TRUE(read(bytes(int32(0)), result));
    EXPECT_FALSE(result.is_null);
    EXPECT_TRUE(result.value.empty());
}

TEST(wire_backend, every_type_has_a_name)
{
    EXPECT_EQ(message_name('D'), "DataRow ('D')");
    EXPECT_EQ(message_name('t'), "ParameterDescription ('t')");
    EXPECT_EQ(message_name('q'), "an unknown message ('q')");
    EXPECT_EQ(message_name('\0'), "an unknown message (0x00)");
    EXPECT_EQ(message_name('\xff'), "an unknown message (0xff)");
    for (int c = 0; c != 256; ++c) EXPECT_EQ(message_name(static_cast<char>(c)).back(), ')');
    for (const sample& s : samples()) EXPECT_EQ(message_name(s.type).find("unknown"), std::string_view::npos);
}
