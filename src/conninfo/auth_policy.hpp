// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>

namespace tusk::conn {

/// How a server may let a client in. `none`: it asks for nothing (trust, cert, peer).
enum class auth_method : std::uint8_t { none, password, md5, scram_sha_256, gss, sspi, oauth };

/// The value of require_auth: which methods may be answered. The default allows every one.
class auth_policy {
public:
    using method = auth_method;

    /// The client may answer a request for this method; for `none`: may be let in without any.
    [[nodiscard]] constexpr bool allows(method m) const noexcept { return (allowed_ & bit(m)) != 0; }

    /// The method is listed by name, not merely left over by the `!` ones or by an empty list.
    [[nodiscard]] constexpr bool explicit_(method m) const noexcept { return (listed_ & bit(m)) != 0; }

    /// require_auth was given: a refusal should name it.
    [[nodiscard]] constexpr bool given() const noexcept { return listed_ != 0 || allowed_ != everything; }

    /// A positive list: the first call forbids all that is not listed.
    constexpr void list(method m) noexcept
    {
        listed_ = static_cast<std::uint8_t>(listed_ | bit(m));
        allowed_ = listed_;
    }

    /// `!method`.
    constexpr void forbid(method m) noexcept { allowed_ = static_cast<std::uint8_t>(allowed_ & ~bit(m)); }

    friend constexpr bool operator==(const auth_policy&, const auth_policy&) noexcept = default;

private:
    static constexpr std::uint8_t everything = 0x7f;

    [[nodiscard]] static constexpr std::uint8_t bit(method m) noexcept
    {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(m));
    }

    std::uint8_t allowed_ = everything;
    std::uint8_t listed_ = 0;
};

} // namespace tusk::conn
