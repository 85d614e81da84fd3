// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tusk::detail {

/// Reads a text from its start; after the first thing that is not there, `ok` is false.
class scanner {
public:
    explicit scanner(std::string_view text) noexcept
        : rest_(text)
    {
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool done() const noexcept { return ok_ && rest_.empty(); }
    void fail() noexcept { ok_ = false; }

    /// A number of at least `least` and at most `most` digits (at most 18), up to and with `limit`.
    std::int64_t number(std::size_t least, std::size_t most, std::int64_t limit) noexcept
    {
        std::size_t n = 0;
        std::int64_t value = 0;
        for (; n < most && n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n)
            value = value * 10 + (rest_[n] - '0');
        digits_ = n;
        rest_.remove_prefix(n);
        if (n < least || value > limit) ok_ = false;
        return ok_ ? value : 0;
    }
    /// How many digits the number read last had.
    [[nodiscard]] std::size_t digits() const noexcept { return digits_; }
    [[nodiscard]] bool at(char c) const noexcept { return rest_.starts_with(c); }
    [[nodiscard]] bool at_digit() const noexcept
    {
        return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    }

    /// -1 for a minus, which is taken, else 1; a plus is taken too.
    std::int64_t sign() noexcept
    {
        if (skip("-")) return -1;
        static_cast<void>(skip("+"));
        return 1;
    }

    /// A point and up to six digits, in microseconds; 0 without a point.
    std::int64_t fraction() noexcept
    {
        if (!skip(".")) return 0;
        std::int64_t micros = number(1, 6, 999'999);
        for (std::size_t n = digits_; n < 6; ++n) micros *= 10;
        return micros;
    }

    [[nodiscard]] bool skip(std::string_view text) noexcept
    {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    void need(std::string_view text) noexcept { ok_ = skip(text) && ok_; }

    /// One of these words of equal length, which stand in a row; gives its place in the list.
    [[nodiscard]] std::size_t one_of(std::string_view words, std::size_t length) noexcept
    {
        for (std::size_t i = 0; i * length < words.size(); ++i)
            if (skip(words.substr(i * length, length))) return i;
        ok_ = false;
        return 0;
    }

private:
    std::string_view rest_;
    std::size_t digits_ = 0;
    bool ok_ = true;
};

} // namespace tusk::detail
