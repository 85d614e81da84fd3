// Distributed under the Boost Software License, Version 1.0.
#include "wire/frontend.hpp"

#include "wire_messages.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::string_literals;
using namespace std::string_view_literals;
using namespace tusk::wire;
namespace wire = tusk::wire;
using tusk::errc;
using tusk::format;
using tusk::oid;
using wire_test::bytes;
using wire_test::int16;
using wire_test::int32;
using wire_test::text;

namespace {

using startup_list = std::vector<std::pair<std::string_view, std::string_view>>;

/// The bytes of a message.
template <class T>
std::string written(const T& m)
{
    buffer out;
    writer to(out);
    write(to, m);
    EXPECT_FALSE(to.error()) << to.error().message();
    return text(out.bytes());
}

/// The fault of a message that cannot be written; it leaves no byte behind what was there.
template <class T>
std::error_code refused(const T& m)
{
    buffer out;
    out.append("before"sv);
    writer to(out);
    write(to, m);
    EXPECT_EQ(text(out.bytes()), "before");
    EXPECT_TRUE(to.error());
    return to.error();
}

const std::string longest(max_name_length, 'n');
const std::string too_long(max_name_length + 1, 'n');

} // namespace

TEST(wire_frontend, startup)
{
    const startup_list parameters = {{"user", "ada"}, {"database", ""}};
    EXPECT_EQ(written(startup_message{protocol_3_0, parameters}),
              "\0\0\0\x1c\0\x03\0\0user\0ada\0database\0\0\0"sv);
    EXPECT_EQ(written(startup_message{protocol_3_2, {}}), "\0\0\0\x09\0\x03\0\x02\0"sv);
}

