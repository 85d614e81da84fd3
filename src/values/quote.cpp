// Distributed under the Boost Software License, Version 1.0.
#include <tusk/quote.hpp>

#include <tusk/detail/sql_type_name.hpp>
#include <tusk/error.hpp>

#include "values/utf8.hpp"

namespace tusk {

namespace {

constexpr std::size_t longest_name = 63; // NAMEDATALEN - 1

[[nodiscard]] bool is_name(std::string_view name) noexcept
{
    return !name.empty() && name.size() <= longest_name && name.find('\0') == name.npos &&
           detail::is_utf8(name);
}

} // namespace

std::string quote_identifier(std::string_view name, std::error_code& ec)
{
    ec = is_name(name) ? std::error_code() : make_error_code(errc::invalid_identifier);
    return ec ? std::string() : detail::quoted_identifier(name);
}

std::string quote_identifier(std::string_view name)
{
    std::error_code ec;
    std::string quoted = quote_identifier(name, ec);
    if (ec) throw error(ec, diagnostics::client("a name has 1 to 63 bytes of UTF-8, none of them NUL"));
    return quoted;
}

std::string quote_identifier(std::span<const std::string_view> names)
{
    std::string quoted;
    for (const std::string_view name : names) {
        if (!quoted.empty()) quoted += '.';
        quoted += quote_identifier(name);
    }
    if (quoted.empty()) throw error(errc::invalid_identifier, diagnostics::client("there is no name"));
    return quoted;
}

std::string quote_identifier(std::initializer_list<std::string_view> names)
{
    return quote_identifier(std::span(names.begin(), names.size()));
}

std::string quote_literal(std::string_view text, std::error_code& ec)
{
    ec = {};
    if (text.find('\0') != text.npos) ec = errc::nul_in_text;
    if (!ec && !detail::is_utf8(text)) ec = errc::invalid_value;
    if (ec) return {};
    std::string quoted = text.find('\\') == text.npos ? "'" : " E'";
    quoted.reserve(quoted.size() + text.size() + 2);
    for (const char c : text) quoted.append(c == '\'' || c == '\\' ? 2 : 1, c);
    return quoted += '\'';
}

std::string quote_literal(std::string_view text)
{
    std::error_code ec;
    std::string quoted = quote_literal(text, ec);
    if (ec == errc::nul_in_text) throw error(ec);
    if (ec) throw error(ec, diagnostics::client("the text is not valid UTF-8"));
    return quoted;
}

} // namespace tusk
