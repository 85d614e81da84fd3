// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/sha256.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tusk::auth {

/// The first block of PBKDF2-HMAC-SHA-256, which SCRAM calls Hi(), in slices: Hi = U1 XOR U2 XOR ... XOR Ui.
class pbkdf2 {
public:
    pbkdf2() noexcept = default;
    pbkdf2(const pbkdf2&) = delete;
    pbkdf2& operator=(const pbkdf2&) = delete;
    ~pbkdf2();

    /// Takes password and salt and does the first of `rounds`, which are at least 1.
    void start(std::span<const std::byte> password, std::span<const std::byte> salt,
               std::uint32_t rounds) noexcept;

    /// Does up to `rounds` more; true when none is left.
    [[nodiscard]] bool run(std::uint32_t rounds) noexcept;

    /// The key, once run() returned true.
    [[nodiscard]] const sha256_digest& result() const noexcept { return sum_; }

    /// Overwrites everything that depends on the password.
    void clear() noexcept;

private:
    hmac_sha256 key_;
    sha256_digest last_{};
    sha256_digest sum_{};
    std::uint32_t left_ = 0;
};

} // namespace tusk::auth
