// Distributed under the Boost Software License, Version 1.0.
#include <tusk/hstore.hpp>

#include "codec/text_cursor.hpp"

#include <utility>

namespace tusk {
namespace {

using detail::text_cursor;

/// In double quotes; a backslash stands before a quote or a backslash.
std::string read_quoted(text_cursor& in)
{
    std::string text;
    in.expect("\"");
    while (!in.fault()) {
        text += in.until("\"\\");
        const char mark = in.next();
        if (mark == '"') return text;
        text += in.next();
    }
    return {};
}

void append_quoted(std::string& to, std::string_view text)
{
    to += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') to += '\\';
        to += c;
    }
    to += '"';
}

} // namespace

std::optional<hstore> hstore::parse(std::string_view text)
{
    text_cursor in(text);
    hstore value;
    while (!in.empty()) {
        if (!value.pairs.empty()) in.expect(", ");
        std::string key = read_quoted(in);
        in.expect("=>");
        std::optional<std::string> content;
        if (!in.accept("NULL")) content = read_quoted(in);
        if (!value.pairs.emplace(std::move(key), std::move(content)).second) in.fail();
    }
    return in.finish(std::move(value));
}

std::string hstore::to_string() const
{
    std::string text;
    for (const auto& [key, content] : pairs) {
        if (!text.empty()) text += ", ";
        append_quoted(text, key);
        text += "=>";
        if (content)
            append_quoted(text, *content);
        else
            text += "NULL";
    }
    return text;
}

} // namespace tusk
