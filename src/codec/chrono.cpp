// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/chrono.hpp>

namespace tusk {

errc detail::write_days(std::int64_t since_1970, encoder& out)
{
    date value;
    if (!to_server_date(since_1970, value)) return errc::value_out_of_range;
    return encode_traits<date>::encode(value, out);
}

errc encode_traits<std::chrono::year_month_day>::encode(const std::chrono::year_month_day& value,
                                                        encoder& out)
{
    if (!value.ok()) return errc::value_out_of_range;
    return detail::write_days(std::chrono::sys_days(value).time_since_epoch().count(), out);
}

} // namespace tusk
