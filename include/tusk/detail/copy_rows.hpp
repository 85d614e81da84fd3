// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/standard.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/copy_buffer.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/detail/type_name.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
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
                                                   &fits_column<std::tuple_element_t<I, Types>>}...};
}

template <class T, std::size_t... I>
[[nodiscard]] constexpr auto make_member_sources(std::index_sequence<I...>) noexcept
{
    return std::array<source, sizeof...(I)>{
        source{raw_type_name<std::tuple_element_t<I, member_types<T>>>(), column_of<T>(member_names<T>[I]),
               &fits_column<std::tuple_element_t<I, member_types<T>>>}...};
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
/// Why the value of column `index` could not be written.
[[nodiscard]] diagnostics unwritable(const columns& cols, std::size_t index, const source& from,
                                     std::string_view row_type, std::size_t row);

/// A number whose binary form is its bytes.
template <class M>
concept plain_number =
    (std::signed_integral<M> && number<M>) || std::same_as<M, float> || std::same_as<M, double>;

template <std::size_t Size>
using unsigned_of =
    std::conditional_t<Size == 2, std::uint16_t, std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>;

/// Writes Int32 length and bytes of a value.
template <class M>
[[nodiscard]] inline errc copy_value(const M& value, oid target, copy_buffer& to)
{
    if constexpr (plain_number<M>) {
        if (target == oid{encode_traits<M>::type}) [[likely]] {
            std::byte* at = to.extend(4 + sizeof(M));
            store_be(at, std::uint32_t{sizeof(M)});
            store_be(at + 4, std::bit_cast<unsigned_of<sizeof(M)>>(value));
            return {};
        }
    } else if constexpr (std::same_as<M, std::string> || std::same_as<M, std::string_view>) {
        if (target == oid::text || target == oid::varchar) [[likely]] {
            const std::size_t size = value.size();
            if (size > encoder::max_value) return errc::request_too_large;
            if (size != 0 && std::memchr(value.data(), 0, size)) return errc::nul_in_text;
            std::byte* at = to.extend(4 + size);
            store_be(at, static_cast<std::uint32_t>(size));
            if (size != 0) std::memcpy(at + 4, value.data(), size);
            return {};
        }
    } else if constexpr (is_optional<M>) {
        if (value) return copy_value(*value, target, to);
    }
    encoder out(to, target);
    return write_part(value, target, out);
}

/// Writes a row; false, with the column that does not go, where nothing of it is left in `to`.
template <class... M>
[[nodiscard]] inline bool copy_fields(const columns& cols, copy_buffer& to, std::size_t& index, errc& failure,
                                      const M&... members)
{
    const std::size_t start = to.size();
    struct guard { // a codec may throw
        copy_buffer& to;
        std::size_t start;
        bool good = false;
        ~guard()
        {
            if (!good) to.truncate(start);
        }
    } undo{to, start};
    store_be(to.extend(2), std::uint16_t{sizeof...(M)});
    const column* c = cols.data();
    index = 0;
    undo.good =
        ((failure = copy_value(members, c[index].type, to), failure == errc{} && (++index, true)) && ...);
    return undo.good;
}

template <class T>
[[nodiscard]] inline bool copy_row(const T& row, const columns& cols, copy_buffer& to, std::size_t& index,
                                   errc& failure)
{
    const auto all = [&](const auto&... m) { return copy_fields(cols, to, index, failure, m...); };
    if constexpr (is_tuple<T>)
        return std::apply(all, row);
    else if constexpr (row_struct<T>)
        return with_members<member_count<T>>::call(row, all);
    else
        return all(row);
}

} // namespace tusk::detail
