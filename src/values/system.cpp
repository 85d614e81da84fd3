// Distributed under the Boost Software License, Version 1.0.
#include <tusk/pg_lsn.hpp>
#include <tusk/pg_snapshot.hpp>
#include <tusk/tid.hpp>

#include "codec/text_cursor.hpp"

#include <array>
#include <charconv>

namespace tusk {
namespace {

using detail::text_cursor;

void append_hex(std::string& to, std::uint32_t number)
{
    std::array<char, 8> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    for (const char* c = digits.data(); c != end; ++c)
        to += *c >= 'a' ? static_cast<char>(*c - 'a' + 'A') : *c;
}

} // namespace

std::optional<pg_lsn> pg_lsn::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    const std::uint64_t high = in.integer<std::uint32_t>(16);
    in.expect("/");
    return in.finish(pg_lsn{high << 32 | in.integer<std::uint32_t>(16)});
}

std::string pg_lsn::to_string() const
{
    std::string text;
    append_hex(text, static_cast<std::uint32_t>(value >> 32));
    text += '/';
    append_hex(text, static_cast<std::uint32_t>(value & 0xffff'ffff));
    return text;
}

std::optional<tid> tid::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    tid value;
    in.expect("(");
    value.block = in.integer<std::uint32_t>();
    in.expect(",");
    value.offset = in.integer<std::uint16_t>();
    in.expect(")");
    return in.finish(value);
}

std::string tid::to_string() const
{
    return '(' + std::to_string(block) + ',' + std::to_string(offset) + ')';
}

std::optional<pg_snapshot> pg_snapshot::parse(std::string_view text)
{
    text_cursor in(text);
    pg_snapshot value;
    value.xmin.value = in.integer<std::uint64_t>();
    in.expect(":");
    value.xmax.value = in.integer<std::uint64_t>();
    in.expect(":");
    if (!in.empty()) {
        do value.xip.push_back({in.integer<std::uint64_t>()});
        while (in.accept(","));
    }
    if (!value.valid()) in.fail();
    return in.finish(std::move(value));
}

std::string pg_snapshot::to_string() const
{
    std::string text = std::to_string(xmin.value) + ':' + std::to_string(xmax.value) + ':';
    for (const xid8& id : xip) {
        if (&id != xip.data()) text += ',';
        text += std::to_string(id.value);
    }
    return text;
}

bool pg_snapshot::valid() const noexcept
{
    if (xmin.value == 0 || xmax < xmin) return false;
    xid8 last = xmin;
    for (const xid8& id : xip) {
        if (id < last || id > xmax) return false;
        last = id;
    }
    return true;
}

} // namespace tusk
