// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/sql_type_name.hpp>
#include <tusk/type_info.hpp>

namespace tusk::detail {
namespace {

constexpr std::size_t max_text = 1024; // the server's names have 63 bytes

[[nodiscard]] bool begins_word(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

[[nodiscard]] bool goes_on(char c) noexcept { return begins_word(c) || (c >= '0' && c <= '9') || c == '$'; }

[[nodiscard]] char to_small(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

void skip_blanks(std::string_view& text) noexcept
{
    const auto first = text.find_first_not_of(" \t\r\n\f\v");
    text.remove_prefix(first == text.npos ? text.size() : first);
}

[[nodiscard]] bool skip(std::string_view& text, char c) noexcept
{
    skip_blanks(text);
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

/// "A ""quoted"" one"; the quote in front has been read.
[[nodiscard]] bool read_quoted(std::string_view& text, std::string& out)
{
    for (;;) {
        const auto end = text.find('"');
        if (end == text.npos) return false;
        out += text.substr(0, end);
        text.remove_prefix(end + 1);
        if (!text.starts_with('"')) return !out.empty();
        text.remove_prefix(1);
        out += '"';
    }
}

/// An identifier; without quotes the letters of ASCII become small.
[[nodiscard]] bool read_identifier(std::string_view& text, std::string& out)
{
    skip_blanks(text);
    out.clear();
    if (skip(text, '"')) return read_quoted(text, out);
    if (text.empty() || !begins_word(text.front())) return false;
    while (!text.empty() && goes_on(text.front())) {
        out += to_small(text.front());
        text.remove_prefix(1);
    }
    return true;
}

} // namespace

std::string quoted_identifier(std::string_view name)
{
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted += '"';
}

std::string sql_type_name::to_string() const
{
    std::string text = schema.empty() ? std::string() : quoted_identifier(schema) + '.';
    text += quoted_identifier(name);
    return array ? text += "[]" : text;
}

bool read_type_reference(std::string_view text, type_reference& out)
{
    out = {};
    const type_info* known = find_type(text);
    if (!known && text.find('"') == text.npos) {
        std::string small(text);
        for (char& c : small) c = to_small(c);
        known = find_type(std::string_view(small));
    }
    sql_type_name name;
    if (known)
        out.built_in = known->id;
    else if (parse_type_name(text, name))
        out.name = name.to_string();
    return known || !out.name.empty();
}

bool parse_type_name(std::string_view text, sql_type_name& out)
{
    out = {};
    if (text.size() > max_text || text.find('\0') != text.npos || !read_identifier(text, out.name))
        return false;
    if (skip(text, '.')) {
        out.schema.swap(out.name);
        if (!read_identifier(text, out.name)) return false;
    }
    while (skip(text, '[')) { // any number of dimensions is the same type
        if (!skip(text, ']')) return false;
        out.array = true;
    }
    skip_blanks(text);
    return text.empty();
}

} // namespace tusk::detail
