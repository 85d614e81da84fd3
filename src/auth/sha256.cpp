// Distributed under the Boost Software License, Version 1.0.

// SHA256_* are deprecated since OpenSSL 3.0 in favour of EVP, which costs several times as much for short
// inputs.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "auth/sha256.hpp"

#include "auth/secret_string.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include <openssl/sha.h>

namespace tusk::auth {

namespace {

using block = std::array<unsigned char, SHA256_CBLOCK>;

unsigned char* raw(sha256_digest& digest) noexcept { return reinterpret_cast<unsigned char*>(digest.data()); }

void store(const SHA256_CTX& state, unsigned char* out) noexcept
{
    for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t j = 0; j < 4; ++j)
            out[4 * i + j] =
                static_cast<unsigned char>(static_cast<std::uint32_t>(state.h[i]) >> (24 - 8 * j));
}

} // namespace

sha256_digest sha256(std::span<const std::byte> data) noexcept
{
    sha256_digest digest;
    SHA256_CTX state;
    const wipe_guard guard(&state, sizeof state);
    SHA256_Init(&state);
    SHA256_Update(&state, data.data(), data.size());
    SHA256_Final(raw(digest), &state);
    return digest;
}

void hmac_sha256::set_key(std::span<const std::byte> key) noexcept
{
    sha256_digest hashed{};
    block pad{};
    const wipe_guard guard_hashed(hashed.data(), hashed.size());
    const wipe_guard guard_pad(pad.data(), pad.size());
    if (key.size() > pad.size()) {
        hashed = sha256(key);
        key = hashed;
    }
    for (std::size_t i = 0; i < pad.size(); ++i)
        pad[i] =
            static_cast<unsigned char>(0x36U ^ (i < key.size() ? std::to_integer<unsigned>(key[i]) : 0U));
    SHA256_Init(&inner_);
    SHA256_Update(&inner_, pad.data(), pad.size());
    for (auto& b : pad) b = static_cast<unsigned char>(b ^ 0x36 ^ 0x5c);
    SHA256_Init(&outer_);
    SHA256_Update(&outer_, pad.data(), pad.size());
}

sha256_digest hmac_sha256::operator()(std::initializer_list<std::span<const std::byte>> parts) const noexcept
{
    sha256_digest digest;
    SHA256_CTX state = inner_;
    const wipe_guard guard(&state, sizeof state);
    for (const auto part : parts) SHA256_Update(&state, part.data(), part.size());
    SHA256_Final(raw(digest), &state);
    state = outer_;
    SHA256_Update(&state, digest.data(), digest.size());
    SHA256_Final(raw(digest), &state);
    return digest;
}

void hmac_sha256::chain(sha256_digest& last, sha256_digest& sum, std::uint32_t rounds) const noexcept
{
    // FIPS 180-4 padding of 32 bytes behind a block of 64: 0x80, zeros, the length in bits (768 = 0x0300).
    // The result of each compression is put where the next one reads it.
    block message{};
    SHA256_CTX state;
    const wipe_guard guard_message(message.data(), message.size());
    const wipe_guard guard_state(&state, sizeof state);
    std::ranges::copy(std::span(raw(last), last.size()), message.begin());
    message[32] = 0x80;
    message[62] = 0x03;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        for (const SHA256_CTX* start : {&inner_, &outer_}) {
            state = *start;
            SHA256_Transform(&state, message.data());
            store(state, message.data());
        }
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] ^= static_cast<std::byte>(message[i]);
    }
    std::ranges::copy(std::span(message).first(last.size()), raw(last));
}

void hmac_sha256::clear() noexcept
{
    wipe(&inner_, sizeof inner_);
    wipe(&outer_, sizeof outer_);
}

} // namespace tusk::auth
