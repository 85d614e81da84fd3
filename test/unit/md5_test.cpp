// Distributed under the Boost Software License, Version 1.0.
#include "auth/md5.hpp"

#include <array>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

namespace {

using tusk::auth::md5_password;

constexpr std::array<std::byte, 4> salt{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};

TEST(md5, known_answer)
{
    EXPECT_EQ(md5_password("alice", "secret", salt), "md598a0412b9c31436fc53776e863350083");
}

TEST(md5, depends_on_user_password_and_salt)
{
    const std::string base = md5_password("alice", "secret", salt);
    auto other_salt = salt;
    other_salt[3] = std::byte{255};
    EXPECT_EQ(base.size(), 35U);
    EXPECT_NE(md5_password("bob", "secret", salt), base);
    EXPECT_NE(md5_password("alice", "Secret", salt), base);
    EXPECT_NE(md5_password("alice", "secret", other_salt), base);
}

TEST(md5, empty_password_and_bytes_above_127)
{
    EXPECT_EQ(md5_password("", "", salt).size(), 35U);
    EXPECT_EQ(md5_password("j\xc3\xbcrgen", "\xff\xfe", salt).substr(0, 3), "md5");
}

} // namespace
