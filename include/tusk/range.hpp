// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

namespace tusk {

/// Whether a range has an end, and whether the end belongs to it.
enum class bound_kind : unsigned char { infinite, inclusive, exclusive };

/// One end of a range; `value` has no meaning when it is infinite.
template <class T>
struct range_bound {
    bound_kind kind = bound_kind::infinite;
    T value{};

    friend bool operator==(const range_bound& a, const range_bound& b)
    {
        return a.kind == b.kind && (a.kind == bound_kind::infinite || a.value == b.value);
    }
};

/// A range of SQL: all values between two bounds, or none at all.
///
/// Comparing compares the bounds as they are. The server writes ranges of integers and dates as [a,b), so that
/// what is sent as [1,3] comes back as [1,4); it refuses a lower bound above the upper one.
/// \code
/// tusk::range<int> r(1, 5);                     // [1,5)
/// auto s = tusk::range<int>::closed(1, 5);      // [1,5]
/// auto t = tusk::range<int>::from(3);           // [3,)
/// r.contains(5);                                // false
/// \endcode
template <class T>
class range {
public:
    using value_type = T;
    using bound = range_bound<T>;

    /// 'empty': holds nothing.
    range() = default;
    /// [lower,upper)
    range(T lower, T upper)
        : range(bound{bound_kind::inclusive, std::move(lower)},
                bound{bound_kind::exclusive, std::move(upper)})
    {
    }
    range(bound lower, bound upper)
        : empty_(false)
        , lower_(std::move(lower))
        , upper_(std::move(upper))
    {
    }
    /// [lower,upper]
    [[nodiscard]] static range closed(T lower, T upper)
    {
        return {bound{bound_kind::inclusive, std::move(lower)},
                bound{bound_kind::inclusive, std::move(upper)}};
    }
    /// (lower,upper)
    [[nodiscard]] static range open(T lower, T upper)
    {
        return {bound{bound_kind::exclusive, std::move(lower)},
                bound{bound_kind::exclusive, std::move(upper)}};
    }
    /// [lower,)
    [[nodiscard]] static range from(T lower)
    {
        return {bound{bound_kind::inclusive, std::move(lower)}, bound{}};
    }
    /// (,upper)
    [[nodiscard]] static range below(T upper)
    {
        return {bound{}, bound{bound_kind::exclusive, std::move(upper)}};
    }
    /// (,)
    [[nodiscard]] static range all() { return {bound{}, bound{}}; }

    [[nodiscard]] bool is_empty() const noexcept { return empty_; }
    /// The bounds; of an empty range they have no meaning.
    [[nodiscard]] const bound& lower() const noexcept { return lower_; }
    [[nodiscard]] const bound& upper() const noexcept { return upper_; }

    [[nodiscard]] bool contains(const T& value) const
    {
        if (empty_) return false;
        if (lower_.kind == bound_kind::inclusive
                ? value < lower_.value
                : lower_.kind == bound_kind::exclusive && !(lower_.value < value))
            return false;
        return upper_.kind == bound_kind::inclusive
                   ? !(upper_.value < value)
                   : upper_.kind == bound_kind::infinite || value < upper_.value;
    }

    friend bool operator==(const range& a, const range& b)
    {
        return a.empty_ == b.empty_ && (a.empty_ || (a.lower_ == b.lower_ && a.upper_ == b.upper_));
    }

private:
    bool empty_ = true;
    bound lower_;
    bound upper_;
};

/// A multirange of SQL: ranges in ascending order that do not touch each other. The server brings them into
/// that form; nothing is done about it here.
template <class T>
class multirange {
public:
    using value_type = range<T>;

    multirange() = default;
    multirange(std::initializer_list<range<T>> ranges)
        : ranges_(ranges)
    {
    }
    explicit multirange(std::vector<range<T>> ranges)
        : ranges_(std::move(ranges))
    {
    }

    [[nodiscard]] const std::vector<range<T>>& ranges() const& noexcept { return ranges_; }
    [[nodiscard]] std::vector<range<T>>& ranges() & noexcept { return ranges_; }
    [[nodiscard]] std::vector<range<T>> ranges() && noexcept { return std::move(ranges_); }
    [[nodiscard]] std::size_t size() const noexcept { return ranges_.size(); }
    [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }
    [[nodiscard]] auto begin() const noexcept { return ranges_.begin(); }
    [[nodiscard]] auto end() const noexcept { return ranges_.end(); }
    [[nodiscard]] const range<T>& operator[](std::size_t i) const { return ranges_[i]; }

    [[nodiscard]] bool contains(const T& value) const
    {
        for (const range<T>& r : ranges_)
            if (r.contains(value)) return true;
        return false;
    }

    friend bool operator==(const multirange&, const multirange&) = default;

private:
    std::vector<range<T>> ranges_;
};

} // namespace tusk
