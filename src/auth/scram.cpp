// Distributed under the Boost Software License, Version 1.0.
#include "auth/scram.hpp"

#include "auth/base64.hpp"
#include "auth/pbkdf2.hpp"
#include "auth/saslprep.hpp"
#include "auth/secret_string.hpp"
#include "auth/sha256.hpp"

#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace tusk::auth {

namespace {

constexpr std::size_t nonce_bytes = 18;
constexpr std::size_t max_salt = 1024;
constexpr std::size_t max_reason = 100;

secret_string prepared(std::string_view password)
{
    std::string text = saslprep(password);
    const wipe_guard guard(text.data(), text.size());
    return secret_string(text);
}

// printable = %x21-2B / %x2D-7E
bool printable(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != ','; });
}

// attr-val = ALPHA "=" value: takes it off the front of `rest`, with the comma that follows. False when
// another attribute stands there.
bool take(std::string_view& rest, char name, std::string_view& value) noexcept
{
    if (rest.size() < 2 || rest[0] != name || rest[1] != '=') return false;
    value = rest.substr(2, rest.find(',') - 2);
    rest.remove_prefix(2 + value.size());
    if (rest.size() > 1) rest.remove_prefix(1); // a comma at the very end stays, and is refused as such
    return true;
}

// What a server wrote before it proved who it is, made fit to be shown.
std::string shown(std::string_view text)
{
    std::string out(text.substr(0, max_reason));
    for (char& c : out)
        if (c < 0x20 || c >= 0x7F) c = '?';
    return out;
}

} // namespace

scram_client::scram_client(std::string_view password, scram_limits limits, channel_binding binding)
    : scram_client(password, limits, std::move(binding), std::string())
{
}

scram_client::scram_client(std::string_view password, scram_limits limits, channel_binding binding,
                           std::string nonce)
    : password_(prepared(password))
    , limits_(limits)
    , binding_(std::move(binding))
    , nonce_(std::move(nonce))
{
}

scram_client::scram_client(const scram_keys& keys, scram_limits limits, channel_binding binding)
    : limits_(limits)
    , binding_(std::move(binding))
    , keys_(keys)
    , keys_given_(true)
    , keys_known_(true)
{
    limits_.keep_keys = false; // they were not derived here
}

std::string_view scram_client::mechanism() const noexcept
{
    return binding_.flag == channel_binding::support::used ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256";
}

std::error_code scram_client::fail(std::error_code why, std::string sentence)
{
    state_ = state::failed;
    password_.clear();
    salted_password_.clear();
    keys_.clear();
    diag_ = diagnostics::client(std::move(sentence));
    return why;
}

std::string scram_client::client_first()
{
    if (state_ != state::start) {
        (void)fail(errc::authentication_protocol, "the SCRAM exchange was begun twice");
        return {};
    }
    if (nonce_.empty()) {
        std::array<unsigned char, nonce_bytes> random{};
        if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
            (void)fail(errc::authentication_protocol,
                       "no random numbers could be had for the SCRAM exchange");
            return {};
        }
        nonce_ = base64_encode(std::as_bytes(std::span(random)));
    }
    switch (binding_.flag) {
    case channel_binding::support::none:
        gs2_header_ = "n,,";
        break;
    case channel_binding::support::not_offered:
        gs2_header_ = "y,,";
        break;
    case channel_binding::support::used:
        gs2_header_ = "p=" + binding_.type + ",,";
        break;
    }
    first_bare_ = "n=,r=" + nonce_;
    state_ = state::first_sent;
    return gs2_header_ + first_bare_;
}

std::error_code scram_client::check_nonce(std::string_view nonce)
{
    if (!nonce.starts_with(nonce_) || nonce.size() == nonce_.size())
        return fail(errc::authentication_protocol, "the server's SCRAM nonce does not extend the client's");
    if (!printable(nonce))
        return fail(errc::authentication_protocol,
                    "the server's SCRAM nonce holds characters that are not allowed");
    return {};
}

std::error_code scram_client::check_iterations(std::string_view digits)
{
    // posit-number = %x31-39 *DIGIT
    const bool number = !digits.empty() && digits.front() != '0' &&
                        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!number)
        return fail(errc::authentication_protocol,
                    "the server's SCRAM iteration count is not a positive number");
    std::uint32_t count = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (ec != std::errc() || count > limits_.max_iterations)
        return fail(errc::authentication_refused, "the server asks for " + shown(digits) +
                                                      " SCRAM iterations, more than the limit of " +
                                                      std::to_string(limits_.max_iterations));
    iterations_ = count;
    return {};
}

