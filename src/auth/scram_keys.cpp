// Distributed under the Boost Software License, Version 1.0.
#include "auth/scram_keys.hpp"

#include <algorithm>
#include <array>

#include <openssl/rand.h>

namespace tusk::auth {

scram_key_cache::scram_key_cache() noexcept
{
    std::array<unsigned char, 32> random{};
    const wipe_guard guard(random.data(), random.size());
    usable_ = RAND_bytes(random.data(), static_cast<int>(random.size())) == 1;
    key_.set_key(std::as_bytes(std::span(random)));
}

scram_key_cache& scram_key_cache::shared()
{
    static scram_key_cache cache;
    return cache;
}

sha256_digest scram_key_cache::name(std::span<const std::byte> password, std::span<const std::byte> salt,
                                    std::uint32_t iterations) const noexcept
{
    // lengths first, so that no two different inputs are the same bytes
    const std::array<std::uint64_t, 3> numbers{password.size(), salt.size(), iterations};
    return key_({std::as_bytes(std::span(numbers)), password, salt});
}

bool scram_key_cache::find(const sha256_digest& name, scram_keys& out)
{
    const std::lock_guard guard(lock_);
    const auto found = std::ranges::find(entries_, name, &entry::name);
    if (found == entries_.end()) return false;
    entries_.splice(entries_.begin(), entries_, found);
    out = found->keys;
    return true;
}

void scram_key_cache::keep(const sha256_digest& name, const scram_keys& keys)
{
    const std::lock_guard guard(lock_);
    if (!usable_ || std::ranges::find(entries_, name, &entry::name) != entries_.end()) return;
    entries_.push_front({name, keys});
    if (entries_.size() > capacity) entries_.pop_back();
}

} // namespace tusk::auth
