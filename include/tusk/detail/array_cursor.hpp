// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/array.hpp>
#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tusk::detail {

/// The dimensions of an array, without memory of its own.
struct array_shape {
    static constexpr std::size_t max_dimensions = 6;

    std::size_t dimensions = 0;
    std::array<array_dimension, max_dimensions> dimension{};

    /// The number of elements: 0 without dimensions.
    [[nodiscard]] std::size_t count() const noexcept;
};

/// Walks the elements of an array value, in row-major order.
///
/// Binary: Int32 dimensions, Int32 flag (1: may hold NULLs), Oid of the elements' type; for each dimension
/// Int32 length and Int32 lower bound; for each element Int32 length (-1: NULL) and its bytes.
/// Text: optional bounds and braces, `[0:1]={"a b",NULL}`; int2vector and oidvector: `1 2`.
///
/// open() checks the shape against what is there: each element has at least four bytes in binary and one in
/// text, so what is made by count() is in proportion to the bytes received.
class array_cursor {
public:
    /// Errors: errc::invalid_value.
    [[nodiscard]] errc open(const field& f);

    [[nodiscard]] const array_shape& shape() const noexcept { return shape_; }
    /// The type of the elements; oid::unknown when only the reader can know.
    [[nodiscard]] oid element() const noexcept { return element_; }
    /// Whether its one dimension need not begin at 1: int2vector and oidvector begin at 0.
    [[nodiscard]] bool is_vector() const noexcept { return vector_; }

    /// The next element, good until the one after it. Errors: errc::invalid_value.
    [[nodiscard]] errc next(const std::byte*& data, std::int32_t& length);
    /// Reads as many numbers of `size` (2, 4 or 8) bytes as there is room for in `out`, in the machine's
    /// byte order. False, and nothing is read, when that is not what comes next.
    [[nodiscard]] bool read_fixed(std::size_t size, std::size_t count, void* out) noexcept;
    /// Whether the value ends after the elements read, as it must.
    [[nodiscard]] bool done() const noexcept { return left_.empty(); }

private:
    [[nodiscard]] errc open_binary(std::span<const std::byte> bytes) noexcept;
    [[nodiscard]] errc open_text(std::string_view text) noexcept;
    [[nodiscard]] errc open_vector_text(std::string_view text) noexcept;
    [[nodiscard]] errc next_text(const std::byte*& data, std::int32_t& length);

    array_shape shape_;
    oid element_{};
    bool text_ = false;
    bool vector_ = false;
    bool nulls_ = true;
    char delimiter_ = ',';
    std::span<const std::byte> left_;
    std::string unescaped_;
};

/// The number of elements of a binary array that is nothing but that many numbers of this type and size: one
/// dimension from 1 on, no NULLs, as most are. -1 for any other, valid or not.
[[nodiscard]] std::int32_t plain_count(std::span<const std::byte> value, oid element,
                                       std::size_t size) noexcept;
/// Reads the numbers of such an array into `out`, in the machine's byte order; false when their lengths are wrong.
[[nodiscard]] bool read_plain(std::span<const std::byte> value, std::size_t size, void* out) noexcept;

/// Writes what stands before the elements, in binary.
void write_array_header(const array_shape& shape, bool nulls, oid element, encoder& out);
/// Writes numbers of `size` (2, 4 or 8) bytes that lie in memory as elements.
void write_fixed(std::size_t size, std::size_t count, const void* from, encoder& out);

/// Writes the bounds of an array in text format where it needs them: "[0:1]=".
void write_array_bounds(const array_shape& shape, encoder& out);
/// What stands between the elements of an array in text format: a semicolon for boxes, which have commas in
/// them.
[[nodiscard]] constexpr char array_delimiter(oid element) noexcept { return element == oid{603} ? ';' : ','; }
/// Writes what stands in text format before element `number`, from 0, and after the last: "},{".
void write_array_braces(const array_shape& shape, std::size_t number, char delimiter, encoder& out);
/// Writes an element in text format: in quotes, or NULL for none.
void write_array_text(const std::string_view* element, encoder& out);

} // namespace tusk::detail
