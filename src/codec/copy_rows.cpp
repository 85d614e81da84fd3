// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/copy_rows.hpp>

#include <string>

namespace tusk::detail {

namespace {

/// column 2 "age" (int4)
[[nodiscard]] std::string describe(const columns& cols, std::size_t index)
{
    const column& c = cols[index];
    const std::string_view known = type_name(c.type);
    return "column " + std::to_string(index + 1) + " \"" + c.name + "\" (" +
           (known.empty() ? "type " + std::to_string(static_cast<std::uint32_t>(c.type))
                          : std::string(known)) +
           ")";
}

} // namespace

std::error_code plan_copy(std::span<const source> members, std::string_view row_type, const columns& cols,
                          diagnostics& why)
{
    if (members.size() != cols.size()) {
        why = diagnostics::client("the COPY has " + std::to_string(cols.size()) + " columns, and a row of " +
                                  readable_type(row_type) + " has " + std::to_string(members.size()) +
                                  " values");
        return errc::column_mismatch;
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (!members[i].column.empty() && members[i].column != cols[i].name) {
            why = diagnostics::client(describe(cols, i) + " is where " + readable_type(row_type) + " has \"" +
                                      std::string(members[i].column) +
                                      "\": name the columns in the COPY in the order of the members");
            return errc::column_mismatch;
        }
        if (members[i].fits(cols[i])) continue;
        why = diagnostics::client(describe(cols, i) + " cannot be written from " +
                                  readable_type(members[i].type));
        return errc::column_mismatch;
    }
    return {};
}

bool all_direct(std::span<const source> members, const columns& cols) noexcept
{
    for (std::size_t i = 0; i < members.size(); ++i)
        if (!members[i].direct(cols[i].type)) return false;
    return true;
}

diagnostics unwritable(const columns& cols, std::size_t index, const source& from, std::string_view row_type,
                       std::size_t row)
{
    std::string text = "row " + std::to_string(row + 1) + " cannot be written: ";
    if (index < cols.size()) text += describe(cols, index) + " from " + readable_type(from.type);
    return diagnostics::client(text + " of " + readable_type(row_type), outcome::not_sent);
}

} // namespace tusk::detail
