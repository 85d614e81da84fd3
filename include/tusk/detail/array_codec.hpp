// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/array.hpp>
#include <tusk/detail/array_cursor.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/detail/small_vector.hpp>
#include <tusk/detail/type_links.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

/// What the codecs of std::vector, std::array, std::span and tusk::array share.
namespace tusk::detail {

/// A C++ container of one dimension: its elements, which may be containers again.
template <class C>
struct container {
    static constexpr bool is = false;
};
template <class T, class A>
struct container<std::vector<T, A>> {
    static constexpr bool is = !std::same_as<T, std::byte>; // bytes are bytea
    static constexpr bool contiguous = !std::same_as<T, bool>;
    using element = T;
    static bool resize(std::vector<T, A>& to, std::size_t n)
    {
        to.resize(n);
        return true;
    }
};
template <class T, std::size_t N>
struct container<std::array<T, N>> {
    static constexpr bool is = !std::same_as<T, std::byte>;
    static constexpr bool contiguous = true;
    using element = T;
    static bool resize(std::array<T, N>&, std::size_t n) noexcept { return n == N; }
};
template <class T, std::size_t N>
struct container<std::span<const T, N>> {
    static constexpr bool is = !std::same_as<T, std::byte>;
    static constexpr bool contiguous = true;
    using element = T;
};

/// What lies inside all containers, and how many of them lie around it.
template <class T>
struct nesting {
    using scalar = T;
    static constexpr std::size_t depth = 0;
};
template <class T>
requires(container<T>::is) struct nesting<T> {
    using inner = nesting<typename container<T>::element>;
    using scalar = typename inner::scalar;
    static constexpr std::size_t depth = inner::depth + 1;
};
template <class T>
using scalar_of = typename nesting<T>::scalar;

/// Numbers whose elements on the wire are their bytes turned round: the SQL type, else oid::none.
template <class T>
inline constexpr oid fixed_type = [] {
    if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
        return sizeof(T) == 4 ? oid::float4 : oid::float8;
    else if constexpr (std::signed_integral<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t>)
        return sizeof(T) == 2   ? oid::int2
               : sizeof(T) == 4 ? oid::int4
               : sizeof(T) == 8 ? oid::int8
                                : oid::none;
    else
        return oid::none;
}();

/// Whether arrays of S can be read from a column.
template <class S>
[[nodiscard]] bool accepts_array(const column& c)
{
    if (borrowing<S> && c.format == format::text)
        return false; // what is unescaped lies in the result nowhere
    const oid element = element_of(c);
    if (element == oid::none) return false;
    if (element == oid::unknown && c.format == format::binary) return true; // its header tells
    return decode_traits<S>::accepts(inner_column<S>(element, c));
}

/// An array value that is being read into elements of type S.
template <class S>
class array_reader {
public:
    explicit array_reader(const field& f)
    {
        failure_ = cursor_.open(f);
        if (failure_ != errc{}) return;
        column_ = inner_column<S>(cursor_.element(), f.column());
        if (!shape().dimensions) {
            if (!cursor_.done()) failure_ = errc::invalid_value;
        } else if (is_dynamic(f.type()) || element_of(f.column()) == oid::unknown) {
            if (!decode_traits<S>::accepts(column_)) failure_ = refused(column_);
        }
    }

    [[nodiscard]] errc failure() const noexcept { return failure_; }
    [[nodiscard]] const array_shape& shape() const noexcept { return cursor_.shape(); }
    [[nodiscard]] bool is_vector() const noexcept { return cursor_.is_vector(); }
    [[nodiscard]] bool done() const noexcept { return cursor_.done(); }

    /// Reads the next elements into all of a container.
    template <class C>
    [[nodiscard]] errc fill(C& out)
    {
        if constexpr (fixed_type<S> != oid::none && container<C>::contiguous)
            if (column_.type == fixed_type<S> && cursor_.read_fixed(sizeof(S), out.size(), out.data()))
                return {};
        for (std::size_t i = 0; i < out.size(); ++i) {
            errc e{};
            if constexpr (std::is_same_v<C, std::vector<bool>>) { // its elements are no objects
                bool value = false;
                e = read(value);
                out[i] = value;
            } else {
                e = read(out[i]);
            }
            if (e != errc{}) return e;
        }
        return {};
    }

private:
    [[nodiscard]] errc read(S& out)
    {
        const std::byte* data = nullptr;
        std::int32_t length = 0;
        if (const errc e = cursor_.next(data, length); e != errc{}) return e;
        return decode_value(field(column_, data, length), out);
    }

