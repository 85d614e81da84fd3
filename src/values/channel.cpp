// Distributed under the Boost Software License, Version 1.0.
#include "values/channel.hpp"

#include "values/utf8.hpp"

#include <cstddef>

namespace tusk::detail {

namespace {

constexpr std::size_t longest_name = 63; // PostgreSQL refuses more

} // namespace

bool is_channel(std::string_view name) noexcept
{
    return !name.empty() && name.size() <= longest_name && name.find('\0') == std::string_view::npos &&
           is_utf8(name);
}

std::string channel_statement(std::string_view verb, std::string_view channel)
{
    std::string text(verb);
    text += " \"";
    for (const char c : channel) text.append(c == '"' ? 2 : 1, c);
    text += '"';
    return text;
}

} // namespace tusk::detail
