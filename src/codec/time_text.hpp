// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/error.hpp>
#include <tusk/interval.hpp>
#include <tusk/text_style.hpp>
#include <tusk/time_of_day.hpp>

#include <cstdint>
#include <string_view>

/// Dates, times and intervals as the server writes them, in every DateStyle and IntervalStyle. The style is seen
/// from the text; what that leaves open, `text_style` says.
///
/// Errors: errc::invalid_value for what is no such text, and for what cannot be told: the order of day and month,
/// a time zone that is an abbreviation. errc::value_not_representable beyond PostgreSQL's range.
namespace tusk::detail {

/// Days from 2000-01-01, as in the binary form: the least and the greatest number are the infinities.
[[nodiscard]] errc read_date_text(std::string_view text, text_style style, std::int32_t& since_2000) noexcept;
/// Microseconds from 2000-01-01, likewise; a timestamptz with `zone`.
[[nodiscard]] errc read_timestamp_text(std::string_view text, text_style style, bool zone,
                                       std::int64_t& since_2000) noexcept;
[[nodiscard]] errc read_time_text(std::string_view text, time_of_day& out) noexcept;
[[nodiscard]] errc read_timetz_text(std::string_view text, timetz& out) noexcept;
[[nodiscard]] errc read_interval_text(std::string_view text, interval& out) noexcept;

} // namespace tusk::detail
