// Distributed under the Boost Software License, Version 1.0.
#include <tusk/error.hpp>
#include <tusk/sqlstate.hpp>

#include <string>
#include <string_view>
#include <system_error>

#include <gtest/gtest.h>

namespace {

using tusk::errc;
using tusk::sqlstate;
using tusk::sqlstate_class;
using tusk::sqlstate_error;

static_assert(static_cast<int>(sqlstate::unique_violation) == tusk::detail::pack_sqlstate("23505"));
static_assert(tusk::class_of(sqlstate::deadlock_detected) == sqlstate_class::transaction_rollback);
static_assert(tusk::detail::pack_sqlstate("ZZZZZ") == 60'466'175);
static_assert(tusk::detail::pack_sqlstate("23z05") == -1);

TEST(sqlstate, codes_compare)
{
    const std::error_code ec = sqlstate_error("23505");
    EXPECT_TRUE(ec == sqlstate::unique_violation);
    EXPECT_FALSE(ec == sqlstate::foreign_key_violation);
    EXPECT_FALSE(ec == errc::protocol_violation);
    EXPECT_TRUE(static_cast<bool>(ec));
    EXPECT_STREQ(ec.category().name(), "postgresql");
    EXPECT_EQ(ec.message(), "unique violation");
}

TEST(sqlstate, codes_belong_to_their_class)
{
    const std::error_code ec = sqlstate::unique_violation;
    EXPECT_TRUE(ec == sqlstate_class::integrity_constraint_violation);
    EXPECT_FALSE(ec == sqlstate_class::data_exception);
    EXPECT_TRUE(ec != sqlstate_class::data_exception);
    // also a code that is not listed
    EXPECT_TRUE(sqlstate_error("23ZZZ") == sqlstate_class::integrity_constraint_violation);
    // and none of another category, even with the same number
    EXPECT_FALSE(std::error_code(ec.value(), tusk::client_category()) ==
                 sqlstate_class::integrity_constraint_violation);
    EXPECT_FALSE(std::error_code() == sqlstate_class::successful_completion);
    EXPECT_FALSE(std::error_code(ec.value(), std::generic_category()) == sqlstate::unique_violation);
}

TEST(sqlstate, codes_that_postgresql_has)
{
    EXPECT_EQ(sqlstate_error("40001"), sqlstate::serialization_failure);
    EXPECT_EQ(sqlstate_error("42601"), sqlstate::syntax_error);
    EXPECT_EQ(sqlstate_error("42P01"), sqlstate::undefined_table);
    EXPECT_EQ(sqlstate_error("57P01"), sqlstate::admin_shutdown);
    EXPECT_EQ(sqlstate_error("57014"), sqlstate::query_canceled);
    EXPECT_EQ(sqlstate_error("0A000"), sqlstate::feature_not_supported);
    EXPECT_EQ(sqlstate_error("26000"), sqlstate::invalid_sql_statement_name);
    EXPECT_EQ(sqlstate_error("XX000"), sqlstate::internal_error);
    EXPECT_EQ(sqlstate_error("HV000"), sqlstate::fdw_error);
    EXPECT_EQ(sqlstate_error("P0001"), sqlstate::raise_exception);
    EXPECT_EQ(sqlstate_error("25P04"), sqlstate::transaction_timeout); // since 17
    EXPECT_EQ(sqlstate_error("58P03"), sqlstate::file_name_too_long);  // since 18
    EXPECT_EQ(sqlstate_error("72000"), sqlstate::snapshot_too_old);    // until 16
    EXPECT_EQ(sqlstate_error("22001"), sqlstate::string_data_right_truncation);
    EXPECT_EQ(sqlstate_error("01004"), sqlstate::warning_string_data_right_truncation);
}

TEST(sqlstate, five_characters_come_back)
{
    for (const std::string_view five : {"23505", "00001", "XX002", "ZZZZZ", "0A000", "P0004", "23ZZZ"}) {
        const std::error_code ec = sqlstate_error(five);
        EXPECT_EQ(ec.category(), tusk::sqlstate_category());
        EXPECT_EQ(tusk::sqlstate_string(ec), five);
        EXPECT_EQ(tusk::to_string(static_cast<sqlstate>(ec.value())), five);
    }
    EXPECT_EQ(tusk::sqlstate_string(errc::no_rows), "");
    EXPECT_EQ(tusk::to_string(static_cast<sqlstate>(-1)), "");
    EXPECT_EQ(tusk::to_string(static_cast<sqlstate>(60'466'176)), "");
}

TEST(sqlstate, malformed_is_a_protocol_violation)
{
    for (const std::string_view bad :
         {std::string_view(), std::string_view("2350"), std::string_view("235055"), std::string_view("2350a"),
          std::string_view("2350 "), std::string_view("-3505"), std::string_view("2350\0", 5),
          std::string_view("\xC3\xA9\x30\x30\x30"), std::string_view("2350\xFF")})
        EXPECT_EQ(sqlstate_error(bad), errc::protocol_violation) << bad;
}

// An error that claims to be a success must not turn into a code that reads as "no error".
TEST(sqlstate, success_is_no_error)
{
    EXPECT_EQ(sqlstate_error("00000"), errc::protocol_violation);
    EXPECT_TRUE(static_cast<bool>(sqlstate_error("00000")));
}

TEST(sqlstate, messages_and_names)
{
    EXPECT_EQ(tusk::condition_name(sqlstate::unique_violation), "unique_violation");
    EXPECT_EQ(tusk::condition_name(sqlstate_class::plpgsql_error), "plpgsql_error");
    EXPECT_EQ(tusk::condition_name(static_cast<sqlstate>(1)), "");
    EXPECT_EQ(sqlstate_error("23ZZZ").message(), "SQLSTATE 23ZZZ (integrity constraint violation)");
    EXPECT_EQ(sqlstate_error("ZZ123").message(), "SQLSTATE ZZ123");
    EXPECT_EQ(std::error_code(-5, tusk::sqlstate_category()).message(), "invalid SQLSTATE");
    EXPECT_EQ(std::error_code(2'000'000'000, tusk::sqlstate_category()).message(), "invalid SQLSTATE");
    const std::error_condition group = sqlstate_class::transaction_rollback;
    EXPECT_EQ(group.message(), "transaction rollback");
    EXPECT_STREQ(group.category().name(), "postgresql class");
    EXPECT_EQ(std::error_condition(5000, tusk::sqlstate_class_category()).message(),
              "invalid class of SQLSTATE");
    EXPECT_EQ(std::error_condition(1295, tusk::sqlstate_class_category()).message(), "SQLSTATE class ZZ");
}

} // namespace
