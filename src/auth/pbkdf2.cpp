// Distributed under the Boost Software License, Version 1.0.
#include "auth/pbkdf2.hpp"

#include "auth/secret_string.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tusk::auth {

pbkdf2::~pbkdf2() { clear(); }

void pbkdf2::start(std::span<const std::byte> password, std::span<const std::byte> salt,
                   std::uint32_t rounds) noexcept
{
    // U1 = HMAC(password, salt + INT(1))
    static constexpr std::array block_number{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
    key_.set_key(password);
    last_ = key_({salt, block_number});
    sum_ = last_;
    left_ = rounds - std::min<std::uint32_t>(rounds, 1);
}

bool pbkdf2::run(std::uint32_t rounds) noexcept
{
    const std::uint32_t now = std::min(rounds, left_);
    key_.chain(last_, sum_, now);
    left_ -= now;
    return left_ == 0;
}

void pbkdf2::clear() noexcept
{
    key_.clear();
    wipe(last_.data(), last_.size());
    wipe(sum_.data(), sum_.size());
    left_ = 0;
}

} // namespace tusk::auth
