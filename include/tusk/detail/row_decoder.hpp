// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/composite.hpp>
#include <tusk/codec/traits.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/detail/reflection.hpp>
#include <tusk/detail/row_rules.hpp>
#include <tusk/detail/type_name.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/field.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tusk::detail {

/// An aggregate that a row is read into by the names of its members: one without a codec of its own.
template <class T>
concept row_struct = plain_struct<T> && std::is_base_of_v<by_members, decode_traits<T>>;

/// One place that a column is read into: an element of a tuple, a member of a struct, or the value itself.
struct target {
    std::string_view name; ///< the member's name, else empty
    std::string_view type; ///< its C++ type, as raw_type_name gives it
    bool (*accepts)(const tusk::column&) = nullptr;
    errc (*decode)(const field&, void* out) = nullptr; ///< `out` points to the member's object
    std::string_view column = {};                      ///< the name of a member's column
    presence needs = presence::required;
};

// Named functions instead of lambdas: GCC 12 breaks down over lambdas that depend on a struct local to a
// coroutine.

template <class T>
[[nodiscard]] bool accepts_as(const column& c)
{
    return decode_traits<T>::accepts(c);
}

template <class T>
[[nodiscard]] errc decode_as(const field& f, void* out)
{
    return decode_value(f, *static_cast<T*>(out));
}

template <class T>
[[nodiscard]] constexpr target make_target() noexcept
{
    return {{}, raw_type_name<T>(), &accepts_as<T>, &decode_as<T>, {}, presence::required};
}

/// Whether all members that are read can be read.
template <class T, std::size_t... I>
[[nodiscard]] constexpr bool all_readable(std::index_sequence<I...>) noexcept
{
    return ((presence_of<T>(member_names<T>[I]) == presence::ignored ||
             decodable<std::tuple_element_t<I, member_types<T>>>)&&...);
}

/// Whether each member is read from a column, where there is one.
template <class T>
inline constexpr bool reads_all_members = std::ranges::none_of(member_names<T>, [](std::string_view name) {
    return presence_of<T>(name) == presence::ignored;
});

template <class T, std::size_t I>
[[nodiscard]] constexpr target make_member_target() noexcept
{
    constexpr std::string_view name = member_names<T>[I];
    target member;
    if constexpr (presence_of<T>(name) != presence::ignored)
        member = make_target<std::tuple_element_t<I, member_types<T>>>();
    member.name = name;
    member.column = column_of<T>(name);
    member.needs = presence_of<T>(name);
    return member;
}

/// The elements of a tuple or pair.
template <class Types, std::size_t... I>
[[nodiscard]] constexpr std::array<target, sizeof...(I)> make_targets(std::index_sequence<I...>) noexcept
{
    return {make_target<std::tuple_element_t<I, Types>>()...};
}

/// The members of a struct.
template <class T, std::size_t... I>
[[nodiscard]] constexpr std::array<target, sizeof...(I)>
make_member_targets(std::index_sequence<I...>) noexcept
{
    return {make_member_target<T, I>()...};
}

template <class Types>
inline constexpr auto
    positional_targets = make_targets<Types>(std::make_index_sequence<std::tuple_size_v<Types>>{});

template <class T>
inline constexpr auto member_targets = make_member_targets<T>(std::make_index_sequence<member_count<T>>{});

/// Where a column of a struct goes: the target, and the place of the member in the object.
struct member_slot {
    const target* to = nullptr;
    std::size_t offset = 0;
};

/// The targets and the C++ type of the row, for messages.
struct row_shape {
    std::span<const target> targets;
    std::string_view type;
    bool extra_columns = false;
};

[[nodiscard]] std::error_code plan_by_position(const row_shape& shape, const columns& cols, diagnostics& why);
/// `slots`: one for each column; for no more columns than members where there may be no extra columns.
[[nodiscard]] std::error_code plan_by_name(const row_shape& shape, std::span<const std::size_t> offsets,
                                           std::span<member_slot> slots, const columns& cols,
                                           diagnostics& why);
[[nodiscard]] bool decode_members(std::span<const member_slot> slots, std::string_view type,
                                  const columns& cols, std::span<const std::byte> body, void* out,
                                  std::error_code& ec, diagnostics& why);
/// Whether the columns come in the order of the members.
[[nodiscard]] bool in_order(const row_shape& shape, std::span<const member_slot> slots) noexcept;
/// A row that is not what was planned for.
[[nodiscard]] std::error_code bad_row(diagnostics& why);
/// The value of column `index` could not be read; with `why_not` empty, the current exception says why.
[[nodiscard]] std::error_code bad_value(errc why_not, const columns& cols, std::size_t index,
                                        const target& to, std::string_view row_type, diagnostics& why);

/// Reads a field of a row into `value`; false, and why, when it does not go.
template <class T>
[[nodiscard, gnu::always_inline]] inline bool decode_one(const column& c, const raw_field& from,
                                                         errc& failure, T& value)
{
    failure = decode_value(field(c, from.data, from.length), value);
    return failure == errc{};
}

template <class... Values, std::size_t... I>
[[nodiscard]] inline bool decode_each(const column* cols, const raw_field* fields, std::size_t& index,
                                      errc& failure, std::index_sequence<I...>, Values&... values)
{
    return ((index = I, decode_one(cols[I], fields[I], failure, values)) && ...);
}