TEST(wire_frontend, startup_refuses_what_would_change_its_meaning)
{
    EXPECT_EQ(
        refused(startup_message{protocol_3_0, startup_list{{"application_name", "x\0user\0postgres"sv}}}),
        errc::nul_in_text);
    EXPECT_EQ(refused(startup_message{protocol_3_0, startup_list{{"us\0er"sv, "x"}}}), errc::nul_in_text);
    EXPECT_EQ(refused(startup_message{protocol_3_0, startup_list{{"", "x"}, {"user", "y"}}}),
              errc::invalid_conninfo);
    // 4 length, 4 version, 2 + 1 NULs, 1 name
    const std::string most(10'000 - 12, 'v');
    const std::string more = most + "v";
    EXPECT_EQ(written(startup_message{protocol_3_0, startup_list{{"n", most}}}).size(), 10'000u);
    EXPECT_EQ(refused(startup_message{protocol_3_0, startup_list{{"n", more}}}), errc::request_too_large);
}

TEST(wire_frontend, requests_in_place_of_startup)
{
    EXPECT_EQ(written(ssl_request{}), "\0\0\0\x08\x04\xd2\x16\x2f"sv);
    EXPECT_EQ(written(gssenc_request{}), "\0\0\0\x08\x04\xd2\x16\x30"sv);
    EXPECT_EQ(written(cancel_request{4711, bytes("\x01\x02\x03\x04"sv)}),
              "\0\0\0\x10\x04\xd2\x16\x2e\0\0\x12\x67\x01\x02\x03\x04"sv);
    const std::string key(32, 'k');
    EXPECT_EQ(written(cancel_request{-1, bytes(key)}), "\0\0\0\x2c\x04\xd2\x16\x2e\xff\xff\xff\xff"s + key);
}

TEST(wire_frontend, a_cancel_request_of_a_wrong_length_never_leaves)
{
    for (std::size_t size : {0u, 1u, 3u, 257u, 5000u}) {
        const std::string key(size, 'k');
        EXPECT_EQ(refused(cancel_request{1, bytes(key)}), errc::protocol_violation) << size;
    }
    EXPECT_EQ(written(cancel_request{1, bytes(std::string(256, 'k'))}).size(), 268u);
}

TEST(wire_frontend, authentication)
{
    EXPECT_EQ(written(password_message{"secret"}), "p\0\0\0\x0bsecret\0"sv);
    EXPECT_EQ(written(sasl_initial_response{"SCRAM-SHA-256", "n,,n=,r=x"}),
              "p\0\0\0\x1fSCRAM-SHA-256\0\0\0\0\x09n,,n=,r=x"sv);
    EXPECT_EQ(written(sasl_initial_response{"EXTERNAL", {}}), "p\0\0\0\x11"
                                                              "EXTERNAL\0\xff\xff\xff\xff"sv);
    EXPECT_EQ(written(sasl_initial_response{"X", ""}), "p\0\0\0\x0aX\0\0\0\0\0"sv);
    EXPECT_EQ(written(sasl_response{"c=biws"}), "p\0\0\0\x0a"
                                                "c=biws"sv);
    EXPECT_EQ(written(gss_response{bytes("\0\x01"sv)}), "p\0\0\0\x06\0\x01"sv);
}

TEST(wire_frontend, authentication_is_bounded)
{
    const std::string long_text(65'535 - 4, 'x');
    EXPECT_EQ(refused(password_message{"se\0cret"sv}), errc::nul_in_text);
    EXPECT_EQ(refused(password_message{long_text}), errc::request_too_large);
    EXPECT_EQ(written(sasl_response{long_text}).size(), 65'536u);
    EXPECT_EQ(refused(sasl_response{long_text + "x"}), errc::request_too_large);
    EXPECT_EQ(refused(sasl_initial_response{"X", long_text}), errc::request_too_large);
    EXPECT_EQ(refused(sasl_initial_response{"X\0Y"sv, "x"}), errc::nul_in_text);
    EXPECT_EQ(refused(gss_response{bytes(long_text + "x")}), errc::request_too_large);
}

TEST(wire_frontend, query_and_parse)
{
    EXPECT_EQ(written(query{"select 1"}), "Q\0\0\0\x0dselect 1\0"sv);
    EXPECT_EQ(written(query{}), "Q\0\0\0\x05\0"sv);
    EXPECT_EQ(refused(query{"select 1\0; drop"sv}), errc::nul_in_text);
    const oid types[] = {oid::int4, oid::none};
    EXPECT_EQ(written(parse{"s1", "select $1, $2", types}),
              "P\0\0\0\x1fs1\0select $1, $2\0\0\x02\0\0\0\x17\0\0\0\0"sv);
    EXPECT_EQ(written(parse{}), "P\0\0\0\x08\0\0\0\0"sv);
    EXPECT_EQ(refused(parse{"s\0"sv, "", {}}), errc::nul_in_text);
    EXPECT_EQ(refused(parse{"", "a\0"sv, {}}), errc::nul_in_text);
    EXPECT_EQ(refused(parse{too_long, "", {}}), errc::request_too_large);
}

TEST(wire_frontend, bind_with_each_way_of_giving_formats)
{
    const std::string values = int32(4) + int32(7) + int32(0xffffffff);
    const format one[] = {format::binary};
    const format each[] = {format::binary, format::text};
    EXPECT_EQ(written(bind{"p", "s", {}, 2, bytes(values), {}}),
              "B\0\0\0\x1ap\0s\0\0\0\0\x02\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff\0\0"sv);
    EXPECT_EQ(written(bind{"", "s", one, 2, bytes(values), one}),
              "B\0\0\0\x1d\0s\0\0\x01\0\x01\0\x02\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff\0\x01\0\x01"sv);
    EXPECT_EQ(written(bind{"", "", each, 2, bytes(values), each}),
              "B\0\0\0\x20\0\0\0\x02\0\x01\0\0\0\x02\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff\0\x02\0\x01\0\0"sv);
    EXPECT_EQ(written(bind{}), "B\0\0\0\x0c\0\0\0\0\0\0\0\0"sv);
    EXPECT_EQ(refused(bind{"", "", each, 3, bytes(values), {}}), errc::parameter_mismatch);
    EXPECT_EQ(refused(bind{too_long, "", {}, 0, {}, {}}), errc::request_too_large);
    EXPECT_EQ(refused(bind{"", too_long, {}, 0, {}, {}}), errc::request_too_large);
}

TEST(wire_frontend, up_to_65535_parameters)
{
    std::string nulls;
    for (int i = 0; i != 65535; ++i) nulls += int32(0xffffffff);
    const std::string most = written(bind{"", "", {}, 65535, bytes(nulls), {}});
    EXPECT_EQ(most.substr(0, 11), "B\0\x04\0\x08\0\0\0\0\xff\xff"sv);
    EXPECT_EQ(most.size(), 13u + nulls.size());
    EXPECT_EQ(refused(bind{"", "", {}, 65536, bytes(nulls), {}}), errc::too_many_parameters);
    const std::vector<oid> types(65536, oid::int4);
    EXPECT_EQ(refused(parse{"", "", types}), errc::too_many_parameters);
    EXPECT_EQ(written(parse{"", "", std::span(types).first(65535)}).size(), 9u + 65535 * 4);
    const std::vector<format> formats(65536, format::text);
    EXPECT_EQ(refused(bind{"", "", formats, 65536, {}, {}}), errc::too_many_parameters);
    EXPECT_EQ(refused(bind{"", "", {}, 0, {}, formats}), errc::too_many_parameters);
}

TEST(wire_frontend, values_that_no_message_holds)
{
    const std::byte little[4] = {};
    const std::span<const std::byte> lie(little, std::size_t{1} << 32);
    EXPECT_EQ(refused(bind{"", "", {}, 1, lie, {}}), errc::request_too_large);
    EXPECT_EQ(refused(copy_data{lie}), errc::request_too_large);
    EXPECT_EQ(refused(query{{reinterpret_cast<const char*>(little), std::size_t{1} << 30}}),
              errc::request_too_large);
}

TEST(wire_frontend, describe_execute_close)
{
    EXPECT_EQ(written(describe{'S', "s1"}), "D\0\0\0\x08Ss1\0"sv);
    EXPECT_EQ(written(describe{'P', ""}), "D\0\0\0\x06P\0"sv);
    EXPECT_EQ(written(execute{"", 0}), "E\0\0\0\x09\0\0\0\0\0"sv);
    EXPECT_EQ(written(execute{"p", 258}), "E\0\0\0\x0ap\0\0\0\x01\x02"sv);
    EXPECT_EQ(written(wire::close{'S', "s1"}), "C\0\0\0\x08Ss1\0"sv);
    EXPECT_EQ(written(describe{'S', longest}).size(), 1u + 4 + 1 + 63 + 1);
    EXPECT_EQ(refused(describe{'S', too_long}), errc::request_too_large);
    EXPECT_EQ(refused(wire::close{'S', too_long}), errc::request_too_large);
    EXPECT_EQ(refused(execute{too_long, 0}), errc::request_too_large);
    EXPECT_EQ(refused(wire::close{'P', "a\0b"sv}), errc::nul_in_text);
}

TEST(wire_frontend, copy)
{
    EXPECT_EQ(written(copy_data{bytes("1\tx\n"sv)}), "d\0\0\0\x08"
                                                     "1\tx\n"sv);
    EXPECT_EQ(written(copy_data{}), "d\0\0\0\x04"sv);
    EXPECT_EQ(written(copy_done{}), "c\0\0\0\x04"sv);
    EXPECT_EQ(written(copy_fail{"why"}), "f\0\0\0\x08why\0"sv);
    const std::string most(10'000 - 5, 'r');
    EXPECT_EQ(written(copy_fail{most}).size(), 10'001u);
    EXPECT_EQ(refused(copy_fail{most + "r"}), errc::request_too_large);
    EXPECT_EQ(refused(copy_fail{"a\0"sv}), errc::nul_in_text);
}

TEST(wire_frontend, function_calls)
{
    const format one[] = {format::binary};
    const std::string values = int32(4) + int32(7);
    EXPECT_EQ(written(function_call{oid{1598}, one, 1, bytes(values), format::binary}),
              "F\0\0\0\x18\0\0\x06\x3e\0\x01\0\x01\0\x01\0\0\0\x04\0\0\0\x07\0\x01"sv);
    EXPECT_EQ(written(function_call{}), "F\0\0\0\x0e\0\0\0\0\0\0\0\0\0\0"sv);
}

TEST(wire_frontend, messages_without_a_body)
{
    EXPECT_EQ(written(flush{}), "H\0\0\0\x04"sv);
    EXPECT_EQ(written(wire::sync{}), "S\0\0\0\x04"sv);
    EXPECT_EQ(written(wire::terminate{}), "X\0\0\0\x04"sv);
}

TEST(wire_frontend, messages_follow_each_other)
{
    buffer out;
    writer to(out);
    write(to, parse{"", "x", {}});
    write(to, describe{});
    write(to, bind{});
    write(to, execute{});
    write(to, wire::sync{});
    EXPECT_EQ(text(out.bytes()), written(parse{"", "x", {}}) + written(describe{}) + written(bind{}) +
                                     written(execute{}) + written(wire::sync{}));
    write(to, parse{too_long, "", {}});
    const std::size_t size = out.size();
    write(to, wire::sync{});
    EXPECT_EQ(out.size(), size);
}
