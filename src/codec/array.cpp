// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/array_cursor.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/parts.hpp>

#include <bit>
#include <cstring>

namespace tusk::detail {
namespace {

constexpr oid int2vector = oid{22};
constexpr oid oidvector = oid{30};

std::int32_t i32_at(std::span<const std::byte> bytes, std::size_t at) noexcept
{
    return static_cast<std::int32_t>(load_be<std::uint32_t>(bytes.subspan(at).first<4>()));
}

/// Copies the number that follows its length; not 0 when that length is not its size.
template <class U>
[[nodiscard, gnu::always_inline]] inline std::uint32_t read_number(const std::byte* from,
                                                                   std::byte* to) noexcept
{
    const auto both = std::span<const std::byte, 4 + sizeof(U)>(from, 4 + sizeof(U));
    const U value = load_be<U>(both.template last<sizeof(U)>());
    std::memcpy(to, &value, sizeof value);
    return load_be<std::uint32_t>(both.template first<4>()) ^ static_cast<std::uint32_t>(sizeof(U));
}

/// Vectors of the compiler, which every machine has or is given.
using words [[gnu::vector_size(16)]] = std::uint32_t;
using halves [[gnu::vector_size(16)]] = std::uint16_t;

/// The same for four numbers of four bytes, on a little-endian machine.
[[nodiscard, gnu::always_inline]] inline words read_four(const std::byte* from, std::byte* to) noexcept
{
    words first;
    words second;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&second, from + sizeof first, sizeof second);
    const words lengths = __builtin_shufflevector(first, second, 0, 2, 4, 6);
    const auto values = reinterpret_cast<halves>(__builtin_shufflevector(first, second, 1, 3, 5, 7));
    const halves turned = (values << 8) | (values >> 8);
    const halves whole = __builtin_shufflevector(turned, turned, 1, 0, 3, 2, 5, 4, 7, 6);
    std::memcpy(to, &whole, sizeof whole);
    return lengths ^ (words{} + 0x0400'0000);
}

/// What is wrong is gathered, so that the loop has no branches.
template <class U>
bool read_numbers(std::span<const std::byte> from, std::size_t count, void* out) noexcept
{
    constexpr std::size_t step = 4 + sizeof(U);
    std::uint32_t wrong = 0;
    const std::byte* in = from.data();
    auto* to = static_cast<std::byte*>(out);
    if constexpr (sizeof(U) == 4 && std::endian::native == std::endian::little) {
        words mixed{};
        for (; count >= 8; count -= 8, in += 8 * step, to += 8 * sizeof(U))
            mixed |= read_four(in, to) | read_four(in + 4 * step, to + 4 * sizeof(U));
        for (; count >= 4; count -= 4, in += 4 * step, to += 4 * sizeof(U)) mixed |= read_four(in, to);
        wrong = mixed[0] | mixed[1] | mixed[2] | mixed[3];
    }
    for (; count != 0; --count, in += step, to += sizeof(U)) wrong |= read_number<U>(in, to);
    return wrong == 0;
}

template <class U>
void write_numbers(std::size_t count, const void* from, encoder& out)
{
    constexpr std::size_t step = 4 + sizeof(U);
    if (count > encoder::max_value / step) return out.fail(errc::request_too_large);
    std::byte* to = out.extend(count * step);
    if (!to) return;
    const auto* values = static_cast<const std::byte*>(from);
    std::array<std::byte, 4> length{};
    length[3] = std::byte{sizeof(U)};
    for (std::size_t i = 0; i < count; ++i) {
        // loading what lies in the machine's order as big endian turns it round, which works both ways
        const U value = load_be<U>(std::span<const std::byte, sizeof(U)>(values + i * sizeof(U), sizeof(U)));
        std::memcpy(to + i * step, length.data(), 4);
        std::memcpy(to + i * step + 4, &value, sizeof value);
    }
}

constexpr std::size_t plain_header = 20;

bool read_numbers(std::span<const std::byte> from, std::size_t size, std::size_t count, void* out) noexcept
{
    return size == 2   ? read_numbers<std::uint16_t>(from, count, out)
           : size == 4 ? read_numbers<std::uint32_t>(from, count, out)
                       : read_numbers<std::uint64_t>(from, count, out);
}

} // namespace

std::int32_t plain_count(std::span<const std::byte> value, oid element, std::size_t size) noexcept
{
    if (value.size() < plain_header) return -1;
    const std::int32_t count = i32_at(value, 12);
    const bool plain = i32_at(value, 0) == 1 && i32_at(value, 4) == 0 &&
                       i32_at(value, 8) == static_cast<std::int32_t>(element) && i32_at(value, 16) == 1 &&
                       count > 0 && count < INT32_MAX &&
                       value.size() - plain_header == static_cast<std::size_t>(count) * (size + 4);
    return plain ? count : -1;
}

bool read_plain(std::span<const std::byte> value, std::size_t size, void* out) noexcept
{
    const auto count = static_cast<std::size_t>(i32_at(value, 12));
    return read_numbers(value.subspan(plain_header), size, count, out);
}

std::size_t array_shape::count() const noexcept
{
    std::size_t n = dimensions == 0 ? 0 : 1;
    for (std::size_t i = 0; i < dimensions; ++i) n *= static_cast<std::size_t>(dimension[i].length);
    return n;
}

errc array_cursor::open(const field& f)
{
    shape_ = {};
    element_ = element_of(f.column());
    text_ = f.format() == format::text;
    vector_ = f.type() == int2vector || f.type() == oidvector;
    if (!text_) return open_binary(f.bytes());
    delimiter_ = array_delimiter(element_);
    return vector_ ? open_vector_text(f.view()) : open_text(f.view());
}

errc array_cursor::open_binary(std::span<const std::byte> bytes) noexcept
{
    constexpr std::size_t fixed = 12;
    if (bytes.size() < fixed) return errc::invalid_value;
    const std::int32_t dimensions = i32_at(bytes, 0);
    const std::int32_t flags = i32_at(bytes, 4);
    const oid element{load_be<std::uint32_t>(bytes.subspan(8).first<4>())};
    if (dimensions < 0 || dimensions > static_cast<std::int32_t>(array_shape::max_dimensions) || flags < 0 ||
        flags > 1 || (element_ != oid::unknown && element != element_))
        return errc::invalid_value;
    element_ = element;
    nulls_ = flags == 1;
    left_ = bytes.subspan(fixed);
    std::size_t count = 1;
    for (std::int32_t i = 0; i < dimensions; ++i) {
        if (left_.size() < 8) return errc::invalid_value;
        array_dimension& d = shape_.dimension[static_cast<std::size_t>(i)];
        d = {i32_at(left_, 0), i32_at(left_, 4)};
        left_ = left_.subspan(8);
        if (d.length < 0) return errc::invalid_value;
        const auto length = static_cast<std::size_t>(d.length);
        // the product is never more than what all bytes could hold
        if (length != 0 && count > bytes.size() / 4 / length) return errc::invalid_value;
        count *= length;
        // the last index must be a number too
        if (std::int64_t{d.lower} + d.length > std::int64_t{INT32_MAX}) return errc::invalid_value;
    }
    if (count == 0 || dimensions == 0) return left_.empty() ? errc{} : errc::invalid_value;
    shape_.dimensions = static_cast<std::size_t>(dimensions);
    return count <= left_.size() / 4 ? errc{} : errc::invalid_value;
}

errc array_cursor::next(const std::byte*& data, std::int32_t& length)
{
    if (text_) return next_text(data, length);
    if (left_.size() < 4) return errc::invalid_value;
    const std::int32_t n = i32_at(left_, 0);
    const auto rest = left_.subspan(4);
    const std::size_t taken = n < 0 ? 0 : static_cast<std::size_t>(n);
    if (n < (nulls_ ? -1 : 0) || taken > rest.size()) return errc::invalid_value;
    data = rest.data();
    length = n;
    left_ = rest.subspan(taken);
    return {};
}

bool array_cursor::read_fixed(std::size_t size, std::size_t count, void* out) noexcept
{
    if (text_ || left_.size() / (size + 4) < count) return false;
    const bool good = read_numbers(left_, size, count, out);
    if (good) left_ = left_.subspan(count * (size + 4));
    return good;
}

void write_array_header(const array_shape& shape, bool nulls, oid element, encoder& out)
{
    out.i32(static_cast<std::int32_t>(shape.dimensions));
    out.i32(nulls ? 1 : 0);
    out.u32(static_cast<std::uint32_t>(element));
    for (std::size_t i = 0; i < shape.dimensions; ++i) {
        out.i32(shape.dimension[i].length);
        out.i32(shape.dimension[i].lower);
    }
}

void write_fixed(std::size_t size, std::size_t count, const void* from, encoder& out)
{
    switch (size) {
    case 2:
        return write_numbers<std::uint16_t>(count, from, out);
    case 4:
        return write_numbers<std::uint32_t>(count, from, out);
    default:
        return write_numbers<std::uint64_t>(count, from, out);
    }
}

} // namespace tusk::detail
