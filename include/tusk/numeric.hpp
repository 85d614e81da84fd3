// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/small_vector.hpp>
#include <tusk/error.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {
namespace detail {

/// Integers of any size that are numbers, not characters.
template <class T>
concept whole_number =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

} // namespace detail

/// An exact decimal number, as PostgreSQL's numeric: any value of the server's whole range, with its scale
/// (1.50 stays 1.50), or NaN, or infinity (which PostgreSQL has from 14 on). It stores and compares; for
/// arithmetic take it to a library of your choice, through `to_string()` or `digits()`.
///
/// Limits: 131 072 digits before the point and 16 383 behind it. Up to 29 digits need no heap.
/// Comparison: as PostgreSQL's. 1.5 equals 1.50; NaN equals itself and is greater than infinity.
/// \code
/// tusk::numeric price = tusk::numeric::parse("19.90");
/// std::cout << price.to_string() << " has " << price.scale() << " decimals\n";
/// auto pieces = tusk::numeric(12).as<int>();
/// \endcode
class numeric {
public:
    static constexpr int max_scale = 16'383;
    static constexpr int max_integer_digits = 131'072;

    /// 0
    numeric() noexcept = default;

    template <detail::whole_number T>
    numeric(T value) noexcept // NOLINT: every integer is a numeric
    {
        const bool below = std::cmp_less(value, 0);
        const auto bits = static_cast<std::uint64_t>(value);
        assign(below, below ? 0 - bits : bits);
    }

    /// The decimal number that is meant: the shortest one that reads back as the same double (0.1 is 0.1).
    explicit numeric(double value);
    explicit numeric(float value);

    [[nodiscard]] static numeric nan() noexcept { return numeric(kind::nan); }
    /// Greater than every number; `-numeric::infinity()` is less.
    [[nodiscard]] static numeric infinity() noexcept { return numeric(kind::infinite); }

    /// Reads what PostgreSQL writes, and exponents: "-12.340", ".5", "1e-3", "NaN", "Infinity", "-inf"; these
    /// words in any case. Nothing may stand in front or behind.
    /// Exceptions: tusk::error: errc::invalid_value for what is no number, errc::value_out_of_range beyond
    /// the limits.
    [[nodiscard]] static numeric parse(std::string_view text);
    /// The same with an error code; 0 after a failure.
    [[nodiscard]] static numeric parse(std::string_view text, std::error_code& ec);

    /// From digits to the base of 10 000: the first counts 10000^weight, the next 10000^(weight - 1), ...
    /// Exceptions: as parse(): errc::invalid_value for a digit above 9999, or one that is not 0 behind
    /// `scale` decimals; errc::value_out_of_range beyond the limits.
    [[nodiscard]] static numeric from_digits(bool negative, int weight, int scale,
                                             std::span<const std::uint16_t> digits);
    [[nodiscard]] static numeric from_digits(bool negative, int weight, int scale,
                                             std::span<const std::uint16_t> digits, std::error_code& ec);

    [[nodiscard]] bool is_nan() const noexcept { return kind_ == kind::nan; }
    [[nodiscard]] bool is_infinite() const noexcept { return kind_ == kind::infinite; }
    [[nodiscard]] bool is_finite() const noexcept { return kind_ == kind::finite; }
    [[nodiscard]] bool is_zero() const noexcept { return is_finite() && digits_.empty(); }
    [[nodiscard]] bool is_negative() const noexcept
    {
        return negative_ && (is_infinite() || (is_finite() && !digits_.empty()));
    }

    /// Decimals behind the point, zeros included; 0 for NaN and infinity.
    [[nodiscard]] int scale() const noexcept { return scale_; }
    /// Digits to the base of 10 000, as from_digits() takes them; neither the first nor the last is 0.
    [[nodiscard]] std::span<const std::uint16_t> digits() const noexcept { return digits_.span(); }
    [[nodiscard]] int weight() const noexcept { return digits_.empty() ? 0 : weight_; }

    [[nodiscard]] numeric operator-() const;
    [[nodiscard]] numeric abs() const;

    /// As PostgreSQL writes it, without an exponent: "-12.340", "NaN", "Infinity".
    /// Limits: as long as the number: a text of 7 characters can stand for one of 131 073.
    [[nodiscard]] std::string to_string() const;

    /// As an integer; or as the nearest double, which may round.
    /// Exceptions: tusk::error, errc::value_not_representable: an integer that does not fit, a fraction that
    /// is not 0, NaN and infinity as integers; a magnitude beyond those of double.
    template <class T>
    requires detail::whole_number<T> || std::same_as<T, double>
    [[nodiscard]] T as() const
    {
        T value{};
        if (const std::error_code ec = get(value)) throw error(ec);
        return value;
    }
    /// The same with an error code; `out` is unchanged after a failure.
    template <detail::whole_number T>
    [[nodiscard]] std::error_code get(T& out) const noexcept
    {
        std::uint64_t magnitude = 0;
        if (!whole(magnitude)) return errc::value_not_representable;
        const bool below = is_negative();
        // the least negative number has no positive counterpart
        if (below && magnitude > std::uint64_t{1} << 63) return errc::value_not_representable;
        const auto minus = static_cast<std::int64_t>(0 - magnitude);
        if (below ? !std::in_range<T>(minus) : !std::in_range<T>(magnitude))
            return errc::value_not_representable;
        out = static_cast<T>(below ? static_cast<std::uint64_t>(minus) : magnitude);
        return {};
    }
    [[nodiscard]] std::error_code get(double& out) const noexcept;

    friend bool operator==(const numeric& a, const numeric& b) noexcept { return (a <=> b) == 0; }
    friend std::weak_ordering operator<=>(const numeric& a, const numeric& b) noexcept;

    /// The same for equal numbers, whatever their scale.
    [[nodiscard]] std::size_t hash() const noexcept;

private:
    enum class kind : std::uint8_t { finite, infinite, nan };
    using digit_vector = detail::small_vector<std::uint16_t, 8>;

    explicit numeric(kind k) noexcept
        : kind_(k)
    {
    }
    void assign(bool negative, std::uint64_t magnitude) noexcept;
    [[nodiscard]] errc read(std::string_view text);
    [[nodiscard]] errc read_decimal(std::string_view text);
    [[nodiscard]] errc read_digits(bool negative, int weight, int scale,
                                   std::span<const std::uint16_t> digits);
    /// The magnitude, when it is a whole number of 64 bits.
    [[nodiscard]] bool whole(std::uint64_t& magnitude) const noexcept;

    digit_vector digits_; // base 10 000, without zeros at either end; empty for 0
    std::int32_t weight_ = 0;
    std::uint16_t scale_ = 0;
    kind kind_ = kind::finite;
    bool negative_ = false; // counts for infinity and where there are digits
};

} // namespace tusk

template <>
struct std::hash<tusk::numeric> {
    [[nodiscard]] std::size_t operator()(const tusk::numeric& value) const noexcept { return value.hash(); }
};
