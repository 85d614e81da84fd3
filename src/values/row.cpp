// Distributed under the Boost Software License, Version 1.0.
#include <tusk/row.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace tusk {

field row::operator[](std::size_t i) const
{
    if (i >= size())
        throw std::out_of_range("tusk: column " + std::to_string(i) + " of a row with " +
                                std::to_string(size()));
    detail::row_cursor cursor(body_);
    detail::raw_field value{};
    std::size_t fields = 0;
    bool sound = cursor.count(fields);
    for (std::size_t left = i + 1; sound && left > 0; --left) sound = cursor.next(value.data, value.length);
    if (!sound) throw error(errc::protocol_violation); // such a row does not pass the session
    return {(*columns_)[i], value.data, value.length};
}

field row::operator[](std::string_view name) const
{
    const auto found = std::ranges::find(*columns_, name, &column::name);
    if (found == columns_->end())
        throw error(errc::column_mismatch,
                    diagnostics::client("the result has no column named \"" + std::string(name) + '"'));
    return (*this)[static_cast<std::size_t>(found - columns_->begin())];
}

} // namespace tusk
