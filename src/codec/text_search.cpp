// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/text_search.hpp>

#include "codec/lexeme_text.hpp"
#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tusk {
namespace {

using kind = tsquery::kind;

constexpr unsigned max_weights = 15;
constexpr std::size_t least_lexeme = 3; // a NUL and a count
constexpr std::size_t least_node = 2;   // an operator

// What a node of a tsquery begins with, and the operators.
constexpr std::uint8_t node_lexeme = 1;
constexpr std::uint8_t node_operator = 2;
constexpr std::uint8_t op_not = 1;
constexpr std::uint8_t op_and = 2;
constexpr std::uint8_t op_or = 3;
constexpr std::uint8_t op_phrase = 4;

/// A count that at least `least` bytes each must follow.
bool plausible(std::int32_t count, std::size_t least, const wire::reader& in) noexcept
{
    return count >= 0 && static_cast<std::size_t>(count) <= in.remaining() / least;
}

/// String lexeme, Int16 number of positions, then Int16s of two bits weight and 14 bits position.
errc write_lexeme(const tsvector::lexeme& l, encoder& out)
{
    if (l.positions.size() > detail::max_positions) return errc::value_out_of_range;
    out.text(l.text);
    out.u8(0);
    out.u16(static_cast<std::uint16_t>(l.positions.size()));
    for (const tsvector::position& p : l.positions) {
        const auto weight = static_cast<unsigned>(p.w);
        if (p.index == 0 || p.index > detail::max_position || weight > 3) return errc::value_out_of_range;
        out.u16(static_cast<std::uint16_t>(weight << 14 | p.index));
    }
    return {};
}

tsvector::lexeme read_lexeme(wire::reader& in)
{
    tsvector::lexeme l;
    l.text = in.cstring();
    const std::uint16_t count = in.u16();
    if (count > detail::max_positions) in.fail();
    for (std::uint16_t i = 0; i < count && !in.fault(); ++i) {
        const unsigned packed = in.u16();
        const unsigned index = packed & detail::max_position;
        if (index == 0) in.fail();
        l.positions.push_back(
            {static_cast<std::uint16_t>(index), static_cast<tsvector::weight>(packed >> 14)});
    }
    return l;
}

void write_operator(const tsquery::node& n, encoder& out)
{
    out.u8(node_operator);
    switch (n.what) {
    case kind::not_:
        return out.u8(op_not);
    case kind::and_:
        return out.u8(op_and);
    case kind::or_:
        return out.u8(op_or);
    default:
        out.u8(op_phrase);
        return out.u16(n.distance);
    }
}

void read_operator(wire::reader& in, tsquery::node& n)
{
    switch (in.u8()) {
    case op_not:
        n.what = kind::not_;
        break;
    case op_and:
        n.what = kind::and_;
        break;
    case op_or:
        n.what = kind::or_;
        break;
    case op_phrase:
        n.what = kind::phrase;
        n.distance = in.u16();
        break;
    default:
        in.fail();
    }
}

tsquery::node read_node(wire::reader& in)
{
    tsquery::node n;
    const std::uint8_t what = in.u8();
    if (what == node_operator) {
        read_operator(in, n);
        return n;
    }
    n.weights = in.u8();
    const std::uint8_t prefix = in.u8();
    n.prefix = prefix != 0;
    n.text = in.cstring();
    if (what != node_lexeme || n.weights > max_weights || prefix > 1) in.fail();
    return n;
}

} // namespace

// Int32 number of lexemes, then the lexemes.
errc encode_traits<tsvector>::encode(const tsvector& value, encoder& out)
{
    if (value.lexemes.size() > encoder::max_value / least_lexeme) return errc::request_too_large;
    out.i32(static_cast<std::int32_t>(value.lexemes.size()));
    for (const tsvector::lexeme& l : value.lexemes)
        if (const errc e = write_lexeme(l, out); e != errc{}) return e;
    return {};
}

errc decode_traits<tsvector>::decode(const field& f, tsvector& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    const std::int32_t count = in.i32();
    if (!plausible(count, least_lexeme, in)) return errc::invalid_value;
    tsvector value;
    for (std::int32_t i = 0; i < count && !in.fault(); ++i) value.lexemes.push_back(read_lexeme(in));
    if (!in.done()) return errc::invalid_value;
    out = std::move(value);
    return {};
}

// Int32 number of nodes, then the nodes in prefix order: an operator, its right operand, its left one. That is postfix
// order from the end.
errc encode_traits<tsquery>::encode(const tsquery& value, encoder& out)
{
    const auto& nodes = value.nodes();
    if (nodes.empty()) return errc::value_out_of_range;
    if (nodes.size() > encoder::max_value / least_node) return errc::request_too_large;
    out.i32(static_cast<std::int32_t>(nodes.size()));
    for (auto n = nodes.rbegin(); n != nodes.rend(); ++n) {
        if (n->what != kind::lexeme) {
            write_operator(*n, out);
            continue;
        }
        if (n->weights > max_weights) return errc::value_out_of_range;
        out.u8(node_lexeme);
        out.u8(n->weights);
        out.u8(n->prefix ? 1 : 0);
        out.text(n->text);
        out.u8(0);
    }
    return {};
}

errc decode_traits<tsquery>::decode(const field& f, tsquery& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    const std::int32_t count = in.i32();
    if (!plausible(count, least_node, in)) return errc::invalid_value;
    std::vector<tsquery::node> nodes;
    for (std::int32_t i = 0; i < count && !in.fault(); ++i) nodes.push_back(read_node(in));
    if (!in.done()) return errc::invalid_value;
    std::reverse(nodes.begin(), nodes.end());
    auto value = tsquery::from_nodes(std::move(nodes));
    if (!value) return errc::invalid_value;
    out = std::move(*value);
    return {};
}

} // namespace tusk
