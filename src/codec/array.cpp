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

template <class U>
bool read_numbers(std::span<const std::byte> from, std::size_t count, void* out) noexcept
{
    constexpr std::size_t step = 4 + sizeof(U);
    std::uint32_t wrong = 0; // gathered, so that the loop has no branch
    auto* to = static_cast<std::byte*>(out);
    for (std::size_t i = 0; i < count; ++i) {
        const auto element = from.subspan(i * step).template first<step>();
        wrong |= load_be<std::uint32_t>(element.template first<4>()) ^ static_cast<std::uint32_t>(sizeof(U));
        const U value = load_be<U>(element.template last<sizeof(U)>());
        std::memcpy(to + i * sizeof(U), &value, sizeof value);
    }
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

} // namespace

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
    const bool good = size == 2   ? read_numbers<std::uint16_t>(left_, count, out)
                      : size == 4 ? read_numbers<std::uint32_t>(left_, count, out)
                                  : read_numbers<std::uint64_t>(left_, count, out);
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
