// Distributed under the Boost Software License, Version 1.0.
#include "net/tls_files.hpp"

#include "conninfo/descriptor.hpp"
#include "conninfo/secret.hpp"

#include <tusk/error.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tusk::net {

namespace {

constexpr std::size_t max_key_file = 1024 * 1024;

[[nodiscard]] tls_failure bad_file(std::string sentence) { return {errc::tls_file, std::move(sentence)}; }

[[nodiscard]] std::string in_quotes(const std::string& path) { return '"' + path + '"'; }

/// What stat() says: 0, or the reason why there is nothing to be read.
[[nodiscard]] int missing(const std::string& path) noexcept
{
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? 0 : errno;
}

[[nodiscard]] bool is_not_there(int reason) noexcept { return reason == ENOENT || reason == ENOTDIR; }

[[nodiscard]] std::string text_of(int reason) { return std::generic_category().message(reason); }

/// Who may read a key may be the client: the owner alone, or the group too where the owner is root.
[[nodiscard]] bool is_private(const struct stat& about) noexcept
{
    const mode_t others = about.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    return (about.st_mode & others) == 0;
}

/// Reads a key file, whose permissions are looked at on the open file.
[[nodiscard]] tls_failure read_key_file(const std::string& path, std::string& content)
{
    const std::string named = "the private key file " + in_quotes(path);
    const conn::descriptor file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)); // a pipe shall not block
    if (file.get() < 0) {
        if (errno == ENOENT) return bad_file("there is a certificate, but not " + named);
        return bad_file(named + " cannot be read: " + text_of(errno));
    }
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return bad_file(named + " cannot be read: " + text_of(errno));
    if (!S_ISREG(about.st_mode)) return bad_file(named + " is not a regular file");
    if (!is_private(about))
        return bad_file(
            named + " has group or world access; it must have permissions u=rw (0600) or less if owned by "
                    "the current user, or u=rw,g=r (0640) or less if owned by root");
    if (about.st_size < 0 || static_cast<std::size_t>(about.st_size) > max_key_file)
        return bad_file(named + " is too large");
    content.resize(static_cast<std::size_t>(about.st_size));
    std::size_t got = 0;
    while (got < content.size()) {
        const ssize_t n = ::read(file.get(), content.data() + got, content.size() - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return bad_file(named + " cannot be read: " + text_of(errno));
        if (n == 0) break;
        got += static_cast<std::size_t>(n);
    }
    content.resize(got);
    return {};
}

/// OpenSSL asks for the password of a key. It is never asked for on the terminal.
struct password_answer {
    std::string_view password;
    bool asked = false;

    static int give(char* to, int size, int, void* self)
    {
        auto& answer = *static_cast<password_answer*>(self);
        answer.asked = true;
        if (size < 0 || answer.password.size() > static_cast<std::size_t>(size)) return 0;
        std::memcpy(to, answer.password.data(), answer.password.size());
        return static_cast<int>(answer.password.size());
    }
};

