// Distributed under the Boost Software License, Version 1.0.
#include "auth/base64.hpp"
#include "auth/pbkdf2.hpp"
#include "auth/scram.hpp"
#include "auth/scram_keys.hpp"
#include "auth/sha256.hpp"

#include <tusk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace tusk::auth;
using tusk::errc;

// A client with the nonce "abc" that has sent its first message.
struct started_client : scram_client {
    explicit started_client(std::string_view password = "IX", scram_limits limits = {},
                            channel_binding binding = {})
        : scram_client(password, limits, std::move(binding), "abc")
    {
        first = client_first();
    }
    std::string first;
};

constexpr std::string_view good_first = "r=abcdef,s=AQID,i=1";
constexpr std::string_view good_final = "v=Sbj/0/FkX+ihjmIZFSe+D03xvHmqaWBTDtwmmaC98VQ=";

// --- the exchange ---

// RFC 7677 section 3 has a user name in its messages, where PostgreSQL's have none; so its numbers check the
// parts.
TEST(scram, rfc_7677_vector)
{
    const std::string message =
        "n=user,r=rOprNGfwEbeRWgbNEkqO,"
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
        "i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    std::vector<std::byte> salt;
    ASSERT_TRUE(base64_decode("W22ZaJ0SNY7soEsUEjb6gQ==", salt));
    pbkdf2 salted;
    salted.start(as_bytes("pencil"), salt, 4096);
    ASSERT_TRUE(salted.run(4096));
    sha256_digest proof = hmac_sha256(salted.result())("Client Key");
    const auto signature = hmac_sha256(sha256(proof))(message);
    for (std::size_t i = 0; i < proof.size(); ++i) proof[i] ^= signature[i];
    EXPECT_EQ(base64_encode(proof), "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    const auto server_key = hmac_sha256(salted.result())("Server Key");
    EXPECT_EQ(base64_encode(hmac_sha256(server_key)(message)),
              "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

// The same exchange without the user name, as PostgreSQL has it.
TEST(scram, whole_exchange)
{
    scram_client client("pencil", {}, {}, "rOprNGfwEbeRWgbNEkqO");
    EXPECT_EQ(client.mechanism(), "SCRAM-SHA-256");
    EXPECT_EQ(client.client_first(), "n,,n=,r=rOprNGfwEbeRWgbNEkqO");
    EXPECT_EQ(client.iterations(), 0U);
    EXPECT_FALSE(client.server_first(
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
    EXPECT_EQ(client.iterations(), 4096U);
    int slices = 1;
    while (!client.hash(1000)) ++slices;
    EXPECT_EQ(slices, 5);
    EXPECT_EQ(client.client_final(), "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                     "p=qvT2SWdEH5Q06albL+hjSYuUhCG7VndFyzIb7CK4n9k=");
    EXPECT_FALSE(client.verified());
    EXPECT_FALSE(client.server_final("v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg="));
    EXPECT_TRUE(client.verified());
    EXPECT_TRUE(client.diag().empty());
}

TEST(scram, password_is_prepared)
{
    for (const std::string_view password : {"IX", "I\xC2\xADX", "\xE2\x85\xA8"}) {
        started_client client(password);
        ASSERT_FALSE(client.server_first(good_first));
        ASSERT_TRUE(client.hash(1));
        EXPECT_EQ(client.client_final(), "c=biws,r=abcdef,p=4EENqWA6B5Rw4MIcbvi7hMc4nVVTfIhoEOgOPAe00+s=");
        EXPECT_FALSE(client.server_final(good_final));
        EXPECT_TRUE(client.verified());
    }
}

TEST(scram, channel_binding_flags)
{
    std::string hash;
    for (int i = 0; i < 32; ++i) hash += static_cast<char>(i);
    started_client plus(std::string(100, 'x'), {},
                        {channel_binding::support::used, "tls-server-end-point", hash});
    EXPECT_EQ(plus.mechanism(), "SCRAM-SHA-256-PLUS");
    EXPECT_EQ(plus.first, "p=tls-server-end-point,,n=,r=abc");
    const std::string salt = base64_encode(as_bytes(std::string(1024, 's')));
    ASSERT_FALSE(plus.server_first("r=abcdef,s=" + salt + ",i=2"));
    ASSERT_TRUE(plus.hash(2));
    EXPECT_EQ(plus.client_final(),
              "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,r=abcdef,"
              "p=pnI2B9hSrnyyiUOsnla8MAAAMIR7D4UtJxJMy36aoXQ=");
    EXPECT_FALSE(plus.server_final("v=WnVu58j0urcB9HwOCmLMtCAJ8r5R6v9YkSmspTjSnJU="));
    EXPECT_TRUE(plus.verified());

    started_client downgraded("IX", {}, {channel_binding::support::not_offered, {}, {}});
    EXPECT_EQ(downgraded.first, "y,,n=,r=abc");
    EXPECT_EQ(downgraded.mechanism(), "SCRAM-SHA-256");
    ASSERT_FALSE(downgraded.server_first(good_first));
    ASSERT_TRUE(downgraded.hash(1));
    EXPECT_TRUE(downgraded.client_final().starts_with("c=eSws,r=abcdef,p="));
}

TEST(scram, nonce_is_18_random_bytes)
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        scram_client client("x");
        const std::string first = client.client_first();
        ASSERT_TRUE(first.starts_with("n,,n=,r="));
        std::vector<std::byte> bytes;
        ASSERT_TRUE(base64_decode(first.substr(8), bytes));
        EXPECT_GE(bytes.size(), 18U);
        EXPECT_TRUE(seen.insert(first).second);
    }
}

// --- what a hostile server may send first ---

struct refusal {
    std::string_view what;
    std::string message;
    errc code = errc::authentication_protocol;
};

std::string refusal_name(const testing::TestParamInfo<refusal>& info) { return std::string(info.param.what); }

class scram_first_refused : public testing::TestWithParam<refusal> {};

TEST_P(scram_first_refused, before_hashing)
{
    started_client client("secret-password");
    EXPECT_EQ(client.server_first(GetParam().message), GetParam().code) << client.diag().message();
    EXPECT_FALSE(client.diag().message().empty());
    EXPECT_EQ(client.diag().message().find("secret-password"), std::string_view::npos);
    EXPECT_EQ(client.iterations(), 0U);
    EXPECT_TRUE(client.hash(1)); // nothing to do
    EXPECT_EQ(client.client_final(), "");
    EXPECT_TRUE(client.server_final(good_final));
    EXPECT_FALSE(client.verified());
    // one exchange only: a second, good message does not revive it
    EXPECT_TRUE(client.server_first(good_first));
}

std::string with_salt(std::size_t bytes)
{
    return "r=abcdef,s=" + base64_encode(as_bytes(std::string(bytes, 's'))) + ",i=1";
}

INSTANTIATE_TEST_SUITE_P(
    messages, scram_first_refused,
    testing::Values(
        refusal{"empty", ""}, refusal{"garbage", "hello"}, refusal{"only_commas", ",,,"},
        refusal{"nul", std::string("r=abcdef,s=AQID,i=1\0", 20)}, refusal{"nonce_missing", "s=AQID,i=1"},
        refusal{"nonce_empty", "r=,s=AQID,i=1"}, refusal{"nonce_not_extended", "r=abc,s=AQID,i=1"},
        refusal{"nonce_shorter", "r=ab,s=AQID,i=1"}, refusal{"nonce_of_another", "r=abdef,s=AQID,i=1"},
        refusal{"nonce_behind_theirs", "r=defabc,s=AQID,i=1"},
        refusal{"nonce_other_case", "r=ABCdef,s=AQID,i=1"},
        refusal{"nonce_with_space", "r=abc def,s=AQID,i=1"},
        refusal{"nonce_with_control", "r=abcd\x01,s=AQID,i=1"},
        refusal{"nonce_not_ascii", "r=abcd\xC3\xA9,s=AQID,i=1"},
        refusal{"nonce_with_delete", "r=abcd\x7F,s=AQID,i=1"},
        refusal{"mandatory_extension", "m=x,r=abcdef,s=AQID,i=1"},
        refusal{"mandatory_extension_inside", "r=abcdef,m=x,s=AQID,i=1"},
        refusal{"extension_behind", "r=abcdef,s=AQID,i=1,x=y"},
        refusal{"comma_behind", "r=abcdef,s=AQID,i=1,"}, refusal{"salt_before_nonce", "s=AQID,r=abcdef,i=1"},
        refusal{"iterations_before_salt", "r=abcdef,i=1,s=AQID"},
        refusal{"twice", "r=abcdef,r=abcdef,s=AQID,i=1"}, refusal{"double_comma", "r=abcdef,,s=AQID,i=1"},
        refusal{"leading_comma", ",r=abcdef,s=AQID,i=1"}, refusal{"wrong_case", "R=abcdef,S=AQID,I=1"},
        refusal{"no_equals", "rabcdef,s=AQID,i=1"}, refusal{"salt_missing", "r=abcdef,i=1"},
        refusal{"iterations_missing", "r=abcdef,s=AQID"},
        refusal{"error", "e=other-error", errc::server_not_verified}),
    refusal_name);

INSTANTIATE_TEST_SUITE_P(
    salts, scram_first_refused,
    testing::Values(
        refusal{"empty", "r=abcdef,s=,i=1"}, refusal{"not_base64", "r=abcdef,s=****,i=1"},
        refusal{"no_padding", "r=abcdef,s=AQ,i=1"}, refusal{"only_padding", "r=abcdef,s====,i=1"},
        refusal{"white_space", "r=abcdef,s=AQ ID,i=1"}, refusal{"newline", "r=abcdef,s=AQID\n,i=1"},
        refusal{"url_alphabet", "r=abcdef,s=AQ-_,i=1"}, refusal{"bits_left_over", "r=abcdef,s=AR==,i=1"},
        refusal{"padding_inside", "r=abcdef,s=AQ==AQID,i=1"}, refusal{"bytes_1025", with_salt(1025)},
        refusal{"bytes_1026", with_salt(1026)}, refusal{"bytes_20000", with_salt(20000)}),
    refusal_name);

INSTANTIATE_TEST_SUITE_P(
    iterations, scram_first_refused,
    testing::Values(
        refusal{"zero", "r=abcdef,s=AQID,i=0"}, refusal{"leading_zero", "r=abcdef,s=AQID,i=01"},
        refusal{"negative", "r=abcdef,s=AQID,i=-1"}, refusal{"plus", "r=abcdef,s=AQID,i=+1"},
        refusal{"empty", "r=abcdef,s=AQID,i="}, refusal{"letters", "r=abcdef,s=AQID,i=1x"},
        refusal{"hex", "r=abcdef,s=AQID,i=0x10"}, refusal{"space", "r=abcdef,s=AQID,i= 1"},
        refusal{"fraction", "r=abcdef,s=AQID,i=1.5"},
        refusal{"above_cap", "r=abcdef,s=AQID,i=100001", errc::authentication_refused},
        refusal{"max_int", "r=abcdef,s=AQID,i=2147483647", errc::authentication_refused},
        refusal{"wraps_32_bits", "r=abcdef,s=AQID,i=4294967297", errc::authentication_refused},
        refusal{"wraps_64_bits", "r=abcdef,s=AQID,i=18446744073709551617", errc::authentication_refused},
        refusal{"very_long", "r=abcdef,s=AQID,i=" + std::string(20000, '9'), errc::authentication_refused}),
    refusal_name);

TEST(scram, salt_of_1_and_of_1024_bytes)
{
    for (const std::size_t bytes : {1U, 1024U}) {
        started_client client;
        EXPECT_FALSE(client.server_first(with_salt(bytes))) << client.diag().message();
    }
}

TEST(scram, iterations_up_to_the_cap)
{
    started_client at_default;
    EXPECT_FALSE(at_default.server_first("r=abcdef,s=AQID,i=100000"));
    EXPECT_FALSE(at_default.hash(1));
    started_client at_own("IX", {5000});
    EXPECT_FALSE(at_own.server_first("r=abcdef,s=AQID,i=5000"));
    started_client above_own("IX", {5000});
    EXPECT_EQ(above_own.server_first("r=abcdef,s=AQID,i=5001"), errc::authentication_refused);
    EXPECT_NE(above_own.diag().message().find("5001"), std::string_view::npos);
    EXPECT_NE(above_own.diag().message().find("5000"), std::string_view::npos);
}

TEST(scram, first_message_truncated_at_every_byte)
{
    const std::string_view whole = "r=abcdef,s=AQID,i=12";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        started_client client;
        const bool shorter_number = size == whole.size() - 1;
        EXPECT_EQ(!client.server_first(whole.substr(0, size)), shorter_number) << size;
    }
}

// --- what a hostile server may send last ---

class scram_final_refused : public testing::TestWithParam<refusal> {};

TEST_P(scram_final_refused, is_not_verified)
{
    started_client client;
    ASSERT_FALSE(client.server_first(good_first));
    ASSERT_TRUE(client.hash(1));
    ASSERT_FALSE(client.client_final().empty());
    EXPECT_EQ(client.server_final(GetParam().message), GetParam().code) << client.diag().message();
    EXPECT_FALSE(client.verified());
    EXPECT_FALSE(client.diag().message().empty());
    // no second try
    EXPECT_TRUE(client.server_final(good_final));
    EXPECT_FALSE(client.verified());
}

INSTANTIATE_TEST_SUITE_P(
    messages, scram_final_refused,
    testing::Values(refusal{"empty", ""}, refusal{"no_value", "v="}, refusal{"garbage", "ok"},
                    refusal{"bytes_31", "v=" + base64_encode(as_bytes(std::string(31, 'x')))},
                    refusal{"bytes_33", "v=" + base64_encode(as_bytes(std::string(33, 'x')))},
                    refusal{"bytes_0_padded", "v===="},
                    refusal{"bytes_20000", "v=" + std::string(20000, 'A')},
                    refusal{"not_base64", "v=" + std::string(43, '*') + "="},
                    refusal{"no_padding", "v=Sbj/0/FkX+ihjmIZFSe+D03xvHmqaWBTDtwmmaC98VQ"},
                    refusal{"bits_left_over", "v=Sbj/0/FkX+ihjmIZFSe+D03xvHmqaWBTDtwmmaC98VR="},
                    refusal{"extension_behind", std::string(good_final) + ",x=y"},
                    refusal{"comma_behind", std::string(good_final) + ","},
                    refusal{"nul_behind", std::string(good_final) + std::string(1, '\0')},
                    refusal{"upper_case", "V=Sbj/0/FkX+ihjmIZFSe+D03xvHmqaWBTDtwmmaC98VQ="},
                    refusal{"first_bit_wrong",
                            "v=ybj/0/FkX+ihjmIZFSe+D03xvHmqaWBTDtwmmaC98VQ=", errc::server_not_verified},
                    refusal{"last_bit_wrong",
                            "v=Sbj/0/FkX+ihjmIZFSe+D03xvHmqaWBTDtwmmaC98VU=", errc::server_not_verified},
                    refusal{"zeros", "v=" + base64_encode(as_bytes(std::string(32, '\0'))),
                            errc::server_not_verified},
                    refusal{"error", "e=invalid-proof", errc::server_not_verified},
                    refusal{"error_empty", "e=", errc::server_not_verified}),
    refusal_name);

TEST(scram, the_reason_of_an_error_is_shown_harmlessly)
{
    started_client client;
    ASSERT_FALSE(client.server_first(good_first));
    ASSERT_TRUE(client.hash(1));
    ASSERT_FALSE(client.client_final().empty());
    EXPECT_EQ(client.server_final("e=bad\x1b[2J\n" + std::string(5000, 'x')), errc::server_not_verified);
    EXPECT_NE(client.diag().message().find("bad?[2J?xxx"), std::string_view::npos);
    EXPECT_LT(client.diag().message().size(), 200U);
}

// --- order of the calls ---

TEST(scram, nothing_works_out_of_order)
{
    scram_client fresh("IX", {}, {}, "abc");
    EXPECT_TRUE(fresh.hash(10));
    EXPECT_EQ(fresh.client_final(), "");
    EXPECT_FALSE(fresh.verified());
    EXPECT_EQ(fresh.server_first(good_first), errc::authentication_protocol); // before client_first()
    EXPECT_EQ(fresh.client_first(), "");                                      // failed for good

    started_client final_too_early;
    EXPECT_EQ(final_too_early.server_final(good_final), errc::authentication_protocol);
    EXPECT_FALSE(final_too_early.verified());

    started_client before_ours; // the server's signature before our proof
    ASSERT_FALSE(before_ours.server_first(good_first));
    ASSERT_TRUE(before_ours.hash(1));
    EXPECT_EQ(before_ours.server_final(good_final), errc::authentication_protocol);
    EXPECT_FALSE(before_ours.verified());

    started_client unhashed;
    ASSERT_FALSE(unhashed.server_first("r=abcdef,s=AQID,i=2"));
    EXPECT_FALSE(unhashed.hash(0));
    EXPECT_EQ(unhashed.client_final(), "");
    EXPECT_TRUE(unhashed.hash(1));
    EXPECT_NE(unhashed.client_final(), "");
    EXPECT_EQ(unhashed.client_final(), ""); // once only

    started_client twice;
    ASSERT_FALSE(twice.server_first(good_first));
    EXPECT_EQ(twice.server_first(good_first), errc::authentication_protocol);
    EXPECT_EQ(twice.client_final(), "");
}

TEST(scram, a_second_exchange_takes_the_verification_back)
{
    started_client client;
    ASSERT_FALSE(client.server_first(good_first));
    ASSERT_TRUE(client.hash(1));
    ASSERT_FALSE(client.client_final().empty());
    ASSERT_FALSE(client.server_final(good_final));
    ASSERT_TRUE(client.verified());
    EXPECT_TRUE(client.server_final(good_final));
    EXPECT_FALSE(client.verified());
}

// --- keys that are kept ---

scram_keys keys_of(int n)
{
    scram_keys k;
    k.client.fill(static_cast<std::byte>(n));
    k.server.fill(static_cast<std::byte>(n + 1));
    return k;
}

TEST(scram_keys, the_last_few_are_kept)
{
    scram_key_cache cache;
    const auto name = [&](int n) {
        return cache.name(as_bytes("secret"), as_bytes("salt"), static_cast<unsigned>(n));
    };
    for (int n = 1; n <= static_cast<int>(scram_key_cache::capacity); ++n) cache.keep(name(n), keys_of(n));
    scram_keys found;
    ASSERT_TRUE(cache.find(name(1), found)); // used again, so that the second is the oldest
    EXPECT_EQ(found.client, keys_of(1).client);
    EXPECT_EQ(found.server, keys_of(1).server);
    cache.keep(name(100), keys_of(100));
    EXPECT_TRUE(cache.find(name(1), found));
    EXPECT_FALSE(cache.find(name(2), found));
    EXPECT_TRUE(cache.find(name(100), found));
}

TEST(scram_keys, another_password_salt_or_count_has_another_name)
{
    const scram_key_cache cache, other;
    const auto name = cache.name(as_bytes("secret"), as_bytes("salt"), 4096);
    EXPECT_EQ(name, cache.name(as_bytes("secret"), as_bytes("salt"), 4096));
    EXPECT_NE(name, cache.name(as_bytes("secret"), as_bytes("salt"), 4097));
    EXPECT_NE(name, cache.name(as_bytes("secrets"), as_bytes("alt"), 4096));
    EXPECT_NE(name, cache.name(as_bytes("Secret"), as_bytes("salt"), 4096));
    EXPECT_NE(name, other.name(as_bytes("secret"), as_bytes("salt"), 4096)); // a key of its own
}

TEST(scram_keys, a_second_exchange_hashes_nothing_and_gives_the_same_proof)
{
    const scram_limits keeping{.max_iterations = 100'000, .keep_keys = true};
    constexpr std::string_view password = "kept by this test alone";
    constexpr std::string_view server = "r=abcdef,s=AQID,i=5000";
    started_client first(password, keeping);
    ASSERT_FALSE(first.server_first(server));
    EXPECT_FALSE(first.hash(10));
    while (!first.hash(1000)) {
    }
    const std::string proof = first.client_final();

    // the server has not proved anything yet
    started_client unproved(password, keeping);
    ASSERT_FALSE(unproved.server_first(server));
    EXPECT_FALSE(unproved.hash(10));

    std::vector<std::byte> salt;
    ASSERT_TRUE(base64_decode("AQID", salt));
    pbkdf2 salted;
    salted.start(as_bytes(password), salt, 5000);
    ASSERT_TRUE(salted.run(5000));
    const std::string message = "n=,r=abc," + std::string(server) + ",c=biws,r=abcdef";
    const auto signature = hmac_sha256(hmac_sha256(salted.result())("Server Key"))(message);
    ASSERT_FALSE(first.server_final("v=" + base64_encode(signature)));

    started_client second(password, keeping);
    ASSERT_FALSE(second.server_first(server));
    EXPECT_TRUE(second.hash(0));
    EXPECT_EQ(second.client_final(), proof);
    EXPECT_FALSE(second.server_final("v=" + base64_encode(signature)));
    EXPECT_TRUE(second.verified());

    started_client without(password); // who did not ask for it hashes
    ASSERT_FALSE(without.server_first(server));
    EXPECT_FALSE(without.hash(10));
    started_client wrong("another password", keeping);
    ASSERT_FALSE(wrong.server_first(server));
    EXPECT_FALSE(wrong.hash(10));
}

} // namespace