std::error_code scram_client::server_first(std::string_view message)
{
    if (state_ != state::first_sent)
        return fail(errc::authentication_protocol, "the server sent a SCRAM message out of order");
    std::string_view rest = message;
    std::string_view nonce, salt_text, iterations;
    if (rest.starts_with("m="))
        return fail(errc::authentication_protocol,
                    "the server asks for a SCRAM extension, of which there are none");
    if (rest.starts_with("e="))
        return fail(errc::server_not_verified,
                    "the server ended the SCRAM exchange: " + shown(rest.substr(2)));
    if (!take(rest, 'r', nonce) || !take(rest, 's', salt_text) || !take(rest, 'i', iterations) ||
        !rest.empty())
        return fail(errc::authentication_protocol,
                    "the server's first SCRAM message is not a nonce, a salt and an iteration count");
    if (const auto ec = check_nonce(nonce)) return ec;
    std::vector<std::byte> salt;
    const bool salt_fits = salt_text.size() <= (max_salt + 2) / 3 * 4;
    if (!salt_fits || !base64_decode(salt_text, salt) || salt.empty() || salt.size() > max_salt)
        return fail(errc::authentication_protocol,
                    "the server's SCRAM salt is not base64 of 1 to 1024 bytes");
    if (const auto ec = check_iterations(iterations)) return ec;

    server_first_ = message;
    full_nonce_ = nonce;
    begin_hashing(salt);
    return {};
}

void scram_client::begin_hashing(std::span<const std::byte> salt)
{
    const auto password = as_bytes(password_.view());
    if (keys_given_) {
        state_ = state::hashed;
        return;
    }
    if (limits_.keep_keys) {
        auto& cache = scram_key_cache::shared();
        keys_name_ = cache.name(password, salt, iterations_);
        keys_known_ = cache.find(keys_name_, keys_);
    }
    if (!keys_known_) salted_password_.start(password, salt, iterations_);
    password_.clear();
    state_ = keys_known_ ? state::hashed : state::hashing;
}

bool scram_client::hash(std::uint32_t iterations)
{
    if (state_ != state::hashing) return true;
    if (!salted_password_.run(iterations)) return false;
    state_ = state::hashed;
    return true;
}

void scram_client::derive_keys()
{
    if (keys_known_) return;
    const hmac_sha256 salted(salted_password_.result());
    keys_.client = salted("Client Key");
    keys_.server = salted("Server Key");
    salted_password_.clear();
}

// ClientProof = ClientKey XOR HMAC(H(ClientKey), AuthMessage); ServerSignature = HMAC(ServerKey, AuthMessage)
void scram_client::sign(std::string_view auth_message, sha256_digest& proof)
{
    sha256_digest stored_key = sha256(keys_.client);
    const wipe_guard guard(stored_key.data(), stored_key.size());
    server_signature_ = hmac_sha256(keys_.server)(auth_message);
    proof = hmac_sha256(stored_key)(auth_message);
    for (std::size_t i = 0; i < proof.size(); ++i) proof[i] ^= keys_.client[i];
}

std::string scram_client::client_final()
{
    if (state_ != state::hashed) return {};
    // client-final-message-without-proof = "c=" base64(gs2-header [cbind-data]) ",r=" nonce
    const bool bound = binding_.flag == channel_binding::support::used;
    std::string message = "c=" + base64_encode(as_bytes(bound ? gs2_header_ + binding_.data : gs2_header_)) +
                          ",r=" + full_nonce_;
    sha256_digest proof{};
    derive_keys();
    sign(first_bare_ + "," + server_first_ + "," + message, proof);
    message += ",p=" + base64_encode(proof);
    state_ = state::final_sent;
    return message;
}

std::error_code scram_client::server_final(std::string_view message)
{
    if (state_ != state::final_sent)
        return fail(errc::authentication_protocol, "the server sent a SCRAM message out of order");
    std::string_view rest = message;
    std::string_view value;
    if (rest.starts_with("e="))
        return fail(errc::server_not_verified,
                    "the server ended the SCRAM exchange: " + shown(rest.substr(2)));
    std::vector<std::byte> signature;
    const bool parsed = take(rest, 'v', value) && rest.empty() && value.size() <= 44 &&
                        base64_decode(value, signature) && signature.size() == server_signature_.size();
    if (!parsed)
        return fail(errc::authentication_protocol,
                    "the server's last SCRAM message is not a signature of 32 bytes");
    // in constant time: how much of a wrong signature fits is nobody's business
    if (CRYPTO_memcmp(signature.data(), server_signature_.data(), server_signature_.size()) != 0)
        return fail(errc::server_not_verified,
                    "the server's SCRAM signature is wrong: it does not know the password's verifier");
    if (limits_.keep_keys && !keys_known_) scram_key_cache::shared().keep(keys_name_, keys_);
    keys_.clear();
    state_ = state::verified;
    return {};
}

} // namespace tusk::auth
