// Distributed under the Boost Software License, Version 1.0.
#include <tusk/cube.hpp>

#include "codec/float_text.hpp"
#include "codec/text_cursor.hpp"

#include <utility>

namespace tusk {
namespace {

using detail::text_cursor;

std::vector<double> read_corner(text_cursor& in)
{
    std::vector<double> corner;
    in.expect("(");
    if (in.accept(")")) return corner;
    do {
        if (corner.size() == cube::max_dimensions) in.fail();
        corner.push_back(in.number<double>(",)"));
    } while (in.accept(", "));
    in.expect(")");
    return corner;
}

void append(std::string& to, const std::vector<double>& corner)
{
    to += '(';
    for (const double& x : corner) {
        if (&x != corner.data()) to += ", ";
        detail::append_float(to, x);
    }
    to += ')';
}

} // namespace

std::optional<cube> cube::parse(std::string_view text)
{
    text_cursor in(text);
    cube value;
    value.first = read_corner(in);
    if (in.accept(",")) {
        value.second = read_corner(in);
        if (value.second.empty() || value.second.size() != value.first.size()) in.fail();
    }
    return in.finish(std::move(value));
}

std::string cube::to_string() const
{
    std::string text;
    append(text, first);
    if (second.empty()) return text;
    text += ',';
    append(text, second);
    return text;
}

} // namespace tusk
