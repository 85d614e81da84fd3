// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <string_view>

namespace tusk {

/// What a date or a time in text format does not say of itself. The rest it does: which DateStyle and which
/// IntervalStyle it was written in is seen from its form.
struct text_style {
    /// What 01/02/2024 and 01-02-2024 are, in DateStyle SQL and Postgres.
    enum class date_order : std::uint8_t {
        mdy,     ///< 2 January
        dmy,     ///< 1 February
        unknown, ///< cannot be told
    };
    /// What is known of the name of a time zone behind a time, in any DateStyle but ISO.
    enum class zone_names : std::uint8_t {
        unknown, ///< nothing: "EST", "CST" and "IST" have several meanings each
        numeric, ///< nothing; but where it is a number ("+0545"), it is the offset
        utc,     ///< it is UTC
    };

    date_order order = date_order::mdy;
    zone_names zones = zone_names::unknown;

    /// From the server's settings, as it reports them: "SQL, DMY" and "Europe/Berlin".
    [[nodiscard]] static text_style of(std::string_view date_style, std::string_view time_zone) noexcept;

    friend bool operator==(const text_style&, const text_style&) = default;
};

} // namespace tusk
