// Distributed under the Boost Software License, Version 1.0.
#include <tusk/inet.hpp>

#include "codec/parse.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace tusk {
namespace {

/// A decimal number of at most `most`, without leading zeros: "010" is 8 to some and 10 to others.
bool parse_decimal(std::string_view text, unsigned most, unsigned& out) noexcept
{
    if (text.size() > 3 || (text.size() > 1 && text.front() == '0')) return false;
    return detail::parse_number(text, out) && out <= most;
}

/// Four octets.
bool parse_v4(std::string_view text, std::uint8_t* out) noexcept
{
    for (std::size_t i = 0; i < 4; ++i) {
        if (i != 0) {
            if (!text.starts_with('.')) return false;
            text.remove_prefix(1);
        }
        const std::string_view octet = text.substr(0, text.find('.'));
        unsigned value = 0;
        if (!parse_decimal(octet, 255, value)) return false;
        out[i] = static_cast<std::uint8_t>(value);
        text.remove_prefix(octet.size());
    }
    return text.empty();
}

/// One to four hexadecimal digits.
bool parse_group(std::string_view text, std::uint8_t* out) noexcept
{
    if (text.empty() || text.size() > 4) return false;
    unsigned value = 0;
    for (const char c : text) {
        const auto digit = detail::hex_digit(c);
        if (!digit) return false;
        value = value * 16 + *digit;
    }
    out[0] = static_cast<std::uint8_t>(value >> 8);
    out[1] = static_cast<std::uint8_t>(value & 0xff);
    return true;
}

/// Groups with colons between them; "::" once for any number of zeros; the last two perhaps as IPv4 (RFC 4291).
std::optional<inet::v6_bytes> parse_v6(std::string_view text) noexcept
{
    inet::v6_bytes bytes{};
    std::size_t used = 0;
    std::optional<std::size_t> gap;
    if (text.starts_with("::")) {
        gap = 0;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        if (used == bytes.size()) return std::nullopt;
        const std::string_view group = text.substr(0, text.find(':'));
        text.remove_prefix(group.size());
        if (group.find('.') != std::string_view::npos) {
            if (!text.empty() || used > 12 || !parse_v4(group, &bytes[used])) return std::nullopt;
            used += 4;
            break;
        }
        if (!parse_group(group, &bytes[used])) return std::nullopt;
        used += 2;
        if (text.empty()) break;
        text.remove_prefix(1);
        if (text.starts_with(':')) {
            if (gap) return std::nullopt;
            gap = used;
            text.remove_prefix(1);
        } else if (text.empty()) {
            return std::nullopt; // a colon at the end
        }
    }
    if (gap ? used == bytes.size() : used != bytes.size()) return std::nullopt;
    if (gap) { // what stands behind it goes to the end
        std::array<std::uint8_t, 16> whole{};
        for (std::size_t i = 0; i < *gap; ++i) whole[i] = bytes[i];
        for (std::size_t i = *gap; i < used; ++i) whole[whole.size() - used + i] = bytes[i];
        return whole;
    }
    return bytes;
}

std::string v4_text(const std::uint8_t* bytes)
{
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i != 0) text += '.';
        text += std::to_string(bytes[i]);
    }
    return text;
}

/// The first longest run of zero groups, two at least.
struct zero_run {
    std::size_t first = 0;
    std::size_t length = 0;
};

zero_run longest_run(const std::array<unsigned, 8>& groups) noexcept
{
    zero_run best;
    zero_run current;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (groups[i] != 0) {
            current = {};
            continue;
        }
        if (current.length == 0) current.first = i;
        ++current.length;
        if (current.length > best.length) best = current;
    }
    return best.length < 2 ? zero_run{} : best;
}

std::string v6_text(std::span<const std::uint8_t> bytes)
{
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = bytes[2 * i] * 256U + bytes[2 * i + 1];
    const zero_run gap = longest_run(groups);
    // ::1.2.3.4 and ::ffff:1.2.3.4
    const bool v4 = gap.first == 0 && (gap.length == 6 || (gap.length == 5 && groups[5] == 0xffff));
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (gap.length != 0 && i == gap.first) {
            text += "::";
            i += gap.length - 1;
            continue;
        }
        if (!text.empty() && !text.ends_with(':')) text += ':';
        if (v4 && i == 6) return text + v4_text(&bytes[12]);
        std::array<char, 4> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
        text.append(digits.data(), end);
    }
    return text;
}

/// Sets the bits behind the first `prefix` to zero.
void clear_behind(std::span<std::uint8_t> bytes, unsigned prefix) noexcept
{
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t before = 8 * i;
        const std::size_t kept = prefix <= before ? 0 : std::min<std::size_t>(prefix - before, 8);
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00U >> kept & 0xffU));
    }
}

} // namespace

unsigned inet::checked(unsigned prefix, unsigned most)
{
    if (prefix > most) throw std::out_of_range("tusk::inet: the prefix has more bits than the address");
    return prefix;
}

std::optional<inet> inet::parse(std::string_view text) noexcept
{
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    inet value;
    if (address.find(':') != std::string_view::npos) {
        const auto bytes = parse_v6(address);
        if (!bytes) return std::nullopt;
        value = inet(*bytes);
    } else {
        v4_bytes bytes{};
        if (!parse_v4(address, bytes.data())) return std::nullopt;
        value = inet(bytes);
    }
    if (slash == std::string_view::npos) return value;
    unsigned prefix = 0;
    if (!parse_decimal(text.substr(slash + 1), value.max_prefix(), prefix)) return std::nullopt;
    value.prefix_ = static_cast<std::uint8_t>(prefix);
    return value;
}

std::string inet::to_string() const
{
    std::string text = v6_ ? v6_text(bytes()) : v4_text(bytes_.data());
    return prefix_ == max_prefix() ? text : text + '/' + std::to_string(prefix_);
}

std::optional<inet::v4_bytes> inet::v4() const noexcept
{
    if (v6_) return std::nullopt;
    return v4_bytes{bytes_[0], bytes_[1], bytes_[2], bytes_[3]};
}

std::optional<inet::v6_bytes> inet::v6() const noexcept
{
    if (!v6_) return std::nullopt;
    return bytes_;
}

bool inet::is_network() const noexcept { return network().address_ == *this; }

cidr inet::network() const noexcept
{
    cidr result;
    result.address_ = *this;
    clear_behind(std::span(result.address_.bytes_).first(bytes().size()), prefix_);
    return result;
}

cidr::cidr(const inet& network)
    : address_(network)
{
    if (!network.is_network()) throw std::invalid_argument("tusk::cidr: bits behind the prefix are set");
}

std::optional<cidr> cidr::parse(std::string_view text) noexcept
{
    const auto address = inet::parse(text);
    if (!address || !address->is_network()) return std::nullopt;
    return address->network();
}

std::string cidr::to_string() const
{
    std::string text = address_.to_string();
    return prefix() == address_.max_prefix() ? text + '/' + std::to_string(prefix()) : text;
}

bool cidr::contains(const inet& other) const noexcept
{
    if (other.is_v6() != address_.is_v6() || other.prefix() < prefix()) return false;
    inet cut = other;
    cut.prefix_ = address_.prefix_;
    return cut.network() == *this;
}

} // namespace tusk
