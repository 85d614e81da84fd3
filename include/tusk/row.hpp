// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/standard.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/field.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

/// One row of a result: its values in the order of the columns.
///
/// A row is kept as it came, so that to reach value i is to step over the i values before it. Iterating, or
/// `as`, reads all values in one walk.
///
/// Lifetimes: a view; good as long as the result (or any copy of it) lives.
/// \code
/// for (tusk::row r : result) {
///     auto [id, name] = r.as<std::tuple<int, std::string>>();
///     bool known = !r["email"].is_null();
/// }
/// \endcode
class row {
public:
    class iterator;
    using const_iterator = iterator;

    /// A view of the body of a DataRow that has a value for each of the columns.
    row(const tusk::columns& cols, std::span<const std::byte> body) noexcept
        : columns_(&cols)
        , body_(body)
    {
    }

    /// The number of values, which is the number of columns.
    [[nodiscard]] std::size_t size() const noexcept { return columns_->size(); }
    [[nodiscard]] bool empty() const noexcept { return columns_->empty(); }
    [[nodiscard]] const tusk::columns& columns() const noexcept { return *columns_; }

    /// The value of column `i`, from 0. Throws std::out_of_range.
    [[nodiscard]] field operator[](std::size_t i) const;
    /// The value of the first column with this name, exactly as the server spells it.
    /// Throws tusk::error, errc::column_mismatch, when there is none.
    [[nodiscard]] field operator[](std::string_view name) const;

    [[nodiscard]] iterator begin() const noexcept;
    [[nodiscard]] iterator end() const noexcept;

    /// The row as a T: a tuple or pair by position, an aggregate by the names of its members, any other type
    /// from the only column. Throws tusk::error as `field::as` does.
    ///
    /// The fit of columns and T is worked out on each call; `async_query<T>` does it once for all rows.
    template <class T>
    [[nodiscard]] T as() const
    {
        T value{};
        diagnostics why;
        if (const std::error_code ec = read(value, why)) throw error(ec, std::move(why));
        return value;
    }

    /// The same with an error code instead of an exception; `out` is unspecified after a failure.
    template <class T>
    [[nodiscard]] std::error_code get(T& out) const
    {
        diagnostics why;
        try {
            return read(out, why);
        } catch (const detail::unknown_type_error& e) {
            return e.code();
        }
    }

    /// The body of the DataRow message: an Int16 count, then Int32 length and bytes for each value.
    [[nodiscard]] std::span<const std::byte> body() const noexcept { return body_; }

private:
    template <class T>
    [[nodiscard]] std::error_code read(T& out, diagnostics& why) const
    {
        detail::row_decoder<T> decoder;
        std::error_code ec = decoder.plan(*columns_, why);
        if (ec) return ec;
        (void)decoder.decode(*columns_, body_, out, ec, why);
        return ec;
    }

    const tusk::columns* columns_;
    std::span<const std::byte> body_;
};

/// Walks the values of a row. Its values are made on the way, so it is a C++20 forward iterator, and an input
/// iterator for older algorithms.
class row::iterator {
public:
    using value_type = field;
    using reference = field;
    using pointer = void;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;

    iterator() noexcept = default;

    [[nodiscard]] field operator*() const noexcept { return {*column_, data_, length_}; }
    iterator& operator++() noexcept
    {
        ++column_;
        step();
        return *this;
    }
    iterator operator++(int) noexcept
    {
        iterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.column_ == b.column_; }

private:
    friend class row;
    iterator(const tusk::columns& cols, std::span<const std::byte> body) noexcept
        : column_(cols.data())
        , end_(cols.data() + cols.size())
        , cursor_(body)
    {
        std::size_t fields = 0;
        if (!cursor_.count(fields) || fields != cols.size()) column_ = end_;
        step();
    }
    explicit iterator(const tusk::column* end) noexcept
        : column_(end)
        , end_(end)
    {
    }

    void step() noexcept
    {
        if (column_ != end_ && !cursor_.next(data_, length_)) column_ = end_;
    }

    const tusk::column* column_ = nullptr;
    const tusk::column* end_ = nullptr;
    const std::byte* data_ = nullptr;
    std::int32_t length_ = -1;
    detail::row_cursor cursor_{{}};
};

inline row::iterator row::begin() const noexcept { return {*columns_, body_}; }
inline row::iterator row::end() const noexcept { return iterator(columns_->data() + columns_->size()); }

} // namespace tusk
