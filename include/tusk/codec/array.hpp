// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/array.hpp>
#include <tusk/codec/traits.hpp>
#include <tusk/detail/array_codec.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

/// Arrays.
///
/// | C++                                                  | SQL                                             |
/// |------------------------------------------------------|-------------------------------------------------|
/// | std::vector<T>, std::array<T, N>; sent: std::span    | one dimension that begins at 1                  |
/// | std::vector<std::vector<T>>, and so on               | as many dimensions                              |
/// | tusk::array<T>                                       | any                                             |
///
/// T is any type with a codec, std::optional<T> where elements may be NULL. Arrays of text are sent as text
/// without a type, for the server to infer, others in binary as arrays of T's own type. int2vector and
/// oidvector are read like arrays.
///
/// Errors: reading another number of dimensions, another lower bound, or another length than a std::array has,
/// is errc::value_not_representable. Sending vectors of several lengths side by side is
/// errc::value_out_of_range. A NULL element that T has no place for is errc::unexpected_null.
/// Speed: arrays of int2, int4, int8, float4 and float8 from and to the C++ type of the same size are copied
/// at the speed of memory.
namespace tusk {

template <class T, class A>
requires(detail::container<std::vector<T, A>>::is&& decodable<detail::scalar_of<T>>) //
    struct decode_traits<std::vector<T, A>> : detail::container_decoding<std::vector<T, A>> {
};
template <class T, std::size_t N>
requires(detail::container<std::array<T, N>>::is&& decodable<detail::scalar_of<T>>) //
    struct decode_traits<std::array<T, N>> : detail::container_decoding<std::array<T, N>> {
};

template <class T, class A>
requires(detail::container<std::vector<T, A>>::is&& encodable<detail::scalar_of<T>>) //
    struct encode_traits<std::vector<T, A>> : detail::container_encoding<std::vector<T, A>> {
};
template <class T, std::size_t N>
requires(detail::container<std::array<T, N>>::is&& encodable<detail::scalar_of<T>>) //
    struct encode_traits<std::array<T, N>> : detail::container_encoding<std::array<T, N>> {
};
template <class T, std::size_t N>
requires(detail::container<std::span<const T, N>>::is&& encodable<detail::scalar_of<T>>) //
    struct encode_traits<std::span<const T, N>> : detail::container_encoding<std::span<const T, N>> {
};

template <encodable T>
struct encode_traits<array<T>> : detail::array_encoding<T> {
    [[nodiscard]] static errc encode(const array<T>& value, encoder& out)
    {
        detail::array_shape shape;
        for (const array_dimension& d : value.dimensions()) shape.dimension[shape.dimensions++] = d;
        if (shape.count() != value.size()) return errc::value_out_of_range; // elements() was resized
        return detail::array_encoding<T>::write(shape, value.elements(), out);
    }
};

template <decodable T>
struct decode_traits<array<T>> {
    static constexpr bool borrows = detail::borrowing<T>;

    [[nodiscard]] static bool accepts(const column& c) { return detail::accepts_array<T>(c); }
    [[nodiscard]] static errc decode(const field& f, array<T>& out)
    {
        detail::array_reader<T> in(f);
        if (in.failure() != errc{}) return in.failure();
        const auto& shape = in.shape();
        std::vector<T> elements = std::move(out).elements(); // keeps its memory
        elements.resize(shape.count());
        if (const errc e = in.fill(elements); e != errc{}) return e;
        if (!in.done()) return errc::invalid_value;
        const auto first = shape.dimension.begin();
        out = array<T>({first, first + static_cast<std::ptrdiff_t>(shape.dimensions)}, std::move(elements));
        return {};
    }
};

/// Values for `= any($1)`: any contiguous range of them, or a list.
/// Lifetimes: a view; to be used in the same expression.
/// \code
/// tusk::bound query = tusk::sql("select * from users where id = any($1)", tusk::any({1, 2, 3}));
/// auto some = co_await db.async_query<user>(std::move(query)); // g++ 12 takes no list beside a co_await
/// \endcode
template <class Range>
requires requires(const Range& r) { std::span(r); }
[[nodiscard]] auto any(const Range& values) noexcept
{
    using element = std::remove_cv_t<typename decltype(std::span(values))::element_type>;
    return std::span<const element>(values);
}
template <class T>
[[nodiscard]] std::span<const T> any(std::initializer_list<T> values) noexcept
{
    return {values.begin(), values.size()};
}

} // namespace tusk
