// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/secret_string.hpp"
#include "auth/sha256.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <span>

namespace tusk::auth {

/// What SCRAM derives from password, salt and iterations (RFC 5802): enough to log in, so it is wiped.
struct scram_keys {
    sha256_digest client{}; ///< ClientKey
    sha256_digest server{}; ///< ServerKey

    scram_keys() noexcept = default;
    scram_keys(const scram_keys&) noexcept = default;
    scram_keys& operator=(const scram_keys&) noexcept = default;
    ~scram_keys() { clear(); }
    void clear() noexcept
    {
        wipe(client.data(), client.size());
        wipe(server.data(), server.size());
    }
};

/// Keeps the keys of the last few users of this process, so that only the first of many connections pays for
/// thousands of rounds of hashing. Neither passwords nor salts are in it: an entry is found by a keyed hash of them.
///
/// Concurrency: any thread.
class scram_key_cache {
public:
    static constexpr std::size_t capacity = 16;

    scram_key_cache() noexcept;
    scram_key_cache(const scram_key_cache&) = delete;
    scram_key_cache& operator=(const scram_key_cache&) = delete;
    ~scram_key_cache() = default;

    /// That of the process.
    [[nodiscard]] static scram_key_cache& shared();

    /// Names what the keys are derived from.
    [[nodiscard]] sha256_digest name(std::span<const std::byte> password, std::span<const std::byte> salt,
                                     std::uint32_t iterations) const noexcept;
    /// False when they are not there.
    [[nodiscard]] bool find(const sha256_digest& name, scram_keys& out);
    /// To be called once the server has proved that it knows them too. The one least recently used gives way.
    void keep(const sha256_digest& name, const scram_keys& keys);

private:
    struct entry {
        sha256_digest name;
        scram_keys keys;
    };

    mutable std::mutex lock_;
    std::list<entry> entries_; // the one used last first
    hmac_sha256 key_;
    bool usable_ = false; // there were random numbers for the key
};

} // namespace tusk::auth
