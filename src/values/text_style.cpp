// Distributed under the Boost Software License, Version 1.0.
#include <tusk/text_style.hpp>

#include <algorithm>
#include <array>

namespace tusk {
namespace {

/// Names of zones that are UTC at all times. ("UTC+3" is not: its name says UTC, and it lies 3 hours to the west.)
constexpr std::array<std::string_view, 9> utc_zones{
    "UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "UCT", "Universal", "Etc/Universal"};

/// A zone may be defined on the spot with any name, "<+05>-03". True where that says what it is: the server
/// makes "<+05:30>-05:30" of SET TIME ZONE 5.5. The signs are opposite, since the definition counts to the west.
bool says_its_offset(std::string_view definition) noexcept
{
    const auto end = definition.find('>');
    if (!definition.starts_with('<') || end == std::string_view::npos || end < 2) return false;
    const std::string_view name = definition.substr(1, end - 1);
    const std::string_view west = definition.substr(end + 1);
    const auto is_sign = [](char c) { return c == '+' || c == '-'; };
    return !west.empty() && is_sign(name.front()) && is_sign(west.front()) && name.front() != west.front() &&
           name.substr(1) == west.substr(1);
}

} // namespace

text_style text_style::of(std::string_view date_style, std::string_view time_zone) noexcept
{
    text_style style;
    if (date_style.ends_with("DMY")) style.order = date_order::dmy; // YMD writes months first in these styles
    if (std::find(utc_zones.begin(), utc_zones.end(), time_zone) != utc_zones.end())
        style.zones = zone_names::utc;
    else if (!time_zone.empty() &&
             (time_zone.find('<') == std::string_view::npos || says_its_offset(time_zone)))
        style.zones = zone_names::numeric;
    return style;
}

} // namespace tusk
