// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include <openssl/sha.h>

namespace tusk::auth {

using sha256_digest = std::array<std::byte, SHA256_DIGEST_LENGTH>;

[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) noexcept
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

[[nodiscard]] sha256_digest sha256(std::span<const std::byte> data) noexcept;

/// HMAC-SHA-256 with a fixed key. The states after the two padded keys are computed once, so that an HMAC
/// over a digest costs two compressions; that is why the low-level functions are used.
class hmac_sha256 {
public:
    hmac_sha256() noexcept = default;
    explicit hmac_sha256(std::span<const std::byte> key) noexcept { set_key(key); }
    hmac_sha256(const hmac_sha256&) = delete;
    hmac_sha256& operator=(const hmac_sha256&) = delete;
    ~hmac_sha256() { clear(); }

    void set_key(std::span<const std::byte> key) noexcept;
    /// The HMAC of the parts, one after the other.
    [[nodiscard]] sha256_digest
    operator()(std::initializer_list<std::span<const std::byte>> parts) const noexcept;
    [[nodiscard]] sha256_digest operator()(std::string_view text) const noexcept
    {
        return (*this)({as_bytes(text)});
    }
    /// `rounds` times: replaces `last` by its HMAC and adds it to `sum` by XOR.
    void chain(sha256_digest& last, sha256_digest& sum, std::uint32_t rounds) const noexcept;
    void clear() noexcept;

private:
    SHA256_CTX inner_{};
    SHA256_CTX outer_{};
};

} // namespace tusk::auth
