// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/members.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// Names, types and places of an aggregate's members, without macros.
///
/// Limits: 1 to 64 public members; no base classes, no C arrays, no bit-fields, no references.
namespace tusk::detail {

inline constexpr std::size_t max_members = 64;

/// Stands for a value of any type but T itself, where T's members are counted. Never made.
template <class T>
struct any_member {
    template <class U>
    requires(!std::same_as<U, T>) operator U() const noexcept { __builtin_unreachable(); }
};

template <class T, std::size_t... I>
[[nodiscard]] constexpr bool takes_members(std::index_sequence<I...>) noexcept
{
    return requires { T{(static_cast<void>(I), any_member<T>{})...}; };
}

/// Every member has a value for when it is left out, so "T takes n initialisers" is true up to the number of
/// members and false beyond. It is true of Low and false of anything above High.
template <class T, std::size_t Low, std::size_t High>
[[nodiscard]] constexpr std::size_t count_members() noexcept
{
    if constexpr (Low == High) {
        return Low;
    } else {
        constexpr std::size_t middle = Low + (High - Low + 1) / 2;
        if constexpr (takes_members<T>(std::make_index_sequence<middle>{}))
            return count_members<T, middle, High>();
        else
            return count_members<T, Low, middle - 1>();
    }
}

/// The number of members; max_members + 1 stands for more than that.
template <class T>
inline constexpr std::size_t member_count = count_members<T, 0, max_members + 1>();

/// Room for a T that is never made: what the addresses of its members are taken of.
template <class T>
union hollow {
    char none;
    T value;
    constexpr hollow() noexcept
        : none()
    {
    }
    constexpr ~hollow() {}
};

template <class T>
inline const hollow<T> phantom{};

struct pointers_of {
    template <class... M>
    constexpr std::tuple<M*...> operator()(M&... member) const noexcept
    {
        return {&member...};
    }
};

struct types_of {
    template <class... M>
    std::type_identity<std::tuple<M...>> operator()(M&...) const noexcept;
};

struct offsets_of {
    const std::byte* start;

    template <class... M>
    std::array<std::size_t, sizeof...(M)> operator()(M&... member) const noexcept
    {
        return {static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&member) - start)...};
    }
};

/// Pointers to the members of phantom<T>.
template <class T>
[[nodiscard]] constexpr auto phantom_members() noexcept
{
    return with_members<member_count<T>>::call(phantom<T>.value, pointers_of());
}

template <class Pointers>
struct pointees;
template <class... M>
struct pointees<std::tuple<const M*...>> {
    using type = std::tuple<M...>;
};

/// The tuple of the members' types.
template <class T>
using member_types = typename pointees<decltype(phantom_members<T>())>::type;

/// Clang 14 takes no pointer to a subobject as a template argument, but a class that holds one.
template <class P>
struct pointer_argument {
    P pointer;
};

template <auto Pointer>
[[nodiscard]] constexpr std::string_view pointee_name() noexcept
{
    // g++: "...{(& phantom<X>.hollow<X>::value.X::NAME)}; std::string_view = ...]", clang++:
    // "...value.NAME}]"
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(0, text.rfind('}'));
    if (text.ends_with(')')) text.remove_suffix(1);
    return text.substr(text.find_last_of(":.") + 1);
}

template <class T, std::size_t... I>
[[nodiscard]] constexpr std::array<std::string_view, sizeof...(I)>
make_member_names(std::index_sequence<I...>) noexcept
{
    constexpr auto pointers = phantom_members<T>();
    return {pointee_name<pointer_argument<std::tuple_element_t<I, std::remove_const_t<decltype(pointers)>>>{
        std::get<I>(pointers)}>()...};
}

/// The members' names, in the order of their declaration.
template <class T>
inline constexpr std::array<std::string_view, member_count<T>>
    member_names = make_member_names<T>(std::make_index_sequence<member_count<T>>{});

/// How far each member is from the start of its object, in bytes.
template <class T>
[[nodiscard]] std::array<std::size_t, member_count<T>> member_offsets() noexcept
{
    const auto* start = reinterpret_cast<const std::byte*>(&phantom<T>.value);
    return with_members<member_count<T>>::call(phantom<T>.value, offsets_of{start});
}

} // namespace tusk::detail
