// Distributed under the Boost Software License, Version 1.0.
#include "auth/certificate.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace tusk::auth {

namespace {

constexpr std::size_t max_names_shown = 5;
constexpr std::size_t max_name_shown = 255;

[[nodiscard]] char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] bool same_without_case(std::string_view a, std::string_view b) noexcept
{
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// "*.example" is for "db.example", neither for "example" nor for "a.db.example".
[[nodiscard]] bool matches_wildcard(std::string_view pattern, std::string_view host) noexcept
{
    if (pattern.size() < 3 || !pattern.starts_with("*.")) return false;
    const std::size_t dot = host.find('.');
    return dot != std::string_view::npos && dot > 0 && same_without_case(pattern.substr(1), host.substr(dot));
}

[[nodiscard]] std::string_view text_of(const ASN1_STRING* s) noexcept
{
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)),
            static_cast<std::size_t>(std::max(ASN1_STRING_length(s), 0))};
}

/// What somebody wrote who is not trusted, made fit to be shown.
[[nodiscard]] std::string shown(std::string_view text)
{
    std::string out(text.substr(0, max_name_shown));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) c = '?';
    return out;
}

/// The bytes of a numeric address, 4 or 16; none for a name.
struct address {
    std::array<unsigned char, 16> bytes{};
    std::size_t size = 0;

    explicit address(std::string_view text)
    {
        const std::string zero_ended(text);
        if (inet_pton(AF_INET, zero_ended.c_str(), bytes.data()) == 1)
            size = 4;
        else if (inet_pton(AF_INET6, zero_ended.c_str(), bytes.data()) == 1)
            size = 16;
    }

    [[nodiscard]] bool is(std::string_view raw) const noexcept
    {
        return size != 0 && raw.size() == size && std::memcmp(raw.data(), bytes.data(), size) == 0;
    }
};

[[nodiscard]] std::string spelled(std::string_view raw)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = raw.size() == 4 ? AF_INET : raw.size() == 16 ? AF_INET6 : AF_UNSPEC;
    if (family == AF_UNSPEC || !inet_ntop(family, raw.data(), text.data(), text.size())) return "?";
    return text.data();
}

class matcher {
public:
    explicit matcher(std::string_view host)
        : host_(host)
        , address_(host)
    {
    }

    [[nodiscard]] bool is_address() const noexcept { return address_.size != 0; }

    void name(std::string_view text)
    {
        note(shown(text));
        if (text.find('\0') != std::string_view::npos) return;
        result_.matches = result_.matches || same_without_case(text, host_) ||
                          (!is_address() && matches_wildcard(text, host_));
    }
    void address_bytes(std::string_view raw)
    {
        note(spelled(raw));
        result_.matches = result_.matches || address_.is(raw);
    }

    [[nodiscard]] host_match result()
    {
        if (count_ > max_names_shown)
            result_.names += " and " + std::to_string(count_ - max_names_shown) + " more";
        if (count_ == 0) result_.names = "no name";
        return std::move(result_);
    }

private:
    void note(const std::string& text)
    {
        if (++count_ > max_names_shown) return;
        if (count_ > 1) result_.names += ", ";
        result_.names += '"' + text + '"';
    }

    std::string_view host_;
    address address_;
    host_match result_;
    std::size_t count_ = 0;
};

struct free_names {
    void operator()(GENERAL_NAMES* p) const noexcept { GENERAL_NAMES_free(p); }
};

/// Shows the matcher the subjectAltNames. Whether there is one of the host's kind.
[[nodiscard]] bool show_alternatives(const X509* certificate, matcher& to)
{
    const std::unique_ptr<GENERAL_NAMES, free_names> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    bool of_this_kind = false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* n = sk_GENERAL_NAME_value(names.get(), i);
        if (n->type == GEN_DNS)
            to.name(text_of(n->d.dNSName));
        else if (n->type == GEN_IPADD)
            to.address_bytes(text_of(n->d.iPAddress));
        of_this_kind = of_this_kind || n->type == (to.is_address() ? GEN_IPADD : GEN_DNS);
    }
    return of_this_kind;
}

[[nodiscard]] std::string spelled(const X509_NAME* name)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    if (!out || !name || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

} // namespace

bool is_address(std::string_view host) { return address(host).size != 0; }

host_match match_host(const x509_st* certificate, std::string_view host)
{
    matcher m(host);
    if (host.empty() || host.find('\0') != std::string_view::npos) return m.result();
    if (!show_alternatives(certificate, m)) {
        const X509_NAME* subject = X509_get_subject_name(certificate);
        const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
        if (at >= 0) m.name(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
    }
    return m.result();
}

end_point end_point_of(const x509_st* certificate)
{
    int algorithm = NID_undef;
    // reads the parameters of RSA-PSS too; it caches what it finds, hence the cast
    if (X509_get_signature_info(const_cast<X509*>(certificate), &algorithm, nullptr, nullptr, nullptr) != 1)
        return {{}, "could not determine server certificate signature algorithm"};
    const EVP_MD* digest = algorithm == NID_md5 || algorithm == NID_sha1 ? EVP_sha256()
                           : algorithm == NID_undef                      ? nullptr // Ed25519, Ed448
                                                                         : EVP_get_digestbynid(algorithm);
    if (!digest) {
        const char* name = OBJ_nid2sn(algorithm);
        return {{}, std::string("could not find digest for NID ") + (name ? name : "?")};
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (X509_digest(certificate, digest, hash.data(), &size) != 1)
        return {{}, "could not generate peer certificate hash"};
    return {std::string(reinterpret_cast<const char*>(hash.data()), size), {}};
}

std::string subject_of(const x509_st* certificate) { return spelled(X509_get_subject_name(certificate)); }
std::string issuer_of(const x509_st* certificate) { return spelled(X509_get_issuer_name(certificate)); }

} // namespace tusk::auth
