// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "codec/float_text.hpp"

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk::detail {

/// Reads a value's text from left to right. It remembers the first fault and gives zeros after it, so that a function
/// reads all its parts and asks once, with done().
class text_cursor {
public:
    explicit text_cursor(std::string_view text) noexcept
        : left_(text)
    {
    }

    /// Passes over `text`, which must be next.
    void expect(std::string_view text) noexcept
    {
        if (!accept(text)) fail();
    }

    /// Passes over `text` when it is next.
    bool accept(std::string_view text) noexcept
    {
        if (!left_.starts_with(text)) return false;
        left_.remove_prefix(text.size());
        return true;
    }

    /// The next character, which is taken; a fault at the end.
    char next() noexcept
    {
        if (left_.empty()) {
            fail();
            return '\0';
        }
        const char c = left_.front();
        left_.remove_prefix(1);
        return c;
    }

    /// Whether one of `stops` is next.
    [[nodiscard]] bool at_any(std::string_view stops) const noexcept
    {
        return !left_.empty() && stops.find(left_.front()) != std::string_view::npos;
    }

    /// What comes before the first of `stops`, or all that is left.
    std::string_view until(std::string_view stops) noexcept
    {
        const std::string_view found = left_.substr(0, left_.find_first_of(stops));
        left_.remove_prefix(found.size());
        return found;
    }

    /// An integer: as many digits as there are. A fault when it does not fit.
    template <std::integral T>
    T integer(int base = 10) noexcept
    {
        T value{};
        const auto [stop, ec] = std::from_chars(left_.data(), left_.data() + left_.size(), value, base);
        if (ec != std::errc{}) {
            fail();
            return {};
        }
        left_.remove_prefix(static_cast<std::size_t>(stop - left_.data()));
        return value;
    }

    /// A floating point number, which ends before the first of `stops`.
    template <std::floating_point T>
    T number(std::string_view stops) noexcept
    {
        T value{};
        if (parse_float(until(stops), value) != errc{}) fail();
        return value;
    }

    /// Marks what was read as faulty.
    void fail() noexcept
    {
        fault_ = true;
        left_ = {};
    }

    [[nodiscard]] bool empty() const noexcept { return left_.empty(); }
    [[nodiscard]] bool fault() const noexcept { return fault_; }
    /// No fault, and nothing left.
    [[nodiscard]] bool done() const noexcept { return !fault_ && left_.empty(); }

    /// `value`, when all was read without a fault.
    template <class T>
    [[nodiscard]] std::optional<T> finish(T value) const
    {
        if (!done()) return std::nullopt;
        return std::optional<T>(std::move(value));
    }

private:
    std::string_view left_;
    bool fault_ = false;
};

} // namespace tusk::detail
