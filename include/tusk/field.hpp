// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/type_name.hpp>
#include <tusk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <system_error>

namespace tusk {

/// One value of a row: its bytes as they came, and the column that says what they mean.
///
/// Lifetimes: a view; good as long as the result (or any copy of it) lives, in a codec as long as the call.
/// \code
/// for (tusk::field f : result[0]) std::cout << f.column().name << (f.is_null() ? " is NULL\n" : "\n");
/// \endcode
class field {
public:
    /// A view of `length` bytes; a negative length is NULL.
    field(const tusk::column& col, const std::byte* data, std::int32_t length) noexcept
        : column_(&col)
        , data_(data)
        , length_(length)
    {
    }

    [[nodiscard]] bool is_null() const noexcept { return length_ < 0; }
    /// The value as the server wrote it, in the column's `format`; empty for NULL.
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return {data_, is_null() ? 0 : static_cast<std::size_t>(length_)};
    }
    /// The same bytes as characters: the text of a value in text format, and of text types in binary format
    /// too.
    [[nodiscard]] std::string_view view() const noexcept
    {
        return {reinterpret_cast<const char*>(data_), is_null() ? 0 : static_cast<std::size_t>(length_)};
    }
    [[nodiscard]] oid type() const noexcept { return column_->type; }
    [[nodiscard]] tusk::format format() const noexcept { return column_->format; }
    [[nodiscard]] const tusk::column& column() const noexcept { return *column_; }

    /// The value as a T, by its codec (`decode_traits`).
    ///
    /// Exceptions: tusk::error, whose message names column, SQL type and C++ type: errc::column_mismatch when
    /// T cannot be read from such a column, errc::unexpected_null when it is NULL and T has none
    /// (std::optional has), errc::invalid_value, errc::value_not_representable; errc::unknown_type when T needs to know
    /// more of a type of users than was known when the result came (`connection::async_describe_type`).
    template <class T>
    [[nodiscard]] T as() const
    {
        static_assert(decodable<T>, "this type cannot be read from a column: see tusk::decodable");
        T value{};
        if (const errc failure = read(value); failure != errc{}) raise(failure, detail::raw_type_name<T>());
        return value;
    }

    /// The same without exceptions; `out` is unspecified after a failure. A codec that throws is
    /// errc::invalid_value, lack of memory std::errc::not_enough_memory.
    template <class T>
    [[nodiscard]] std::error_code get(T& out) const noexcept
    {
        static_assert(decodable<T>, "this type cannot be read from a column: see tusk::decodable");
        try {
            const errc failure = read(out);
            return failure == errc{} ? std::error_code() : make_error_code(failure);
        } catch (const std::bad_alloc&) {
            return std::make_error_code(std::errc::not_enough_memory);
        } catch (const error& e) {
            return e.code();
        } catch (...) {
            return errc::invalid_value;
        }
    }

private:
    template <class T>
    [[nodiscard]] errc read(T& out) const
    {
        if (!decode_traits<T>::accepts(*column_))
            return detail::needs_types<T> && lacks_type() ? errc::unknown_type : errc::column_mismatch;
        if (!is_null()) return decode_traits<T>::decode(*this, out);
        if constexpr (detail::nullable<T>)
            return decode_traits<T>::decode_null(out);
        else
            return errc::unexpected_null;
    }

    /// Whether nothing is known of the column's type.
    [[nodiscard]] bool lacks_type() const noexcept;
    [[noreturn]] void raise(errc why, std::string_view raw_cpp_type) const;

    const tusk::column* column_;
    const std::byte* data_;
    std::int32_t length_;
};

} // namespace tusk
