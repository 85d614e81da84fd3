// Distributed under the Boost Software License, Version 1.0.
#include <tusk/tsvector.hpp>

#include "codec/lexeme_text.hpp"

#include <utility>

namespace tusk {
namespace {

using detail::text_cursor;
using weight = tsvector::weight;

weight read_weight(text_cursor& in) noexcept
{
    if (in.accept("A")) return weight::a;
    if (in.accept("B")) return weight::b;
    if (in.accept("C")) return weight::c;
    return weight::d; // is not written
}

} // namespace

std::optional<tsvector> tsvector::parse(std::string_view text)
{
    text_cursor in(text);
    tsvector value;
    while (!in.empty()) {
        if (!value.lexemes.empty()) in.expect(" ");
        lexeme& l = value.lexemes.emplace_back();
        l.text = detail::read_lexeme(in);
        if (!in.accept(":")) continue;
        do {
            const auto index = in.integer<std::uint16_t>();
            if (index == 0 || index > detail::max_position || l.positions.size() == detail::max_positions)
                in.fail();
            l.positions.push_back({index, read_weight(in)});
        } while (in.accept(","));
    }
    return in.finish(std::move(value));
}

std::string tsvector::to_string() const
{
    constexpr std::string_view letters = "DCBA";
    std::string text;
    for (const lexeme& l : lexemes) {
        if (!text.empty()) text += ' ';
        detail::append_lexeme(text, l.text);
        char mark = ':';
        for (const position& p : l.positions) {
            text += std::exchange(mark, ',');
            text += std::to_string(p.index);
            if (p.w != weight::d) text += letters[static_cast<std::size_t>(p.w) % letters.size()];
        }
    }
    return text;
}

} // namespace tusk
