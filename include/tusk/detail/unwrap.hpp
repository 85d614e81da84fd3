// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>

#include <type_traits>
#include <utility>

namespace tusk::detail {

/// What is left of a completion value once a failure has become an exception: `unwrap()` where the value has
/// one, nothing for diagnostics alone, else the value itself.
template <class Value>
[[nodiscard]] decltype(auto) unwrap(Value&& value)
{
    if constexpr (requires { std::move(value).unwrap(); })
        return std::move(value).unwrap();
    else
        return std::decay_t<Value>(std::move(value));
}

template <class Value>
struct unwrapped {
    using type = std::decay_t<decltype(detail::unwrap(std::declval<Value>()))>;
};
template <>
struct unwrapped<diagnostics> {
    using type = void;
};
template <class Value>
using unwrapped_t = typename unwrapped<Value>::type;

[[nodiscard]] inline const diagnostics& diag_of(const diagnostics& value) noexcept { return value; }
template <class Value>
[[nodiscard]] const diagnostics& diag_of(const Value& value) noexcept
{
    return value.diag();
}

} // namespace tusk::detail