    array_cursor cursor_;
    column column_;
    errc failure_{};
};

/// Reads the dimensions from `level` on.
template <class S, class C>
[[nodiscard]] errc read_dimension(array_reader<S>& in, std::size_t level, C& out)
{
    const auto length = static_cast<std::size_t>(in.shape().dimension[level].length);
    if (!container<C>::resize(out, length)) return errc::value_not_representable;
    if constexpr (nesting<C>::depth == 1) {
        return in.fill(out);
    } else {
        for (auto& inner : out)
            if (const errc e = read_dimension(in, level + 1, inner); e != errc{}) return e;
        return {};
    }
}

/// Reads an array into containers within containers; their number is that of the dimensions.
template <class C>
[[nodiscard]] errc read_containers(const field& f, C& out)
{
    array_reader<scalar_of<C>> in(f);
    if (in.failure() != errc{}) return in.failure();
    const array_shape& shape = in.shape();
    if (shape.dimensions == 0) return container<C>::resize(out, 0) ? errc{} : errc::value_not_representable;
    if (shape.dimensions != nesting<C>::depth) return errc::value_not_representable;
    for (std::size_t i = 0; i < shape.dimensions && !in.is_vector(); ++i)
        if (shape.dimension[i].lower != 1) return errc::value_not_representable;
    if (const errc e = read_dimension(in, 0, out); e != errc{}) return e;
    return in.done() ? errc{} : errc::invalid_value;
}

/// Reads an array of numbers that needs no look at its elements one by one. False: it is another, or wrong.
template <class C>
[[nodiscard]] bool read_plain_array(const field& f, C& out)
{
    using S = typename container<C>::element;
    if constexpr (fixed_type<S> != oid::none && container<C>::contiguous) {
        if (f.type() != array_of(fixed_type<S>) || f.format() != format::binary) return false;
        const std::int32_t count = plain_count(f.bytes(), fixed_type<S>, sizeof(S));
        return count > 0 && container<C>::resize(out, static_cast<std::size_t>(count)) &&
               read_plain(f.bytes(), sizeof(S), out.data());
    } else {
        return false;
    }
}

/// Learns the lengths of containers within containers: all of one depth must be the same.
template <class C>
[[nodiscard]] errc measure(const C& value, std::size_t level, bool first, array_shape& shape)
{
    constexpr std::size_t most = INT32_MAX - 1;
    if (value.size() > most) return errc::request_too_large;
    const auto length = static_cast<std::int32_t>(value.size());
    if (first)
        shape.dimension[level].length = length;
    else if (shape.dimension[level].length != length)
        return errc::value_out_of_range;
    if constexpr (nesting<C>::depth > 1)
        for (std::size_t i = 0; i < value.size(); ++i)
            if (const errc e = measure(value[i], level + 1, first && i == 0, shape); e != errc{}) return e;
    return {};
}

/// Calls f(element, its number from 1) for all scalars until one fails.
template <class C, class F>
[[nodiscard]] errc each_scalar(const C& value, std::size_t& number, const F& f)
{
    for (std::size_t i = 0; i < value.size(); ++i) {
        errc e{};
        if constexpr (nesting<C>::depth > 1)
            e = each_scalar(value[i], number, f);
        else
            e = f(static_cast<const scalar_of<C>&>(value[i]), ++number);
        if (e != errc{}) return e;
    }
    return {};
}

/// The type of the elements: what the target has, else that of the first value.
template <class S, class C>
[[nodiscard]] oid choose_element(const C& value, oid target)
{
    oid element = target == oid::none ? oid::none : element_of(target);
    if (element == oid::none || element == oid::unknown) element = default_part_type<S>();
    std::size_t number = 0;
    if (element == oid::none)
        static_cast<void>(each_scalar(value, number, [&](const S& s, std::size_t) {
            element = part_type_of(s);
            return element == oid::none ? errc{} : errc::skipped; // one is enough
        }));
    return element;
}

/// The type of arrays of `element`, which may be known by name alone.
[[nodiscard]] inline oid array_type_of(oid element)
{
    return is_named(element) ? named_array_of(element) : array_of(element);
}

template <class S, class C>
[[nodiscard]] errc write_binary_array(const array_shape& shape, const C& value, encoder& out)
{
    oid element = choose_element<S>(value, out.target());
    const oid written = element;
    if (const oid inside = out.inside(inner_type::element); inside != oid::none && !is_explicit<S>(element))
        element = inside;
    if (element == oid::none) return errc::parameter_mismatch;
    bool nulls = false;
    std::size_t number = 0;
    if constexpr (requires(const S& s) { encode_traits<S>::is_null(s); })
        static_cast<void>(each_scalar(value, number, [&](const S& s, std::size_t) {
            nulls = is_null(s);
            return nulls ? errc::skipped : errc{};
        }));
    write_array_header(shape, nulls, element, out);
    if constexpr (fixed_type<S> != oid::none && nesting<C>::depth == 1 && container<C>::contiguous)
        if (written == fixed_type<S>) {
            if (element != written) out.sent_as(element, written);
            write_fixed(sizeof(S), value.size(), value.data(), out);
            return out.error();
        }
    number = 0;
    return each_scalar(value, number, [&](const S& s, std::size_t at) {
        errc e{};
        if (const oid own = type_of(s);
            own != element && is_explicit<S>(own)) // an array has one type of elements
            e = errc::parameter_mismatch;
        else
            e = write_part(s, element, out);
        if (e != errc{}) out.failed_in(at);
        return e;
    });
}

/// Writes the scalars between the braces of the dimensions.
template <class S, class C>
[[nodiscard]] errc write_text_array(const array_shape& shape, const C& value, encoder& out)
{
    write_array_bounds(shape, out);
    if (shape.dimensions == 0) out.text("{}");
    const char delimiter = array_delimiter(element_of(out.target()));
    param_bytes scratch;
    std::size_t number = 0;
    const errc failure = each_scalar(value, number, [&](const S& s, std::size_t at) {
        write_array_braces(shape, at - 1, delimiter, out);
        errc e{};
        if (is_null(s)) {
            write_array_text(nullptr, out);
        } else {
            scratch.clear();
            encoder to(scratch);
            e = encode_traits<S>::encode(s, to);
            if (e == errc{}) e = to.error();
            const std::string_view text(reinterpret_cast<const char*>(scratch.data()), scratch.size());
            if (e == errc{}) write_array_text(&text, out);
        }
        if (e != errc{}) out.failed_in(at);
        return e;
    });
    write_array_braces(shape, number, delimiter, out);
    return failure;
}

/// How arrays of S are sent: text arrays as text without a type like a text, others in binary.
template <class S>
struct array_encoding {
    static constexpr oid type = array_of(encode_traits<S>::type);
    static constexpr tusk::format format = encode_traits<S>::format;
    static constexpr bool structured = true;
    static constexpr oid part_type = array_of(detail::part_type<S>);

    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        const oid element = element_of(target);
        if (element == oid::unknown) return format == tusk::format::text;
        return element != oid::none && detail::encodes<S>(element);
    }

protected:
    template <class C>
    [[nodiscard]] static errc write(const array_shape& shape, const C& value, encoder& out)
    {
        if constexpr (format == tusk::format::text)
            if (!out.in_part()) return write_text_array<S>(shape, value, out);
        return write_binary_array<S>(shape, value, out);
    }
};

