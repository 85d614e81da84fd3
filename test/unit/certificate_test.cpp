// Distributed under the Boost Software License, Version 1.0.
// Host names and hashes of certificates, which are made here in memory.
#include "auth/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tusk::auth::end_point_of;
using tusk::auth::match_host;

struct free_any {
    void operator()(X509* p) const { X509_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
using certificate = std::unique_ptr<X509, free_any>;
using key = std::unique_ptr<EVP_PKEY, free_any>;

/// A name of a certificate, as it stands there, NUL bytes included.
struct name {
    int type; ///< GEN_DNS or GEN_IPADD
    std::string bytes;
};

certificate made(std::string_view common_name, const std::vector<name>& names)
{
    certificate c(X509_new());
    X509_NAME* subject = X509_get_subject_name(c.get());
    if (!common_name.empty())
        X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(common_name.data()),
                                   static_cast<int>(common_name.size()), -1, 0);
    GENERAL_NAMES* all = sk_GENERAL_NAME_new_null();
    for (const name& n : names) {
        GENERAL_NAME* g = GENERAL_NAME_new();
        ASN1_STRING* text = n.type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
        ASN1_STRING_set(text, n.bytes.data(), static_cast<int>(n.bytes.size()));
        GENERAL_NAME_set0_value(g, n.type, text);
        sk_GENERAL_NAME_push(all, g);
    }
    if (!names.empty()) X509_add1_ext_i2d(c.get(), NID_subject_alt_name, all, 0, 0);
    GENERAL_NAMES_free(all);
    return c;
}

bool fits(const certificate& c, std::string_view host) { return match_host(c.get(), host).matches; }

TEST(certificate, names)
{
    const certificate c = made("cn.example", {{GEN_DNS, "db.example"}, {GEN_DNS, "*.wild.example"}});
    for (const char* host : {"db.example", "DB.Example", "a.wild.example"})
        EXPECT_TRUE(fits(c, host)) << host;
    for (const char* host : {"cn.example", "wild.example", "a.b.wild.example", ".wild.example", "xdb.example",
                             "db.example.", "db.exampl", "*.wild", "", "127.0.0.1"})
        EXPECT_FALSE(fits(c, host)) << host;
    EXPECT_EQ(match_host(c.get(), "x").names, "\"db.example\", \"*.wild.example\"");
}

TEST(certificate, wildcards_stand_for_a_whole_first_label)
{
    for (const char* pattern : {"*", "*.", "d*.example", "*b.example", "db.*", "*.*.example", "**.example"}) {
        const certificate c = made("", {{GEN_DNS, pattern}});
        EXPECT_FALSE(fits(c, "db.example")) << pattern;
    }
    EXPECT_FALSE(fits(made("", {{GEN_DNS, "*.0.0.1"}}), "127.0.0.1"));
}

TEST(certificate, common_name)
{
    EXPECT_TRUE(fits(made("db.example", {}), "db.example"));
    EXPECT_TRUE(fits(made("*.example", {}), "db.example"));
    EXPECT_FALSE(fits(made("db.example", {{GEN_DNS, "other.example"}}), "db.example"));
    // as libpq: what stands for another kind of host does not keep the common name from counting
    EXPECT_TRUE(fits(made("db.example", {{GEN_IPADD, std::string("\x7f\0\0\1", 4)}}), "db.example"));
    EXPECT_TRUE(fits(made("192.0.2.1", {{GEN_DNS, "db.example"}}), "192.0.2.1"));
    EXPECT_FALSE(fits(made("192.0.2.1", {{GEN_IPADD, std::string("\x7f\0\0\1", 4)}}), "192.0.2.1"));
    EXPECT_FALSE(fits(made("", {}), "db.example"));
    EXPECT_EQ(match_host(made("", {}).get(), "db.example").names, "no name");
}

TEST(certificate, addresses)
{
    const certificate c = made("", {{GEN_IPADD, std::string("\x7f\0\0\1", 4)},
                                    {GEN_IPADD, std::string("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16)},
                                    {GEN_IPADD, std::string("\x7f\0\0", 3)}});
    for (const char* host : {"127.0.0.1", "::1", "0:0:0:0:0:0:0:1"}) EXPECT_TRUE(fits(c, host)) << host;
    for (const char* host : {"127.0.0.2", "::2", "::ffff:127.0.0.1", "127.0.0", "localhost"})
        EXPECT_FALSE(fits(c, host)) << host;
    EXPECT_EQ(match_host(c.get(), "x").names, "\"127.0.0.1\", \"::1\", \"?\"");
}

TEST(certificate, nul_bytes_match_nothing)
{
    const std::string trick("db.example\0.evil.example", 24);
    EXPECT_FALSE(fits(made("", {{GEN_DNS, trick}}), "db.example"));
    EXPECT_FALSE(fits(made(trick, {}), "db.example"));
    EXPECT_FALSE(fits(made("", {{GEN_DNS, trick}}), trick));
    EXPECT_EQ(match_host(made("", {{GEN_DNS, trick}}).get(), "x").names, "\"db.example?.evil.example\"");
}

TEST(certificate, many_names_are_not_all_shown)
{
    std::vector<name> names;
    for (int i = 0; i < 1000; ++i) names.push_back({GEN_DNS, "n" + std::to_string(i)});
    const certificate c = made("", names);
    EXPECT_TRUE(fits(c, "n999"));
    EXPECT_EQ(match_host(c.get(), "x").names, R"("n0", "n1", "n2", "n3", "n4" and 995 more)");
}

/// A certificate that a key of this kind has signed with this hash.
certificate signed_by(const key& k, const EVP_MD* digest, bool pss = false)
{
    certificate c = made("db.example", {});
    X509_set_version(c.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(c.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(c.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(c.get()), 3600);
    X509_set_issuer_name(c.get(), X509_get_subject_name(c.get()));
    X509_set_pubkey(c.get(), k.get());
    EVP_MD_CTX* how = EVP_MD_CTX_new();
    EVP_PKEY_CTX* padding = nullptr;
    EXPECT_EQ(EVP_DigestSignInit(how, &padding, digest, nullptr, k.get()), 1);
    if (pss) EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING), 1);
    EXPECT_GT(X509_sign_ctx(c.get(), how), 0);
    EVP_MD_CTX_free(how);
    return c;
}

std::string digest_of(const certificate& c, const EVP_MD* digest)
{
    std::string hash(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    X509_digest(c.get(), digest, reinterpret_cast<unsigned char*>(hash.data()), &size);
    hash.resize(size);
    return hash;
}

TEST(certificate, end_point_hash_is_that_of_the_signature)
{
    const key rsa(EVP_RSA_gen(2048));
    const struct {
        const EVP_MD* signature;
        const EVP_MD* hash;
    } table[] = {{EVP_md5(), EVP_sha256()},    {EVP_sha1(), EVP_sha256()},   {EVP_sha224(), EVP_sha224()},
                 {EVP_sha256(), EVP_sha256()}, {EVP_sha384(), EVP_sha384()}, {EVP_sha512(), EVP_sha512()}};
    for (const auto& t : table) {
        const certificate c = signed_by(rsa, t.signature);
        EXPECT_EQ(end_point_of(c.get()).hash, digest_of(c, t.hash)) << EVP_MD_get0_name(t.signature);
    }
    const certificate pss = signed_by(rsa, EVP_sha384(), true);
    EXPECT_EQ(end_point_of(pss.get()).hash, digest_of(pss, EVP_sha384()));
    const key ec(EVP_EC_gen("P-256"));
    const certificate c = signed_by(ec, EVP_sha512());
    EXPECT_EQ(end_point_of(c.get()).hash, digest_of(c, EVP_sha512()));
}

TEST(certificate, some_have_no_end_point_hash)
{
    for (const char* kind : {"ED25519", "ED448"}) {
        const key k(EVP_PKEY_Q_keygen(nullptr, nullptr, kind));
        const certificate c = signed_by(k, nullptr);
        const auto e = end_point_of(c.get());
        EXPECT_TRUE(e.hash.empty()) << kind;
        EXPECT_EQ(e.why_not, "could not find digest for NID UNDEF") << kind;
    }
    const certificate unsigned_one = made("db.example", {});
    EXPECT_TRUE(end_point_of(unsigned_one.get()).hash.empty());
    EXPECT_FALSE(end_point_of(unsigned_one.get()).why_not.empty());
}

} // namespace
