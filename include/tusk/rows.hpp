// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/command.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

/// What a typed query gives: its rows, read into objects of type T, and what the command had to say.
///
/// Lifetimes: owns its rows. T must own what it holds (std::string, not std::string_view), for the received
/// bytes are gone.
/// \code
/// struct user { std::int64_t id; std::string name; };
/// tusk::rows<user> all = co_await db.async_query<user>("select id, name from users");
/// for (const user& u : all) std::cout << u.name << '\n';
/// std::vector<user> mine = std::move(all).take();
/// \endcode
template <class T>
class rows {
    static_assert(!detail::row_borrows<T>(),
                  "the rows of a typed query outlive the received bytes: read into std::string, std::vector");

public:
    using value_type = T;
    using container = std::vector<T>;
    using size_type = std::size_t;
    using reference = typename container::reference;
    using const_reference = typename container::const_reference;
    using iterator = typename container::iterator;
    using const_iterator = typename container::const_iterator;

    rows() = default;
    /// What an operation completes with.
    rows(container values, command done)
        : values_(std::move(values))
        , done_(std::move(done))
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }

    [[nodiscard]] iterator begin() noexcept { return values_.begin(); }
    [[nodiscard]] iterator end() noexcept { return values_.end(); }
    [[nodiscard]] const_iterator begin() const noexcept { return values_.begin(); }
    [[nodiscard]] const_iterator end() const noexcept { return values_.end(); }

    /// Row `i`, from 0, which must be there; `at` throws std::out_of_range where it is not.
    [[nodiscard]] reference operator[](std::size_t i) { return values_[i]; }
    [[nodiscard]] const_reference operator[](std::size_t i) const { return values_[i]; }
    [[nodiscard]] reference at(std::size_t i) { return values_.at(i); }
    [[nodiscard]] const_reference at(std::size_t i) const { return values_.at(i); }
    /// The first and the last row; there must be one.
    [[nodiscard]] reference front() { return values_.front(); }
    [[nodiscard]] const_reference front() const { return values_.front(); }
    [[nodiscard]] reference back() { return values_.back(); }
    [[nodiscard]] const_reference back() const { return values_.back(); }

    /// Moves the rows out.
    [[nodiscard]] container take() { return std::exchange(values_, {}); }

    /// The command tag: "SELECT 3", "INSERT 0 1".
    [[nodiscard]] std::string_view tag() const noexcept { return done_.tag(); }
    /// The number in the tag.
    [[nodiscard]] std::uint64_t rows_affected() const noexcept { return done_.rows_affected(); }
    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return done_.diag(); }

private:
    container values_;
    command done_;
};

/// What async_query_one gives: the value of exactly one row. Converts to T.
///
/// Lifetimes: owns its value. After a failure the value is a T{} and `diag()` tells why; with the default
/// completion token it is unwrapped and never seen.
template <class T>
class single {
    static_assert(!detail::row_borrows<T>(),
                  "the row of a typed query outlives the received bytes: read into std::string, std::vector");

public:
    using value_type = T;

    single() = default;
    explicit single(diagnostics why)
        : diag_(std::move(why))
    {
    }
    explicit single(T value, diagnostics diag = {})
        : value_(std::move(value))
        , diag_(std::move(diag))
    {
    }

    [[nodiscard]] T& value() & noexcept { return value_; }
    [[nodiscard]] const T& value() const& noexcept { return value_; }
    [[nodiscard]] T&& value() && noexcept { return std::move(value_); }

    [[nodiscard]] T& operator*() & noexcept { return value_; }
    [[nodiscard]] const T& operator*() const& noexcept { return value_; }
    [[nodiscard]] T&& operator*() && noexcept { return std::move(value_); }
    [[nodiscard]] T* operator->() noexcept { return &value_; }
    [[nodiscard]] const T* operator->() const noexcept { return &value_; }

    operator const T&() const& noexcept { return value_; }
    operator T&&() && noexcept { return std::move(value_); }

    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    /// What the default token gives.
    [[nodiscard]] T unwrap() && { return std::move(value_); }

private:
    T value_{};
    diagnostics diag_;
};

/// What async_query_optional gives: the value of one row, or none when there was no row.
///
/// Lifetimes: owns its value. After a failure it is empty and `diag()` tells why.
template <class T>
class maybe {
    static_assert(!detail::row_borrows<T>(),
                  "the row of a typed query outlives the received bytes: read into std::string, std::vector");

public:
    using value_type = T;

    maybe() = default;
    explicit maybe(diagnostics why)
        : diag_(std::move(why))
    {
    }
    explicit maybe(std::optional<T> value, diagnostics diag = {})
        : value_(std::move(value))
        , diag_(std::move(diag))
    {
    }

    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return value_.has_value(); }

    /// The value; throws std::bad_optional_access where there is none.
    [[nodiscard]] T& value() & { return value_.value(); }
    [[nodiscard]] const T& value() const& { return value_.value(); }
    [[nodiscard]] T&& value() && { return std::move(value_).value(); }

    /// The value, which must be there.
    [[nodiscard]] T& operator*() & { return *value_; }
    [[nodiscard]] const T& operator*() const& { return *value_; }
    [[nodiscard]] T&& operator*() && { return *std::move(value_); }
    [[nodiscard]] T* operator->() { return &*value_; }
    [[nodiscard]] const T* operator->() const { return &*value_; }

    template <class U>
    [[nodiscard]] T value_or(U&& other) const&
    {
        return value_.value_or(std::forward<U>(other));
    }

    /// Moves the value out.
    [[nodiscard]] std::optional<T> take() { return std::exchange(value_, std::nullopt); }

    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    /// What the default token gives.
    [[nodiscard]] std::optional<T> unwrap() && { return std::move(value_); }

private:
    std::optional<T> value_;
    diagnostics diag_;
};

} // namespace tusk