/// The same for containers within containers.
template <class C>
struct container_encoding : array_encoding<scalar_of<C>> {
    [[nodiscard]] static oid type_of(const C& value) noexcept
    {
        using S = scalar_of<C>;
        if constexpr (requires(const S& s) { encode_traits<S>::type_of(s); })
            return array_type_of(choose_element<S>(value, oid::none));
        else
            return array_encoding<S>::type;
    }
    [[nodiscard]] static oid part_type_of(const C& value) noexcept
    {
        constexpr oid own = array_encoding<scalar_of<C>>::part_type;
        return own != oid::none ? own : array_type_of(choose_element<scalar_of<C>>(value, oid::none));
    }
    [[nodiscard]] static errc encode(const C& value, encoder& out)
    {
        static_assert(nesting<C>::depth <= array_shape::max_dimensions, "an array has at most 6 dimensions");
        array_shape shape;
        shape.dimensions = nesting<C>::depth;
        if (const errc e = measure(value, 0, true, shape); e != errc{}) return e;
        if (shape.count() == 0) shape.dimensions = 0;
        return array_encoding<scalar_of<C>>::write(shape, value, out);
    }
};

template <class C>
struct container_decoding {
    static constexpr bool borrows = borrowing<scalar_of<C>>;

    [[nodiscard]] static bool accepts(const column& c) { return accepts_array<scalar_of<C>>(c); }
    [[nodiscard]] static errc decode(const field& f, C& out)
    {
        return read_plain_array(f, out) ? errc{} : read_containers(f, out);
    }
};

} // namespace tusk::detail
