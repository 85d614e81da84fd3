// Distributed under the Boost Software License, Version 1.0.
#include <tusk/bits.hpp>

#include <algorithm>
#include <utility>

namespace tusk {
namespace {

constexpr std::size_t bytes_for(std::size_t bits) noexcept { return bits / 8 + (bits % 8 != 0); }

/// The bits of the last byte that are not used.
constexpr std::uint8_t unused(std::size_t bits) noexcept
{
    return bits % 8 == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(0xffU >> bits % 8);
}

} // namespace

bits::bits(std::size_t count, bool value)
    : bytes_(bytes_for(count), static_cast<std::uint8_t>(value ? 0xff : 0))
    , size_(count)
{
    if (!bytes_.empty()) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() & ~unused(count));
}

bits::bits(const std::vector<bool>& from)
    : bits(from.size())
{
    for (std::size_t i = 0; i < size_; ++i) set(i, from[i]);
}

std::optional<bits> bits::parse(std::string_view text)
{
    bits value(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '0' && text[i] != '1') return std::nullopt;
        value.set(i, text[i] == '1');
    }
    return value;
}

std::optional<bits> bits::from_bytes(std::size_t count, std::vector<std::uint8_t> bytes)
{
    if (bytes.size() != bytes_for(count)) return std::nullopt;
    if (!bytes.empty() && (bytes.back() & unused(count)) != 0) return std::nullopt;
    bits value;
    value.bytes_ = std::move(bytes);
    value.size_ = count;
    return value;
}

std::string bits::to_string() const
{
    std::string text(size_, '0');
    for (std::size_t i = 0; i < size_; ++i)
        if ((*this)[i]) text[i] = '1';
    return text;
}

std::vector<bool> bits::to_vector() const
{
    std::vector<bool> to(size_);
    for (std::size_t i = 0; i < size_; ++i) to[i] = (*this)[i];
    return to;
}

void bits::push_back(bool value)
{
    if (size_ % 8 == 0) bytes_.push_back(0);
    set(size_++, value);
}

std::strong_ordering operator<=>(const bits& a, const bits& b) noexcept
{
    const auto [i, j] = std::ranges::mismatch(a.bytes_, b.bytes_);
    if (i != a.bytes_.end() && j != b.bytes_.end()) return *i <=> *j;
    return a.size_ <=> b.size_; // unused bits are zero, so the longer of two equal beginnings is the greater
}

} // namespace tusk
