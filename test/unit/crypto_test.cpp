// Distributed under the Boost Software License, Version 1.0.
#include "auth/base64.hpp"
#include "auth/pbkdf2.hpp"
#include "auth/secret_string.hpp"
#include "auth/sha256.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace tusk::auth;

std::string hex(const sha256_digest& digest)
{
    std::string text;
    for (const std::byte b : digest) {
        text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
        text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
    }
    return text;
}

sha256_digest hi(std::string_view password, std::string_view salt, std::uint32_t rounds, std::uint32_t slice)
{
    pbkdf2 key;
    key.start(as_bytes(password), as_bytes(salt), rounds);
    while (!key.run(slice)) {
    }
    return key.result();
}

TEST(sha256, known_answers)
{
    EXPECT_EQ(hex(sha256(as_bytes("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // RFC 4231 test cases 2 and 6 (a key longer than a block)
    EXPECT_EQ(hex(hmac_sha256(as_bytes("Jefe"))("what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(hmac_sha256(as_bytes(std::string(131, '\xaa')))(
                  "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(pbkdf2, known_answers)
{
    // RFC 7914 section 11 (first block) and the usual SHA-256 variants of RFC 6070
    EXPECT_EQ(hex(hi("passwd", "salt", 1, 1)),
              "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    EXPECT_EQ(hex(hi("password", "salt", 2, 1)),
              "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43");
    EXPECT_EQ(hex(hi("password", "salt", 4096, 4096)),
              "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
}

TEST(pbkdf2, slices_do_not_change_the_result)
{
    const auto whole = hi("pencil", "0123456789", 1000, 1000);
    for (const std::uint32_t slice : {1U, 7U, 999U, 1001U, 0xFFFFFFFFU})
        EXPECT_EQ(hi("pencil", "0123456789", 1000, slice), whole) << slice;
}

TEST(pbkdf2, clear_leaves_nothing)
{
    pbkdf2 key;
    key.start(as_bytes("password"), as_bytes("salt"), 2);
    EXPECT_FALSE(key.run(0));
    EXPECT_TRUE(key.run(1));
    key.clear();
    EXPECT_EQ(key.result(), sha256_digest{});
}

TEST(base64, both_ways)
{
    for (const auto& [plain, coded] : {std::pair("", ""),
                                       {"f", "Zg=="},
                                       {"fo", "Zm8="},
                                       {"foo", "Zm9v"},
                                       {"foob", "Zm9vYg=="},
                                       {"fooba", "Zm9vYmE="},
                                       {"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(base64_encode(as_bytes(plain)), coded);
        std::vector<std::byte> back;
        ASSERT_TRUE(base64_decode(coded, back)) << coded;
        EXPECT_TRUE(std::ranges::equal(back, as_bytes(plain)));
    }
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    std::vector<std::byte> back;
    ASSERT_TRUE(base64_decode(base64_encode(as_bytes(all)), back));
    EXPECT_TRUE(std::ranges::equal(back, as_bytes(all)));
}

TEST(base64, strict)
{
    for (const std::string_view bad :
         {"Z",    "Zg",      "Zg=",      "=",    "==",         "===",      "====",
          "Z===", "Zm9vYg=", "Zg==Zm9v", "Zm=v", " Zg==",      "Zg==\n",   "Zm9\n",
          "Zm9-", "Zm9_",    "Zh==",     "Zm9=", "Zm\xc3\xa9", "Zm9v====", "AA=A"}) {
        std::vector<std::byte> out(3);
        EXPECT_FALSE(base64_decode(bad, out)) << bad;
        EXPECT_TRUE(out.empty()) << bad;
    }
    std::vector<std::byte> out;
    EXPECT_FALSE(base64_decode(std::string_view("Zm9\0", 4), out));
}

TEST(secret_string, owns_copies_and_moves)
{
    secret_string a("hunter2");
    secret_string b(a);
    EXPECT_EQ(a.view(), "hunter2");
    EXPECT_NE(a.view().data(), b.view().data());
    const char* where = a.view().data();
    secret_string c(std::move(a));
    EXPECT_EQ(c.view().data(), where); // moved, not copied: nothing stays behind
    EXPECT_TRUE(a.empty());            // NOLINT: a moved-from secret is empty
    b = std::move(c);
    EXPECT_EQ(b.view(), "hunter2");
    b.clear();
    EXPECT_TRUE(b.empty());
    EXPECT_EQ(b.view(), "");
    EXPECT_TRUE(secret_string("").empty());
}

TEST(wipe, overwrites)
{
    std::string text = "password";
    {
        const wipe_guard guard(text.data(), text.size());
    }
    EXPECT_EQ(text, std::string(8, '\0'));
    wipe(nullptr, 0);
}

} // namespace
