// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "codec/text_cursor.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// What tsvector and tsquery have in common.
namespace tusk::detail {

/// Limits of the positions of a lexeme in a tsvector: 14 bits, under two of the weight, and not 0.
constexpr unsigned max_position = 0x3fff;
constexpr std::size_t max_positions = 256;

/// A lexeme's text: in single quotes; quotes and backslashes are doubled.
[[nodiscard]] inline std::string read_lexeme(text_cursor& in)
{
    std::string text;
    in.expect("'");
    while (!in.fault()) {
        text += in.until("'\\");
        const char mark = in.next();
        if (in.accept(std::string_view(&mark, 1)))
            text += mark; // it was doubled
        else if (mark == '\'')
            return text;
        else
            in.fail();
    }
    return {};
}

inline void append_lexeme(std::string& to, std::string_view text)
{
    to += '\'';
    for (const char c : text) {
        if (c == '\'' || c == '\\') to += c;
        to += c;
    }
    to += '\'';
}

} // namespace tusk::detail
