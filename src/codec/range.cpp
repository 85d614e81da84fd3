// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/range.hpp>
#include <tusk/detail/bytes.hpp>

#include "codec/quoted.hpp"

#include <string_view>

namespace tusk::detail {
namespace {

constexpr unsigned flag_empty = 0x01;
constexpr unsigned flag_lower_inclusive = 0x02;
constexpr unsigned flag_upper_inclusive = 0x04;
constexpr unsigned flag_lower_infinite = 0x08;
constexpr unsigned flag_upper_infinite = 0x10;

bool take_length(std::span<const std::byte>& from, std::size_t& length) noexcept
{
    if (from.size() < 4) return false;
    length = load_be<std::uint32_t>(from.first<4>());
    from = from.subspan(4);
    return length <= from.size();
}

errc take_end(std::span<const std::byte>& from, bool infinite, bool inclusive, range_parts::end& out) noexcept
{
    if (infinite && inclusive) return errc::invalid_value;
    out.kind = infinite ? bound_kind::infinite : inclusive ? bound_kind::inclusive : bound_kind::exclusive;
    if (infinite) return {};
    std::size_t length = 0;
    if (!take_length(from, length)) return errc::invalid_value;
    out.data = from.data();
    out.length = static_cast<std::int32_t>(length);
    from = from.subspan(length);
    return {};
}

/// The bytes of one range, all of them.
errc take_apart(std::span<const std::byte> from, range_parts& out) noexcept
{
    if (from.empty()) return errc::invalid_value;
    const auto flags = static_cast<unsigned>(from.front());
    from = from.subspan(1);
    out.empty = flags == flag_empty;
    if (!out.empty) {
        if ((flags & flag_empty) != 0 || flags > 0x1f) return errc::invalid_value;
        if (const errc e = take_end(from, (flags & flag_lower_infinite) != 0,
                                    (flags & flag_lower_inclusive) != 0, out.lower);
            e != errc{})
            return e;
        if (const errc e = take_end(from, (flags & flag_upper_infinite) != 0,
                                    (flags & flag_upper_inclusive) != 0, out.upper);
            e != errc{})
            return e;
    }
    return from.empty() ? errc{} : errc::invalid_value;
}

/// A bound up to one of `ends`; nothing at all is infinite.
bool read_end(std::string_view& text, std::string_view ends, range_parts::end& out)
{
    std::string_view found;
    bool quoted = false;
    if (!read_quoted(text, ends, out.unescaped, found, quoted)) return false;
    if (found.empty() && !quoted) {
        out.kind = bound_kind::infinite;
        return true;
    }
    if (found.size() > encoder::max_value) return false;
    out.kind = bound_kind::exclusive;
    out.data = reinterpret_cast<const std::byte*>(found.data());
    out.length = static_cast<std::int32_t>(found.size());
    return true;
}

bool skip(std::string_view& text, std::string_view what) noexcept
{
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

bool read_range_text(std::string_view& text, range_parts& out)
{
    out.empty = skip(text, "empty");
    if (out.empty) return true;
    const bool lower_inclusive = text.starts_with('[');
    if (!lower_inclusive && !text.starts_with('(')) return false;
    text.remove_prefix(1);
    if (!read_end(text, ",", out.lower) || !skip(text, ",") || !read_end(text, "])", out.upper)) return false;
    const bool upper_inclusive = text.front() == ']';
    text.remove_prefix(1);
    const auto include = [](bool inclusive, range_parts::end& e) {
        if (!inclusive) return true;
        if (e.kind == bound_kind::infinite) return false;
        e.kind = bound_kind::inclusive;
        return true;
    };
    return include(lower_inclusive, out.lower) && include(upper_inclusive, out.upper);
}

} // namespace

errc range_cursor::open(const field& f, bool multirange) noexcept
{
    left_ = f.bytes();
    text_ = f.format() == format::text;
    multirange_ = multirange;
    if (!multirange) return {};
    if (text_) {
        const std::string_view text = f.view();
        if (text.size() < 2 || !text.starts_with('{') || !text.ends_with('}')) return errc::invalid_value;
        left_ = left_.subspan(1);
        more_ = text.size() > 2;
        count_ = 0;
        return {};
    }
    if (left_.size() < 4) return errc::invalid_value;
    count_ = load_be<std::uint32_t>(left_.first<4>());
    left_ = left_.subspan(4);
    more_ = count_ != 0;
    if (count_ > left_.size() / 5) return errc::invalid_value; // a length and flags each
    return more_ || left_.empty() ? errc{} : errc::invalid_value;
}

errc range_cursor::next(range_parts& out) { return text_ ? next_text(out) : next_binary(out); }

errc range_cursor::next_binary(range_parts& out) noexcept
{
    std::span<const std::byte> one = left_;
    if (multirange_) {
        std::size_t length = 0;
        if (!take_length(left_, length)) return errc::invalid_value;
        one = left_.first(length);
        left_ = left_.subspan(length);
    }
    more_ = --count_ != 0;
    if (!more_ && multirange_ && !left_.empty()) return errc::invalid_value;
    return take_apart(one, out);
}

errc range_cursor::next_text(range_parts& out)
{
    std::string_view text(reinterpret_cast<const char*>(left_.data()), left_.size());
    if (!read_range_text(text, out)) return errc::invalid_value;
    more_ = multirange_ && skip(text, ",");
    if (!more_ && text != (multirange_ ? "}" : "")) return errc::invalid_value;
    left_ = std::as_bytes(std::span(text));
    return {};
}

std::uint8_t range_flags(bool empty, bound_kind lower, bound_kind upper) noexcept
{
    if (empty) return flag_empty;
    unsigned flags = 0;
    if (lower == bound_kind::infinite) flags |= flag_lower_infinite;
    if (lower == bound_kind::inclusive) flags |= flag_lower_inclusive;
    if (upper == bound_kind::infinite) flags |= flag_upper_infinite;
    if (upper == bound_kind::inclusive) flags |= flag_upper_inclusive;
    return static_cast<std::uint8_t>(flags);
}

oid bounds_of(oid target, bool multi) noexcept
{
    column c;
    c.type = target;
    if (target == oid::none || is_dynamic(target) || is_multirange(c) != multi) return oid::none;
    const oid inner = subtype_of(target);
    return multi ? subtype_of(inner) : inner;
}

} // namespace tusk::detail
