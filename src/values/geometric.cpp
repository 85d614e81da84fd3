// Distributed under the Boost Software License, Version 1.0.
#include <tusk/geometric.hpp>

#include "codec/float_text.hpp"
#include "codec/text_cursor.hpp"

namespace tusk {
namespace {

using detail::append_float;
using detail::text_cursor;

point read_point(text_cursor& in) noexcept
{
    point p;
    in.expect("(");
    p.x = in.number<double>(",");
    in.expect(",");
    p.y = in.number<double>(")");
    in.expect(")");
    return p;
}

std::vector<point> read_points(text_cursor& in)
{
    std::vector<point> points;
    do points.push_back(read_point(in));
    while (in.accept(","));
    return points;
}

void append(std::string& to, const point& p)
{
    to += '(';
    append_float(to, p.x);
    to += ',';
    append_float(to, p.y);
    to += ')';
}

void append(std::string& to, const std::vector<point>& points)
{
    for (const point& p : points) {
        if (&p != points.data()) to += ',';
        append(to, p);
    }
}

} // namespace

std::optional<point> point::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    return in.finish(read_point(in));
}

std::string point::to_string() const
{
    std::string text;
    append(text, *this);
    return text;
}

std::optional<line> line::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    line l;
    in.expect("{");
    l.a = in.number<double>(",");
    in.expect(",");
    l.b = in.number<double>(",");
    in.expect(",");
    l.c = in.number<double>("}");
    in.expect("}");
    return in.finish(l);
}

std::string line::to_string() const
{
    std::string text = "{";
    append_float(text, a);
    text += ',';
    append_float(text, b);
    text += ',';
    append_float(text, c);
    return text + '}';
}

std::optional<lseg> lseg::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    lseg s;
    in.expect("[");
    s.first = read_point(in);
    in.expect(",");
    s.second = read_point(in);
    in.expect("]");
    return in.finish(s);
}

std::string lseg::to_string() const
{
    std::string text = "[";
    append(text, first);
    text += ',';
    append(text, second);
    return text + ']';
}

std::optional<box> box::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    box b;
    b.high = read_point(in);
    in.expect(",");
    b.low = read_point(in);
    return in.finish(b);
}

std::string box::to_string() const
{
    std::string text;
    append(text, high);
    text += ',';
    append(text, low);
    return text;
}

std::optional<path> path::parse(std::string_view text)
{
    text_cursor in(text);
    path p;
    p.closed = !in.accept("[");
    if (p.closed) in.expect("(");
    p.points = read_points(in);
    in.expect(p.closed ? ")" : "]");
    return in.finish(std::move(p));
}

std::string path::to_string() const
{
    std::string text(1, closed ? '(' : '[');
    append(text, points);
    return text + (closed ? ')' : ']');
}

std::optional<polygon> polygon::parse(std::string_view text)
{
    text_cursor in(text);
    polygon p;
    in.expect("(");
    p.points = read_points(in);
    in.expect(")");
    return in.finish(std::move(p));
}

std::string polygon::to_string() const
{
    std::string text = "(";
    append(text, points);
    return text + ')';
}

std::optional<circle> circle::parse(std::string_view text) noexcept
{
    text_cursor in(text);
    circle c;
    in.expect("<");
    c.center = read_point(in);
    in.expect(",");
    c.radius = in.number<double>(">");
    in.expect(">");
    if (c.radius < 0) in.fail();
    return in.finish(c);
}

std::string circle::to_string() const
{
    std::string text = "<";
    append(text, center);
    text += ',';
    append_float(text, radius);
    return text + '>';
}

} // namespace tusk
