// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/row_decoder.hpp>
#include <tusk/error.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <string>

namespace tusk::detail {
namespace {

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

/// column 2 "age" (int4)
std::string describe(const columns& cols, std::size_t index)
{
    const column& c = cols[index];
    std::string text = "column " + std::to_string(index + 1) + " " + quoted(c.name) + " (";
    if (const std::string_view known = type_name(c.type); !known.empty())
        text += known;
    else
        text += "type " + std::to_string(static_cast<std::uint32_t>(c.type));
    return text + (c.format == format::text ? ", text format)" : ")");
}

/// member age of user (int), or int
std::string describe(const target& to, std::string_view row_type)
{
    if (!to.name.empty())
        return "member " + std::string(to.name) + " of " + readable_type(row_type) + " (" +
               readable_type(to.type) + ")";
    return readable_type(to.type);
}

std::error_code fail(errc e, diagnostics& why, std::string message)
{
    why = diagnostics::client(std::move(message));
    return make_error_code(e);
}

std::error_code does_not_accept(const columns& cols, std::size_t index, const target& to,
                                std::string_view row_type, diagnostics& why)
{
    return fail(errc::column_mismatch, why,
                describe(cols, index) + " cannot be read into " + describe(to, row_type));
}

/// The index of the first column with this name, or the number of columns.
std::size_t first_column(const columns& cols, std::string_view name) noexcept
{
    const auto at = std::ranges::find(cols, name, &column::name);
    return static_cast<std::size_t>(at - cols.begin());
}

/// Where a column goes that no member wants.
constexpr target passed_over{{},
                             {},
                             [](const column&) { return true; },
                             [](const field&, void*) { return errc{}; },
                             {},
                             presence::required};

/// The message of the exception that is being handled, and the code it stands for.
std::error_code current_failure(std::string& reason)
{
    try {
        throw;
    } catch (const unknown_type_error&) {
        throw; // it may be read yet
    } catch (const std::bad_alloc&) {
        reason = "out of memory";
        return std::make_error_code(std::errc::not_enough_memory);
    } catch (const std::system_error& e) {
        reason = e.what();
        return e.code();
    } catch (const std::exception& e) {
        reason = e.what();
    } catch (...) {
        reason = "its codec failed";
    }
    return errc::invalid_value;
}

std::string_view reason_of(errc e) noexcept
{
    switch (e) {
    case errc::unexpected_null:
        return "it is NULL, for which this type has no place; std::optional has";
    case errc::invalid_value:
        return "its bytes are no valid value of this type";
    case errc::value_not_representable:
        return "its value does not fit this type";
    case errc::column_mismatch:
        return "what is in it is of another type";
    default:
        return "its codec refused it";
    }
}

} // namespace

std::error_code plan_by_position(const row_shape& shape, const columns& cols, diagnostics& why)
{
    const std::size_t wanted = shape.targets.size();
    if (cols.size() != wanted)
        return fail(errc::column_mismatch, why,
                    "the result has " + std::to_string(cols.size()) +
                        (cols.size() == 1 ? " column" : " columns") + ", " + readable_type(shape.type) +
                        " is read from " + std::to_string(wanted));
    for (std::size_t i = 0; i < wanted; ++i)
        if (!shape.targets[i].accepts(cols[i]))
            return does_not_accept(cols, i, shape.targets[i], shape.type, why);
    return {};
}

std::error_code plan_by_name(const row_shape& shape, std::span<const std::size_t> offsets,
                             std::span<member_slot> slots, const columns& cols, diagnostics& why)
{
    for (const target& member : shape.targets)
        if (member.needs == presence::required && first_column(cols, member.column) == cols.size())
            return fail(errc::column_mismatch, why,
                        "the result has no column " +
                            (member.name == member.column ? "" : quoted(member.column) + " ") + "for " +
                            describe(member, shape.type));
    for (std::size_t i = 0; i < cols.size(); ++i) {
        const auto member = std::ranges::find_if(shape.targets, [&](const target& t) {
            return t.needs != presence::ignored && t.column == cols[i].name;
        });
        if (member == shape.targets.end()) {
            if (!shape.extra_columns)
                return fail(errc::column_mismatch, why,
                            describe(cols, i) + " has no member in " + readable_type(shape.type));
            slots[i] = {&passed_over, 0};
            continue;
        }
        // So each column has a member to itself, and there are slots for all of them.
        if (first_column(cols, cols[i].name) != i)
            return fail(errc::column_mismatch, why,
                        describe(cols, i) + " has the name of an earlier column; " +
                            readable_type(shape.type) + " has one member " + std::string(member->name));
        if (!member->accepts(cols[i])) return does_not_accept(cols, i, *member, shape.type, why);
        slots[i] = {&*member, offsets[static_cast<std::size_t>(member - shape.targets.begin())]};
    }
    return {};
}

bool in_order(const row_shape& shape, std::span<const member_slot> slots) noexcept
{
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (slots[i].to != &shape.targets[i]) return false;
    return slots.size() == shape.targets.size();
}

bool decode_members(std::span<const member_slot> slots, std::string_view type, const columns& cols,
                    std::span<const std::byte> body, void* out, std::error_code& ec, diagnostics& why)
{
    row_cursor cursor(body);
    std::size_t count = 0;
    bool sound = cursor.count(count) && count == slots.size() && cols.size() == slots.size();
    std::size_t index = 0;
    try {
        for (; sound && index < slots.size(); ++index) {
            raw_field from{};
            sound = cursor.next(from.data, from.length);
            if (!sound) break;
            const member_slot& slot = slots[index];
            const errc failure = slot.to->decode(field(cols[index], from.data, from.length),
                                                 static_cast<std::byte*>(out) + slot.offset);
            if (failure == errc{}) continue;
            ec = bad_value(failure, cols, index, *slot.to, type, why);
            return false;
        }
    } catch (...) {
        ec = bad_value({}, cols, index, *slots[index].to, type, why);
        return false;
    }
    if (sound && cursor.done()) return true;
    ec = bad_row(why);
    return false;
}

std::error_code bad_row(diagnostics& why)
{
    return fail(errc::protocol_violation, why, "a row does not have the columns that were announced");
}

std::error_code bad_value(errc why_not, const columns& cols, std::size_t index, const target& to,
                          std::string_view row_type, diagnostics& why)
{
    std::string reason(reason_of(why_not));
    const std::error_code ec = why_not == errc{} ? current_failure(reason) : make_error_code(why_not);
    why = diagnostics::client(describe(cols, index) + " cannot be read into " + describe(to, row_type) +
                              ": " + reason);
    return ec;
}

} // namespace tusk::detail