struct free_key {
    void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;

struct free_bio {
    void operator()(BIO* b) const noexcept { BIO_free(b); }
};

/// PEM, else DER as a plain key, else DER as an encrypted PKCS #8 key.
[[nodiscard]] key_ptr parse_key(const std::string& content, password_answer& password)
{
    const auto from = [&] {
        return std::unique_ptr<BIO, free_bio>(
            BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
    };
    key_ptr key(PEM_read_bio_PrivateKey(from().get(), nullptr, &password_answer::give, &password));
    if (key || password.asked) return key;
    const unsigned long why = ERR_peek_error();
    key.reset(d2i_PrivateKey_bio(from().get(), nullptr));
    if (!key) key.reset(d2i_PKCS8PrivateKey_bio(from().get(), nullptr, &password_answer::give, &password));
    if (!key && why != 0) { // the reader wants to know what is wrong with the PEM
        ERR_clear_error();
        ERR_raise(ERR_GET_LIB(why), ERR_GET_REASON(why));
    }
    return key;
}

[[nodiscard]] tls_failure load_key(SSL_CTX* context, const conn::tls_settings& tls)
{
    const std::string& path = tls.key.path;
    if (path.empty()) return bad_file("there is a certificate, but no home directory to look for its key in");
    if (tls.key.named && path.find(':') != std::string::npos && is_not_there(missing(path)))
        return {errc::unsupported_parameter, "sslkey: keys of an engine are not supported by tusk"};
    std::string content;
    const std::unique_ptr<std::string, void (*)(std::string*)> wiped(&content,
                                                                     [](std::string* s) { conn::wipe(*s); });
    if (tls_failure f = read_key_file(path, content)) return f;
    password_answer password{tls.key_password.view()};
    ERR_clear_error();
    const key_ptr key = parse_key(content, password);
    if (!key) {
        std::string why = password.asked ? "it is encrypted, and sslpassword is " : openssl_reason();
        if (password.asked) why += tls.key_password.empty() ? "missing" : "wrong";
        ERR_clear_error();
        return bad_file("the private key file " + in_quotes(path) + " cannot be loaded: " + why);
    }
    ERR_clear_error();
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return bad_file("the certificate does not match the private key file " + in_quotes(path) + ": " +
                        openssl_reason());
    return {};
}

/// Lists of revocations: where there are any, each certificate must be on a list's good side.
[[nodiscard]] tls_failure load_revocations(SSL_CTX* context, const conn::tls_settings& tls)
{
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    const auto load = [&](const char* file, const char* directory, const std::string& path) -> tls_failure {
        if (const int reason = missing(path))
            return bad_file("the certificate revocations " + in_quotes(path) +
                            " cannot be read: " + text_of(reason));
        ERR_clear_error();
        if (X509_STORE_load_locations(store, file, directory) != 1)
            return bad_file("the certificate revocations " + in_quotes(path) +
                            " cannot be read: " + openssl_reason());
        X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
        return {};
    };
    const auto& file = tls.crl;
    const bool usual_file = !file.named && !tls.system_roots && !file.path.empty() && !missing(file.path);
    if (file.named || usual_file)
        if (tls_failure f = load(file.path.c_str(), nullptr, file.path)) return f;
    const std::string& directory = tls.crl_directory;
    return directory.empty() ? tls_failure{} : load(nullptr, directory.c_str(), directory);
}

} // namespace

int tls_version(const std::string& name)
{
    static constexpr std::array<std::pair<const char*, int>, 4> known{{{"tlsv1", TLS1_VERSION},
                                                                       {"tlsv1.1", TLS1_1_VERSION},
                                                                       {"tlsv1.2", TLS1_2_VERSION},
                                                                       {"tlsv1.3", TLS1_3_VERSION}}};
    for (const auto& [text, version] : known)
        if (::strcasecmp(text, name.c_str()) == 0) return version;
    return 0;
}

tls_failure load_roots(ssl_ctx_st* context, const conn::tls_settings& tls, bool& checks)
{
    checks = true;
    ERR_clear_error();
    if (tls.system_roots) {
        if (SSL_CTX_set_default_verify_paths(context) != 1)
            return bad_file("the system's root certificates cannot be loaded: " + openssl_reason());
        return load_revocations(context, tls);
    }
    const std::string& path = tls.root.path;
    const int reason = path.empty() ? ENOENT : missing(path);
    if (!reason) {
        if (SSL_CTX_load_verify_locations(context, path.c_str(), nullptr) != 1)
            return bad_file("the root certificate file " + in_quotes(path) +
                            " cannot be read: " + openssl_reason());
        return load_revocations(context, tls);
    }
    checks = false;
    if (tls.mode < conn::tls_mode::verify_ca) return {};
    const char* what_to_do =
        "; provide the file, use the system's trusted roots with sslrootcert=system, or change "
        "sslmode to disable server certificate verification";
    if (path.empty())
        return bad_file(std::string("there is no home directory with a root certificate file") + what_to_do);
    if (is_not_there(reason))
        return bad_file("the root certificate file " + in_quotes(path) + " does not exist" + what_to_do);
    return bad_file("the root certificate file " + in_quotes(path) + " cannot be read: " + text_of(reason));
}

tls_failure load_client_certificate(ssl_ctx_st* context, const conn::tls_settings& tls)
{
    const std::string& path = tls.certificate.path;
    if (tls.client_certificate == conn::wish::disable || path.empty()) return {};
    if (const int reason = missing(path))
        return is_not_there(reason) ? tls_failure{} // as libpq: the server may not ask for one
                                    : bad_file("the certificate file " + in_quotes(path) +
                                               " cannot be read: " + text_of(reason));
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) != 1)
        return bad_file("the certificate file " + in_quotes(path) + " cannot be read: " + openssl_reason());
    return load_key(context, tls);
}

} // namespace tusk::net
