// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tusk {

class cidr;

/// An IPv4 or IPv6 address with the length of its network prefix: SQL's inet. A value; the default is 0.0.0.0/32.
///
/// The bytes are in network order, as the to_bytes() of Asio's addresses gives them:
/// \code
/// tusk::inet client(socket.remote_endpoint().address().to_v4().to_bytes()); // a host: the prefix is all bits
/// tusk::inet router(std::array<std::uint8_t, 4>{192, 168, 0, 1}, 24);       // 192.168.0.1/24
/// \endcode
class inet {
public:
    using v4_bytes = std::array<std::uint8_t, 4>;
    using v6_bytes = std::array<std::uint8_t, 16>;

    constexpr inet() noexcept = default;
    constexpr explicit inet(const v4_bytes& address) noexcept
        : inet(false, address, 32)
    {
    }
    constexpr explicit inet(const v6_bytes& address) noexcept
        : inet(true, address, 128)
    {
    }
    /// Exceptions: std::out_of_range for a prefix of more bits than the address has.
    inet(const v4_bytes& address, unsigned prefix)
        : inet(false, address, checked(prefix, 32))
    {
    }
    inet(const v6_bytes& address, unsigned prefix)
        : inet(true, address, checked(prefix, 128))
    {
    }

    /// Reads "192.168.0.1", "192.168.0.1/24", "2001:db8::1/64" and "::ffff:1.2.3.4". Octets and prefixes have no
    /// leading zeros, and IPv4 has four octets. Anything else gives an empty optional.
    [[nodiscard]] static std::optional<inet> parse(std::string_view text) noexcept;

    /// As the server writes it: "192.168.0.1/24", and "192.168.0.1" where the prefix is all bits.
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] constexpr bool is_v4() const noexcept { return !v6_; }
    [[nodiscard]] constexpr bool is_v6() const noexcept { return v6_; }
    /// The 4 or 16 bytes of the address. Lifetimes: a view into this object.
    [[nodiscard]] constexpr std::span<const std::uint8_t> bytes() const noexcept
    {
        return std::span(bytes_).first(v6_ ? 16 : 4);
    }
    /// The address in a type of its own; empty when it is of the other family.
    [[nodiscard]] std::optional<v4_bytes> v4() const noexcept;
    [[nodiscard]] std::optional<v6_bytes> v6() const noexcept;
    /// Bits of the address that name the network: 0 to 32 or 128.
    [[nodiscard]] constexpr unsigned prefix() const noexcept { return prefix_; }
    /// 32 or 128.
    [[nodiscard]] constexpr unsigned max_prefix() const noexcept { return v6_ ? 128 : 32; }

    /// Whether no bit behind the prefix is set, as a cidr must have it.
    [[nodiscard]] bool is_network() const noexcept;
    /// The network that the address is in: 192.168.0.1/24 is in 192.168.0.0/24.
    [[nodiscard]] cidr network() const noexcept;

    friend constexpr bool operator==(const inet&, const inet&) noexcept = default;
    /// An order for containers: by family, address and prefix. The server compares networks first.
    friend constexpr std::strong_ordering operator<=>(const inet&, const inet&) noexcept = default;

private:
    friend class cidr;
    template <std::size_t N>
    constexpr inet(bool v6, const std::array<std::uint8_t, N>& address, unsigned prefix) noexcept
        : v6_(v6)
        , prefix_(static_cast<std::uint8_t>(prefix))
    {
        for (std::size_t i = 0; i < N; ++i) bytes_[i] = address[i];
    }
    static unsigned checked(unsigned prefix, unsigned most);

    bool v6_ = false;
    v6_bytes bytes_{};
    std::uint8_t prefix_ = 32;
};

/// An IPv4 or IPv6 network: SQL's cidr, an address whose bits behind the prefix are zero. A value; the default is
/// 0.0.0.0/32.
class cidr {
public:
    constexpr cidr() noexcept = default;
    /// Exceptions: std::invalid_argument when a bit behind the prefix is set; inet::network() clears them.
    explicit cidr(const inet& network);

    /// Reads what inet::parse reads, where no bit behind the prefix is set.
    [[nodiscard]] static std::optional<cidr> parse(std::string_view text) noexcept;

    /// As the server writes it: always with the prefix, "10.0.0.0/8", "10.1.2.3/32".
    [[nodiscard]] std::string to_string() const;

    /// The first address of the network, with the prefix.
    [[nodiscard]] constexpr const inet& address() const noexcept { return address_; }
    [[nodiscard]] constexpr unsigned prefix() const noexcept { return address_.prefix(); }
    /// Whether the address, or all of a smaller network, lies in this one, as SQL's >>= has it.
    [[nodiscard]] bool contains(const inet& other) const noexcept;

    friend constexpr bool operator==(const cidr&, const cidr&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const cidr&, const cidr&) noexcept = default;

private:
    friend class inet;
    inet address_;
};

} // namespace tusk
