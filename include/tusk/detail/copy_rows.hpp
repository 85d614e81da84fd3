// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/standard.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/copy_buffer.hpp>
#include <tusk/detail/copy_direct.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/detail/type_name.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

/// Rows of the binary format of COPY: Int16 count, then Int32 length (-1: NULL) and bytes of each value, as in DataRow.
namespace tusk::detail {

/// What stands before the rows: signature, flags, length of an extension.
inline constexpr std::string_view copy_header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
/// What stands behind them: an Int16 of -1.
inline constexpr std::string_view copy_trailer("\377\377", 2);

/// A member of a row to be written: its C++ type, the name of its column if it must have one, and what it can be
/// written as.
struct source {
    std::string_view type;
    std::string_view column;
    bool (*fits)(const tusk::column&) = nullptr;
    bool (*direct)(oid column) = nullptr; ///< it can be written without its codec
};

template <class M>
[[nodiscard]] bool fits_column(const column& c)
{
    if constexpr (is_optional<M>)
        return fits_column<typename M::value_type>(c);
    else
        return is_dynamic(c.type) || encodes<M>(c.type);
}

template <class Types, std::size_t... I>
[[nodiscard]] constexpr auto make_sources(std::index_sequence<I...>) noexcept
{
    return std::array<source, sizeof...(I)>{source{raw_type_name<std::tuple_element_t<I, Types>>(),
                                                   {},
                                                   &fits_column<std::tuple_element_t<I, Types>>,
                                                   &is_direct<std::tuple_element_t<I, Types>>}...};
}

template <class T, std::size_t... I>
[[nodiscard]] constexpr auto make_member_sources(std::index_sequence<I...>) noexcept
{
    return std::array<source, sizeof...(I)>{source{raw_type_name<std::tuple_element_t<I, member_types<T>>>(),
                                                   column_of<T>(member_names<T>[I]),
                                                   &fits_column<std::tuple_element_t<I, member_types<T>>>,
                                                   &is_direct<std::tuple_element_t<I, member_types<T>>>}...};
}

/// The members of a T in their order: of a struct, of a tuple or pair, or the value itself.
template <class T>
[[nodiscard]] constexpr auto sources_of() noexcept
{
    if constexpr (is_tuple<T>)
        return make_sources<T>(std::make_index_sequence<std::tuple_size_v<T>>{});
    else if constexpr (row_struct<T>)
        return make_member_sources<T>(std::make_index_sequence<member_count<T>>{});
    else
        return make_sources<std::tuple<T>>(std::make_index_sequence<1>{});
}

/// Whether rows with these members can be written into these columns; else why not.
[[nodiscard]] std::error_code plan_copy(std::span<const source> members, std::string_view row_type,
                                        const columns& cols, diagnostics& why);
/// Whether every member can be written without its codec.
[[nodiscard]] bool all_direct(std::span<const source> members, const columns& cols) noexcept;
/// Why the value of column `index` could not be written.
[[nodiscard]] diagnostics unwritable(const columns& cols, std::size_t index, const source& from,
                                     std::string_view row_type, std::size_t row);

/// Writes Int32 length and bytes of a value.
template <class M>
[[nodiscard]] inline errc copy_value(const M& value, oid target, copy_buffer& to)
{
    if constexpr (direct_value<M>::is) {
        if (direct_value<M>::fits(target)) [[likely]] {
            std::byte* at = to.extend(direct_value<M>::room(value));
            return direct_value<M>::write(value, at);
        }
    }
    encoder out(to, target);
    return write_part(value, target, out);
}

/// What was written of a row is taken back unless all of it was, also when a codec throws.
struct copy_row_guard {
    copy_buffer& to;
    std::size_t start = to.size();
    bool good = false;

    ~copy_row_guard()
    {
        if (!good) to.truncate(start);
    }
};

/// Writes a row; false, with the column that does not go, where nothing of it is left in `to`.
template <class... M>
[[nodiscard]] inline bool copy_fields(const columns& cols, copy_buffer& to, std::size_t& index, errc& failure,
                                      const M&... members)
{
    copy_row_guard undo{to};
    store_be(to.extend(2), std::uint16_t{sizeof...(M)});
    const column* c = cols.data();
    index = 0;
    undo.good =
        ((failure = copy_value(members, c[index].type, to), failure == errc{} && (++index, true)) && ...);
    return undo.good;
}

/// The same where all members are direct ones.
template <class... M, std::size_t... I>
[[nodiscard]] inline bool copy_direct_fields(std::index_sequence<I...>, copy_buffer& to, std::size_t& index,
                                             errc& failure, const M&... members)
{
    const std::size_t start = to.size();
    std::byte* at = to.extend(2 + (direct_value<M>::room(members) + ...));
    store_be(at, std::uint16_t{sizeof...(M)});
    at += 2;
    if ((((failure = direct_value<M>::write(members, at)) == errc{} || (index = I, false)) && ...)) [[likely]]
        return true;
    to.truncate(start);
    return false;
}

/// Calls `f` with the members of a row.
template <class T, class F>
[[nodiscard]] inline bool with_row(const T& row, const F& f)
{
    if constexpr (is_tuple<T>)
        return std::apply(f, row);
    else if constexpr (row_struct<T>)
        return with_members<member_count<T>>::call(row, f);
    else
        return f(row);
}

/// `direct`: all_direct() of these columns.
template <class T>
[[nodiscard]] inline bool copy_row(const T& row, bool direct, const columns& cols, copy_buffer& to,
                                   std::size_t& index, errc& failure)
{
    return with_row(row, [&]<class... M>(const M&... m) {
        if constexpr ((direct_value<M>::is && ...))
            if (direct) [[likely]]
                return copy_direct_fields(std::index_sequence_for<M...>(), to, index, failure, m...);
        return copy_fields(cols, to, index, failure, m...);
    });
}

} // namespace tusk::detail
