// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/composite_cursor.hpp>

#include "codec/quoted.hpp"

#include <string_view>

namespace tusk::detail {

errc composite_cursor::open(const field& f, std::size_t fields) noexcept
{
    left_ = f.bytes();
    text_ = f.format() == format::text;
    if (text_) {
        if (!f.view().starts_with('(')) return errc::invalid_value;
        left_ = left_.subspan(1);
        return {};
    }
    if (left_.size() < 4) return errc::invalid_value;
    const auto count = static_cast<std::int32_t>(load_be<std::uint32_t>(left_.first<4>()));
    left_ = left_.subspan(4);
    // each has a type and a length
    if (count < 0 || static_cast<std::size_t>(count) > left_.size() / 8) return errc::invalid_value;
    return static_cast<std::size_t>(count) == fields ? errc{} : errc::value_not_representable;
}

errc composite_cursor::next(oid& type, const std::byte*& data, std::int32_t& length)
{
    if (text_) {
        type = oid::unknown;
        return next_text(data, length);
    }
    if (left_.size() < 8) return errc::invalid_value;
    type = oid{load_be<std::uint32_t>(left_.first<4>())};
    const auto n = static_cast<std::int32_t>(load_be<std::uint32_t>(left_.subspan(4).first<4>()));
    const auto rest = left_.subspan(8);
    const std::size_t taken = n < 0 ? 0 : static_cast<std::size_t>(n);
    if (n < -1 || taken > rest.size()) return errc::invalid_value;
    data = rest.data();
    length = n;
    left_ = rest.subspan(taken);
    return {};
}

errc composite_cursor::next_text(const std::byte*& data, std::int32_t& length)
{
    if (!more_) return errc::value_not_representable; // fewer fields than members
    std::string_view text(reinterpret_cast<const char*>(left_.data()), left_.size());
    std::string_view found;
    bool quoted = false;
    if (!read_quoted(text, ",)", unescaped_, found, quoted) || found.size() > encoder::max_value)
        return errc::invalid_value;
    more_ = text.front() == ',';
    left_ = std::as_bytes(std::span(text.substr(1)));
    const bool null = found.empty() && !quoted;
    data = reinterpret_cast<const std::byte*>(found.data());
    length = null ? -1 : static_cast<std::int32_t>(found.size());
    return {};
}

errc composite_cursor::finish() const noexcept
{
    if (text_ && more_) return errc::value_not_representable; // more fields than members
    return left_.empty() ? errc{} : errc::invalid_value;
}

} // namespace tusk::detail
