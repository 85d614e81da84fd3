// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/named_types.hpp>
#include <tusk/detail/sql_type_name.hpp>
#include <tusk/type_info.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

namespace tusk::detail {
namespace {

constexpr std::size_t max_names = 65'536;

/// The names that the process has used. They are as many as its programs hold, so that they are kept.
class name_table {
public:
    [[nodiscard]] oid find(std::string_view text) const
    {
        const std::shared_lock lock(mutex_);
        const auto found = numbers_.find(text);
        return found == numbers_.end() ? oid::none : found->second;
    }

    /// `text` is another spelling of `name`.
    [[nodiscard]] oid add(std::string_view text, const std::string& name)
    {
        const std::unique_lock lock(mutex_);
        oid number = oid::none;
        if (const auto found = numbers_.find(name); found != numbers_.end()) {
            number = found->second;
        } else {
            if (numbers_.size() >= max_names) return oid::none;
            number = oid{first_named_type + static_cast<std::uint32_t>(names_.size())};
            names_.push_back(name);
            numbers_.emplace(name, number);
        }
        if (numbers_.size() < max_names) numbers_.emplace(text, number);
        return number;
    }

    [[nodiscard]] std::string_view name(std::size_t number) const
    {
        const std::shared_lock lock(mutex_);
        return number < names_.size() ? std::string_view(names_[number]) : std::string_view();
    }

private:
    mutable std::shared_mutex mutex_;
    std::deque<std::string> names_; // they never move
    std::map<std::string, oid, std::less<>> numbers_;
};

name_table& the_names()
{
    static name_table names;
    return names;
}

} // namespace

oid named_type(std::string_view name)
{
    if (const type_info* const known = find_type(name)) return known->id;
    if (const oid found = the_names().find(name); found != oid::none) return found;
    type_reference meant;
    if (!read_type_reference(name, meant)) return oid::none;
    return meant.built_in != oid::none ? meant.built_in : the_names().add(name, meant.name);
}

std::string_view name_of(oid named) noexcept
{
    if (!is_named(named) || is_inner(named)) return {};
    return the_names().name(static_cast<std::uint32_t>(named) - first_named_type);
}

oid named_array_of(oid named)
{
    const std::string_view name = name_of(named);
    return name.empty() || name.ends_with("[]") ? oid::none : named_type(std::string(name) + "[]");
}

oid type_places::inside(oid outer, inner_type kind, std::size_t index)
{
    if (index > std::numeric_limits<std::uint16_t>::max()) return oid::none;
    const step wanted{outer, kind, static_cast<std::uint16_t>(index)};
    const auto found = std::ranges::find(steps_, wanted);
    const auto number = static_cast<std::size_t>(found - steps_.begin());
    if (number >= std::numeric_limits<std::uint16_t>::max()) return oid::none;
    if (found == steps_.end()) {
        note(outer);
        steps_.push_back(wanted);
    }
    return oid{first_inner_type + static_cast<std::uint32_t>(number)};
}

void type_places::put(std::size_t at, oid type)
{
    note(type);
    places_.push_back({static_cast<std::uint32_t>(at), type});
}

void type_places::assume(oid type, oid as)
{
    note(type);
    note(as);
    const assumption fresh{type, as};
    if (std::ranges::find(assumptions_, fresh) == assumptions_.end()) assumptions_.push_back(fresh);
}

void type_places::note(oid type)
{
    if (!is_named(type) || is_inner(type)) return;
    if (std::ranges::find(names_, type) == names_.end()) names_.push_back(type);
}

void type_places::truncate(std::size_t at) noexcept
{
    while (!places_.empty() && places_.back().at >= at) places_.pop_back();
}

} // namespace tusk::detail
