// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/oid.hpp>

namespace tusk {

struct type_description;

namespace detail {
struct type_map;
}

/// What was known of types of users and extensions when a result came: those in it, as far as the connection had
/// looked them up by then.
///
/// Lifetimes: a view, good as long as the result (or any copy of it) lives.
/// \code
/// const tusk::column& c = result.columns()[0];
/// if (const tusk::type_description* t = c.types.find(c.type)) std::cout << t->name << '\n';
/// \endcode
class known_types {
public:
    constexpr known_types() noexcept = default;
    constexpr explicit known_types(const detail::type_map* types) noexcept
        : types_(types)
    {
    }

    /// Null when nothing is known of it. Built-in types are in `find_type`, not here.
    [[nodiscard]] const type_description* find(oid type) const noexcept
    {
        return types_ ? look(type) : nullptr;
    }
    /// The type below a domain, and below that, as far as it is known; any other type is itself.
    [[nodiscard]] oid base(oid type) const noexcept { return types_ ? look_below(type) : type; }

    /// What is known of a column's type is no part of the column.
    friend constexpr bool operator==(known_types, known_types) noexcept { return true; }

private:
    [[nodiscard]] const type_description* look(oid type) const noexcept;
    [[nodiscard]] oid look_below(oid type) const noexcept;

    const detail::type_map* types_ = nullptr;
};

} // namespace tusk
