// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/composite_cursor.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/detail/reflection.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

/// Composite types, rows and records are std::tuple, std::pair, and structs: aggregates of 1 to 64 public
/// members. Fields and members meet by position, for a value has no names in it, and their types must fit.
///
/// A value is sent as the type that tusk::as_type names, with fields of the types that it has, or without a type, for
/// the server to infer (`$1::address`). Then, and with tusk::as_oid, fields are sent as the SQL types of their C++ types,
/// text as text, and the server refuses one that is declared otherwise.
///
/// Errors: errc::column_mismatch when a field cannot be read into its member, errc::value_not_representable
/// when there are more or fewer fields.
/// Text format has no types in it: each field is read as what its member is sent as.
/// \code
/// struct address { std::string street; std::optional<int> number; };
/// struct user { std::int64_t id; address home; std::vector<address> others; };
/// auto all = co_await db.async_query<user>("select id, home, others from users");
/// \endcode
namespace tusk {
namespace detail {

template <class T>
inline constexpr bool is_tuple = false;
template <class... E>
inline constexpr bool is_tuple<std::tuple<E...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

/// A struct that is read and written by its members, unless there is a codec for it.
template <class T>
concept plain_struct = std::is_aggregate_v<T> && std::is_class_v<T> && !is_tuple<T> && !is_std_array<T>;

template <class Members>
inline constexpr bool all_decodable = false;
template <class... M>
inline constexpr bool all_decodable<std::tuple<M...>> = (decodable<M> && ...);
template <class A, class B>
inline constexpr bool all_decodable<std::pair<A, B>> = decodable<A>&& decodable<B>;

template <class Members>
inline constexpr bool all_encodable = false;
template <class... M>
inline constexpr bool all_encodable<std::tuple<M...>> = (encodable<M> && ...);

template <class Members>
inline constexpr bool any_borrowing = false;
template <class... M>
inline constexpr bool any_borrowing<std::tuple<M...>> = (borrowing<M> || ...);
template <class A, class B>
inline constexpr bool any_borrowing<std::pair<A, B>> = borrowing<A> || borrowing<B>;

/// Reads fields into members, one after the other.
class fields_reader {
public:
    explicit fields_reader(const field& f, std::size_t fields) noexcept
        : outer_(f.column())
        , failure_(cursor_.open(f, fields))
    {
    }

    template <class... M>
    [[nodiscard]] errc operator()(M&... member)
    {
        static_cast<void>(((failure_ == errc{}) && ... && read(member)));
        return failure_ == errc{} ? cursor_.finish() : failure_;
    }

private:
    template <class M>
    [[nodiscard]] bool read(M& out)
    {
        oid type{};
        const std::byte* data = nullptr;
        std::int32_t length = 0;
        failure_ = cursor_.next(type, data, length);
        if (failure_ != errc{}) return false;
        const column c = inner_column<M>(type, outer_);
        failure_ = decode_traits<M>::accepts(c) ? decode_value(field(c, data, length), out) : refused(c);
        return failure_ == errc{};
    }

    const column& outer_;
    composite_cursor cursor_;
    errc failure_;
};

/// Writes members as fields.
class fields_writer {
public:
    explicit fields_writer(encoder& out) noexcept
        : out_(out)
    {
    }

    template <class... M>
    [[nodiscard]] errc operator()(const M&... member)
    {
        out_.i32(static_cast<std::int32_t>(sizeof...(M)));
        static_cast<void>((write(member) && ...));
        return failure_;
    }

private:
    template <class M>
    [[nodiscard]] bool write(const M& value)
    {
        oid type = type_of(value);
        if (!is_explicit<M>(type)) {
            const oid inside = out_.inside(inner_type::field, number_);
            type = inside != oid::none ? inside : part_type_of(value);
        }
        ++number_;
        out_.type(type);
        failure_ = type == oid::none ? errc::parameter_mismatch : write_part(value, type, out_);
        if (failure_ != errc{}) out_.failed_in(number_);
        return failure_ == errc{};
    }

    encoder& out_;
    std::size_t number_ = 0;
    errc failure_{};
};

[[nodiscard]] inline bool accepts_composite(const column& c, bool borrows) noexcept
{
    return is_composite(c) && !(borrows && c.format == format::text);
}

/// What all composites are sent as.
struct composite_encoding {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::binary;
    static constexpr bool structured = true;

    [[nodiscard]] static bool encodes(oid target) noexcept { return is_dynamic(target); }
};

template <class Tuple>
struct tuple_decoding {
    static constexpr bool borrows = any_borrowing<Tuple>;

    [[nodiscard]] static bool accepts(const column& c) noexcept { return accepts_composite(c, borrows); }
    [[nodiscard]] static errc decode(const field& f, Tuple& out)
    {
        return std::apply(fields_reader(f, std::tuple_size_v<Tuple>), out);
    }
};

template <class Tuple>
struct tuple_encoding : composite_encoding {
    [[nodiscard]] static errc encode(const Tuple& value, encoder& out)
    {
        return std::apply(fields_writer(out), value);
    }
};

/// What marks the codec of a plain struct, which a row is read into by name.
struct by_members {};

} // namespace detail

template <decodable... E>
struct decode_traits<std::tuple<E...>> : detail::tuple_decoding<std::tuple<E...>> {
};
template <decodable A, decodable B>
struct decode_traits<std::pair<A, B>> : detail::tuple_decoding<std::pair<A, B>> {
};
template <encodable... E>
struct encode_traits<std::tuple<E...>> : detail::tuple_encoding<std::tuple<E...>> {
};
template <encodable A, encodable B>
struct encode_traits<std::pair<A, B>> : detail::tuple_encoding<std::pair<A, B>> {
};

template <class T>
requires(detail::plain_struct<T>) //
    struct decode_traits<T> : detail::by_members {
    static constexpr bool borrows = detail::any_borrowing<detail::member_types<T>>;

    [[nodiscard]] static bool accepts(const column& c) noexcept
    {
        return detail::accepts_composite(c, borrows);
    }
    [[nodiscard]] static errc decode(const field& f, T& out)
    {
        constexpr std::size_t members = detail::member_count<T>;
        static_assert(members >= 1 && members <= detail::max_members,
                      "a composite can be read into a struct of 1 to 64 members");
        static_assert(detail::all_decodable<detail::member_types<T>>,
                      "a member of this struct cannot be read: see tusk::decodable");
        return detail::with_members<members>::call(out, detail::fields_reader(f, members));
    }
};

template <class T>
requires(detail::plain_struct<T>) //
    struct encode_traits<T> : detail::composite_encoding {
    [[nodiscard]] static errc encode(const T& value, encoder& out)
    {
        constexpr std::size_t members = detail::member_count<T>;
        static_assert(members >= 1 && members <= detail::max_members,
                      "a struct of 1 to 64 members can be sent as a composite");
        static_assert(detail::all_encodable<detail::member_types<T>>,
                      "a member of this struct cannot be sent: see tusk::encodable");
        return detail::with_members<members>::call(value, detail::fields_writer(out));
    }
};

} // namespace tusk
