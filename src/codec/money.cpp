// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/money.hpp>
#include <tusk/detail/bytes.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace tusk {
namespace {

/// What locales put between digits: point, comma, apostrophes, blanks, some of which do not break lines.
constexpr std::array<std::string_view, 8> separators{
    ".", ",", "'", " ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x99", "\xe2\x80\x89"};
constexpr std::string_view minus_sign = "\xe2\x88\x92"; // U+2212

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes the digits, each group behind a single separator; false when they are no number of 64 bits.
bool take_digits(std::string_view& text, std::uint64_t& magnitude) noexcept
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    while (!text.empty()) {
        const auto separator = std::find_if(separators.begin(), separators.end(), [text](std::string_view s) {
            return text.starts_with(s) && text.size() > s.size() && is_digit(text[s.size()]);
        });
        if (separator != separators.end()) text.remove_prefix(separator->size());
        if (!is_digit(text.front())) return true;
        const auto digit = static_cast<std::uint64_t>(text.front() - '0');
        if (magnitude > (most - digit) / 10) return false;
        magnitude = magnitude * 10 + digit;
        text.remove_prefix(1);
    }
    return true;
}

/// What stands before and behind the digits: the currency, and how the amount is negative.
struct surroundings {
    int minuses = 0, opened = 0, closed = 0;
    bool digits = false;

    void look_at(std::string_view text) noexcept
    {
        for (; !text.empty(); text.remove_prefix(1)) {
            if (text.front() == '-' || text.starts_with(minus_sign)) ++minuses;
            if (text.front() == '(') ++opened;
            if (text.front() == ')') ++closed;
            if (is_digit(text.front())) digits = true;
        }
    }
    [[nodiscard]] bool ok() const noexcept { return !digits && opened == closed && minuses + opened <= 1; }
};

errc read_text(std::string_view text, money& out) noexcept
{
    const auto first = std::find_if(text.begin(), text.end(), is_digit);
    if (first == text.end()) return errc::invalid_value;
    surroundings around;
    around.look_at(text.substr(0, static_cast<std::size_t>(first - text.begin())));
    text.remove_prefix(static_cast<std::size_t>(first - text.begin()));
    std::uint64_t magnitude = 0;
    if (!take_digits(text, magnitude)) return errc::invalid_value;
    around.look_at(text);
    const bool negative = around.minuses + around.opened != 0;
    const auto limit =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
    if (!around.ok() || magnitude > limit) return errc::invalid_value;
    out = money(static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude));
    return {};
}

} // namespace

errc decode_traits<money>::decode(const field& f, money& out) noexcept
{
    if (f.format() == format::text) return read_text(f.view(), out);
    const auto bytes = f.bytes();
    if (bytes.size() != 8) return errc::invalid_value;
    out = money(static_cast<std::int64_t>(detail::load_be<std::uint64_t>(bytes.first<8>())));
    return {};
}

} // namespace tusk
