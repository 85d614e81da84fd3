// Distributed under the Boost Software License, Version 1.0.
#include <tusk/batch.hpp>
#include <tusk/sql.hpp>
#include <tusk/statement.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

using tusk::bound;
using tusk::errc;
using tusk::format;
using tusk::oid;
using tusk::params;
using tusk::statement;

using namespace std::string_literals;

statement described(std::vector<oid> types, std::vector<oid> declared = {})
{
    auto data = std::make_shared<tusk::detail::statement_data>();
    data->sql = "select * from t where f($1, $2)";
    data->declared = std::move(declared);
    data->parameter_types = std::move(types);
    data->cols = std::make_shared<const tusk::columns>(tusk::columns{{.name = "id", .type = oid::int4}});
    return statement(std::move(data));
}

std::string values_of(const bound& b)
{
    const auto v = b.parameters().values();
    return {reinterpret_cast<const char*>(v.data()), v.size()};
}

TEST(statement, a_default_one_is_empty)
{
    const statement s;
    EXPECT_EQ(s.sql(), "");
    EXPECT_TRUE(s.parameter_types().empty());
    EXPECT_FALSE(s.has_columns());
    EXPECT_TRUE(s.columns().empty());
    EXPECT_FALSE(s.bind().error());
    EXPECT_EQ(s.bind().sql(), "");
    EXPECT_EQ(s.bind(1).error(), errc::parameter_mismatch);
}

TEST(statement, shows_what_the_server_described)
{
    const statement s = described({oid::int8, oid::text});
    const statement copy = s;
    EXPECT_EQ(copy.sql(), "select * from t where f($1, $2)");
    ASSERT_EQ(copy.parameter_types().size(), 2U);
    EXPECT_EQ(copy.parameter_types()[1], oid::text);
    ASSERT_TRUE(copy.has_columns());
    EXPECT_EQ(copy.columns()[0].name, "id");
}

TEST(statement, bind_encodes_for_the_described_types)
{
    const bound b = described({oid::int8, oid::int2}).bind(7, 8);
    ASSERT_FALSE(b.error()) << b.diag().message();
    EXPECT_EQ(values_of(b), "\0\0\0\x8\0\0\0\0\0\0\0\7\0\0\0\2\0\x8"s);
    EXPECT_EQ(b.parameters().info(0).type, oid::int8);
}

TEST(statement, bind_declares_what_the_prepare_declared)
{
    EXPECT_TRUE(described({oid::int8}).bind(7).declared().empty());
    const bound b = described({oid::int8}, {oid::none}).bind(7);
    ASSERT_EQ(b.declared().size(), 1U);
    EXPECT_EQ(b.declared()[0], oid::none);
    EXPECT_EQ(b.sql(), "select * from t where f($1, $2)");
}

TEST(statement, a_bound_outlives_its_statement)
{
    std::optional<statement> s = described({oid::text});
    const bound b = s->bind("x");
    s.reset();
    EXPECT_EQ(b.sql(), "select * from t where f($1, $2)");
    EXPECT_EQ(values_of(b), "\0\0\0\1x"s);
}

TEST(statement, text_and_null_fit_every_type)
{
    const bound b =
        described({oid{90000}, oid::date, oid::int4}).bind("a label", std::nullopt, std::optional<int>());
    ASSERT_FALSE(b.error()) << b.diag().message();
    EXPECT_EQ(values_of(b), "\0\0\0\7a label\xff\xff\xff\xff\xff\xff\xff\xff"s);
}

TEST(statement, a_wrong_number_of_values_is_an_error)
{
    const statement s = described({oid::int4, oid::int4});
    EXPECT_EQ(s.bind(1).error(), errc::parameter_mismatch);
    EXPECT_EQ(s.bind(1, 2, 3).error(), errc::parameter_mismatch);
    EXPECT_EQ(s.bind(params()).error(), errc::parameter_mismatch);
    EXPECT_EQ(s.bind(1).diag().message(), "the statement has 2 parameters, and 1 value was given");
    EXPECT_FALSE(s.bind(1, 2).error());
}

TEST(statement, a_type_that_does_not_fit_is_an_error_that_names_both)
{
    const bound b = described({oid::int4, oid::date}).bind(1, true);
    EXPECT_EQ(b.error(), errc::parameter_mismatch);
    EXPECT_EQ(b.diag().message(),
              "$2: the statement wants date, and the C++ type bool cannot be sent as that");
    EXPECT_TRUE(b.diag().safe_to_retry());
}