/// Reads the fields of a row into `values`. False when the row is not sound (`failure` stays errc{}), or when a field
/// does not go: `index` then tells which. There are as many columns as values: plan() has seen to it.
template <class... Values>
[[nodiscard]] inline bool decode_fields(const columns& cols, std::span<const std::byte> body,
                                        std::size_t& index, errc& failure, Values&... values)
{
    std::array<raw_field, sizeof...(Values)> fields;
    if (!split_row(body, std::span(fields))) [[unlikely]]
        return false;
    return decode_each(cols.data(), fields.data(), index, failure, std::index_sequence_for<Values...>(),
                       values...);
}

/// How rows are read into objects of type T:
/// one decodable value from exactly one column; a std::tuple or std::pair by position, from exactly as many
/// columns; an aggregate by the names of its members, each of which must be a column and each column a
/// member unless row_traits says otherwise.
///
/// plan() looks at the columns, once per result; decode() then reads rows without asking again. Both say in
/// `why` which column and which member did not fit. Bodies may hold anything: they are checked as they are
/// read.
template <class T>
class row_decoder {
    static_assert(
        decodable<T> || is_tuple<T>,
        "a row can be read into one value that tusk::decodable admits, into a std::tuple of such, or into "
        "an aggregate (a struct without constructors, base classes and private members) of such");

public:
    /// Errors: errc::column_mismatch.
    [[nodiscard]] std::error_code plan(const columns& cols, diagnostics& why)
    {
        return plan_by_position(shape(), cols, why);
    }

    /// False when the row cannot be read. Errors: errc::unexpected_null, errc::invalid_value,
    /// errc::value_not_representable, what a codec throws, and errc::protocol_violation for a body that is no
    /// row of these columns.
    [[nodiscard]] bool decode(const columns& cols, std::span<const std::byte> body, T& out,
                              std::error_code& ec, diagnostics& why) const
    {
        std::size_t index = 0;
        errc failure{};
        try {
            bool whole = true;
            if constexpr (is_tuple<T>)
                std::apply([&](auto&... e) { whole = decode_fields(cols, body, index, failure, e...); }, out);
            else
                whole = decode_fields(cols, body, index, failure, out);
            if (whole) [[likely]]
                return true;
        } catch (...) {
            ec = bad_value({}, cols, index, targets()[index], raw_type_name<T>(), why);
            return false;
        }
        ec = failure == errc{} ? bad_row(why)
                               : bad_value(failure, cols, index, targets()[index], raw_type_name<T>(), why);
        return false;
    }

private:
    [[nodiscard]] static constexpr const auto& targets() noexcept
    {
        if constexpr (is_tuple<T>)
            return positional_targets<T>;
        else
            return positional_targets<std::tuple<T>>;
    }
    [[nodiscard]] static row_shape shape() noexcept { return {targets(), raw_type_name<T>()}; }
};

template <row_struct T>
class row_decoder<T> {
    static_assert(member_count<T> >= 1, "a row cannot be read into a struct without members");
    static_assert(member_count<T> <= max_members, "a row can be read into a struct of at most 64 members");
    static_assert(all_readable<T>(std::make_index_sequence<member_count<T>>{}),
                  "a member of this struct cannot be read from a column: see tusk::decodable");
    static_assert(names_members<T>(), "row_traits names what is no member of this struct");
    static_assert(
        !requires { row_traits<T>::columns; } || has_own_columns<T>(),
        "row_traits has one column for two members of this struct");

public:
    [[nodiscard]] std::error_code plan(const columns& cols, diagnostics& why)
    {
        static const auto offsets = member_offsets<T>();
        const row_shape shape{member_targets<T>, raw_type_name<T>(), extra_columns<T>};
        if constexpr (extra_columns<T>) slots_.assign(cols.size(), {});
        used_ = std::min(cols.size(), slots_.size());
        const std::error_code ec = plan_by_name(shape, offsets, slots_, cols, why);
        in_order_ = !ec && in_order(shape, std::span(slots_).first(used_));
        return ec;
    }

    [[nodiscard]] bool decode(const columns& cols, std::span<const std::byte> body, T& out,
                              std::error_code& ec, diagnostics& why) const
    {
        if constexpr (reads_all_members<T>)
            if (in_order_) [[likely]]
                return decode_in_order(cols, body, out, ec, why);
        return decode_members(std::span(slots_).first(used_), raw_type_name<T>(), cols, body, &out, ec, why);
    }

private:
    [[nodiscard]] static bool decode_in_order(const columns& cols, std::span<const std::byte> body, T& out,
                                              std::error_code& ec, diagnostics& why)
    {
        std::size_t index = 0;
        errc failure{};
        try {
            const auto all = [&](auto&... member) {
                return decode_fields(cols, body, index, failure, member...);
            };
            if (with_members<member_count<T>>::call(out, all)) [[likely]]
                return true;
        } catch (...) {
            ec = bad_value({}, cols, index, member_targets<T>[index], raw_type_name<T>(), why);
            return false;
        }
        ec = failure == errc{}
                 ? bad_row(why)
                 : bad_value(failure, cols, index, member_targets<T>[index], raw_type_name<T>(), why);
        return false;
    }

    std::conditional_t<extra_columns<T>, std::vector<member_slot>, std::array<member_slot, member_count<T>>>
        slots_{};
    std::size_t used_ = 0;
    bool in_order_ = false;
};

/// Whether a T that was read from a row looks into the received bytes.
template <class T>
[[nodiscard]] constexpr bool row_borrows() noexcept
{
    if constexpr (is_tuple<T>)
        return any_borrowing<T>;
    else if constexpr (row_struct<T>)
        return any_borrowing<member_types<T>>;
    else
        return borrowing<T>;
}

} // namespace tusk::detail
