// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/bytes.hpp>
#include <tusk/statement.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tusk {
namespace {

/// Types whose binary form is their text, so that one can be sent for another.
bool is_text(oid type) noexcept
{
    static constexpr std::array types{oid::text,    oid::varchar, oid::bpchar, oid::name,
                                      oid::unknown, oid::cstring, oid::json,   oid::xml};
    return std::ranges::find(types, type) != types.end();
}

/// Whether a value encoded as `given` can go where the statement wants `wanted`. Text is read by the wanted
/// type's own rules; binary bytes of another type would be taken for a value that nobody meant.
bool goes_for(param_info given, oid wanted) noexcept
{
    if (given.format == format::text || given.type == oid::none || given.type == wanted) return true;
    return is_text(given.type) && is_text(wanted);
}

} // namespace

const tusk::columns& statement::columns() const noexcept
{
    static const tusk::columns none;
    return has_columns() ? *data_->cols : none;
}

bool statement::count_fits(std::size_t n, params& values) const
{
    const std::size_t wanted = parameter_types().size();
    if (n == wanted) return true;
    values.fail(errc::parameter_mismatch,
                diagnostics::client("the statement has " + std::to_string(wanted) +
                                        (wanted == 1 ? " parameter, and " : " parameters, and ") +
                                        std::to_string(n) +
                                        (n == 1 ? " value was given" : " values were given"),
                                    outcome::not_sent));
    return false;
}

bound statement::bind(params values) const
{
    const auto wanted = parameter_types();
    if (!values.error() && count_fits(values.size(), values)) {
        detail::row_cursor cursor(values.values()); // laid out like the fields of a row
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const std::byte* data = nullptr;
            std::int32_t length = -1;
            const bool null = !cursor.next(data, length) || length < 0;
            const param_info given = values.info(i);
            if (!null && detail::is_named(given.type) && given.format == format::binary)
                values.places_.make().assume(given.type, wanted[i]);
            else if (!null && !goes_for(given, wanted[i]))
                values.mismatch(i + 1, wanted[i], {});
        }
    }
    return finish(std::move(values));
}

bound statement::finish(params values) const { return {data_, std::move(values)}; }

} // namespace tusk
