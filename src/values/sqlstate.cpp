// Distributed under the Boost Software License, Version 1.0.
#include <tusk/sqlstate.hpp>

#include "values/sqlstate_names.hpp"

#include <tusk/error.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace tusk {

namespace {

std::string_view find_name(std::span<const detail::sqlstate_name> names, int value) noexcept
{
    const auto found = std::ranges::lower_bound(names, value, {}, &detail::sqlstate_name::value);
    return found != names.end() && found->value == value ? found->name : std::string_view();
}

std::string in_words(std::string_view name)
{
    std::string text(name);
    std::ranges::replace(text, '_', ' ');
    return text;
}

std::string unpack(int value, std::size_t characters)
{
    std::string text(characters, '0');
    for (std::size_t i = characters; i-- > 0; value /= 36)
        text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % 36];
    return text;
}

constexpr int code_end = 36 * 36 * 36 * 36 * 36;

class sqlstate_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "postgresql"; }
    [[nodiscard]] std::string message(int value) const override
    {
        if (value < 0 || value >= code_end) return "invalid SQLSTATE";
        const auto code = static_cast<sqlstate>(value);
        if (const auto known = condition_name(code); !known.empty()) return in_words(known);
        const auto group = condition_name(class_of(code));
        return "SQLSTATE " + to_string(code) + (group.empty() ? std::string() : " (" + in_words(group) + ")");
    }
};

class sqlstate_class_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "postgresql class"; }
    [[nodiscard]] std::string message(int value) const override
    {
        if (value < 0 || value >= 36 * 36) return "invalid class of SQLSTATE";
        const auto known = condition_name(static_cast<sqlstate_class>(value));
        return known.empty() ? "SQLSTATE class " + unpack(value, 2) : in_words(known);
    }
    [[nodiscard]] bool equivalent(const std::error_code& code, int condition) const noexcept override
    {
        return code.category() == sqlstate_category() &&
               static_cast<int>(class_of(static_cast<sqlstate>(code.value()))) == condition;
    }
};

} // namespace

const std::error_category& sqlstate_category() noexcept
{
    static const sqlstate_category_type category;
    return category;
}

const std::error_category& sqlstate_class_category() noexcept
{
    static const sqlstate_class_category_type category;
    return category;
}

std::error_code sqlstate_error(std::string_view five) noexcept
{
    const int value = five.size() == 5 ? detail::pack_sqlstate(five) : -1;
    // "00000" is success: as an error code it would read as "no error" where an error is being reported
    if (value <= 0) return errc::protocol_violation;
    return static_cast<sqlstate>(value);
}

std::string to_string(sqlstate code)
{
    const int value = static_cast<int>(code);
    return value < 0 || value >= code_end ? std::string() : unpack(value, 5);
}

std::string sqlstate_string(const std::error_code& ec)
{
    if (ec.category() != sqlstate_category()) return {};
    return to_string(static_cast<sqlstate>(ec.value()));
}

std::string_view condition_name(sqlstate code) noexcept
{
    return find_name(detail::sqlstate_names, static_cast<int>(code));
}

std::string_view condition_name(sqlstate_class group) noexcept
{
    return find_name(detail::sqlstate_class_names, static_cast<int>(group));
}

} // namespace tusk