TEST(statement, a_value_that_does_not_fit_is_an_error)
{
    EXPECT_EQ(described({oid::int2}).bind(70'000).error(), errc::value_out_of_range);
}

TEST(statement, binds_ready_parameters_of_the_right_types)
{
    const statement s = described({oid::int8});
    const std::array<std::byte, 4> raw{};
    EXPECT_FALSE(s.bind(params().add(std::int64_t{1})).error());
    EXPECT_FALSE(s.bind(params().add("17")).error());
    EXPECT_FALSE(s.bind(params().add(std::optional<int>())).error()); // NULL of another type is NULL
    EXPECT_FALSE(s.bind(params().add_raw(oid::none, format::binary, raw)).error());
    EXPECT_EQ(s.bind(params().add(1)).error(), errc::parameter_mismatch); // its four bytes are no int8
    EXPECT_FALSE(described({oid::varchar}).bind(params().add_raw(oid::text, format::binary, raw)).error());
    EXPECT_EQ(described({oid::int4}).bind(params().add(1.5F)).error(), errc::parameter_mismatch);
}

TEST(batch, keeps_its_parts_in_order)
{
    tusk::batch b;
    EXPECT_TRUE(b.empty());
    b.add("select 1").add(tusk::sql("select $1", 2)).add(std::string("select 3"));
    ASSERT_EQ(b.size(), 3U);
    EXPECT_EQ(b[0].sql, "select 1");
    EXPECT_EQ(b[1].parameters, 1U);
    EXPECT_EQ(b[2].sql, "select 3");
    b.clear();
    EXPECT_TRUE(b.empty());
}

TEST(batch, keeps_a_text_that_is_repeated_once)
{
    tusk::batch b;
    std::string text = "insert into t values ($1, $2)";
    for (int i = 0; i < 100; ++i) b.add(text, i, "value " + std::to_string(i));
    b.add(tusk::sql(text, 100, "value 100")).add(text, std::int64_t{101}, nullptr).add("select 1");
    text.assign(text.size(), 'x'); // nothing looks into what it was made from
    ASSERT_EQ(b.size(), 103U);
    for (int i = 0; i <= 101; ++i) {
        const tusk::statement_view v = b[static_cast<std::size_t>(i)];
        EXPECT_EQ(v.sql, "insert into t values ($1, $2)");
        EXPECT_EQ(v.sql.data(), b[0].sql.data());
        EXPECT_EQ(v.parameters, 2U);
        EXPECT_EQ(v.declared.size(), 2U);
        EXPECT_EQ(v.declared[0], i <= 100 ? oid::int4 : oid::int8);
        EXPECT_EQ(v.formats.size(), 2U); // a number in binary, a text
        const tusk::bound same = i <= 100 ? tusk::sql("x", i, "value " + std::to_string(i))
                                          : tusk::sql("x", std::int64_t{101}, nullptr);
        EXPECT_TRUE(std::ranges::equal(v.values, same.parameters().values())) << i;
    }
    EXPECT_EQ(b[102].sql, "select 1");
    EXPECT_EQ(b[102].parameters, 0U);
    EXPECT_TRUE(b[102].declared.empty() && b[102].values.empty() && b[102].formats.empty());
    EXPECT_FALSE(b.error());
}

TEST(batch, remembers_the_first_statement_that_cannot_be_sent)
{
    tusk::batch b;
    b.add("select 1").add("select $1", "a\0b"s).add("select '\0'"sv).add("select $1", 4);
    EXPECT_EQ(b.size(), 4U);
    EXPECT_EQ(b.error(), errc::nul_in_text);
    EXPECT_EQ(b.failed_part(), 1U);
    EXPECT_EQ(b.diag().message().substr(0, 2), "$1");
    b.clear();
    EXPECT_FALSE(b.error());
    b.add("select \0 $1"sv, 1);
    EXPECT_EQ(b.error(), errc::nul_in_text);
    EXPECT_EQ(b.failed_part(), 0U);
    EXPECT_NE(b.diag().message().find("offset 7"), std::string_view::npos) << b.diag().message();
}

TEST(batch, a_result_has_a_part_for_each_statement)
{
    const auto why = tusk::diagnostics::client("division by zero");
    std::vector<tusk::batch_part> parts(2);
    parts[0].ec = make_error_code(errc::invalid_value);
    parts[0].value = tusk::result(why);
    parts[1].ec = make_error_code(errc::skipped);
    const tusk::batch_result r(std::move(parts), make_error_code(errc::invalid_value), why);
    ASSERT_EQ(r.size(), 2U);
    EXPECT_EQ(r[0].diag().message(), "division by zero");
    EXPECT_EQ(r[1].ec, errc::skipped);
    EXPECT_EQ(r.error(), errc::invalid_value);
    EXPECT_EQ(r.diag().message(), "division by zero");
    EXPECT_THROW((void)r[2], std::out_of_range);
}

} // namespace
