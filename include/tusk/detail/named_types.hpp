// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

/// Types of parameters that are known by name alone while values are encoded. Numbers at the very end of what an OID
/// can be stand for them, here and nowhere on the wire: the session puts the OIDs in when it sends the request.
namespace tusk::detail {

/// From here on a number stands for a name, of which a process remembers each once.
constexpr std::uint32_t first_named_type = 0xff00'0000;
/// From here on it stands for a type inside of such a type, and means something in one statement's `type_places` only.
constexpr std::uint32_t first_inner_type = 0xff80'0000;

[[nodiscard]] constexpr bool is_named(oid type) noexcept
{
    return static_cast<std::uint32_t>(type) >= first_named_type;
}
[[nodiscard]] constexpr bool is_inner(oid type) noexcept
{
    return static_cast<std::uint32_t>(type) >= first_inner_type;
}

/// The OID of a built-in type, else what stands for the name; oid::none for what is no name of a type, and when the
/// process has used more than 65 536 of them.
[[nodiscard]] oid named_type(std::string_view name);
/// The name, as sql_type_name::to_string() writes it; empty for any other number.
[[nodiscard]] std::string_view name_of(oid named) noexcept;
/// The name of its arrays.
[[nodiscard]] oid named_array_of(oid named);

enum class inner_type : std::uint8_t { element, field, subtype };

/// Where in a statement's parameters OIDs have to be put in, and what was taken for granted of types.
class type_places {
public:
    /// A type inside of `outer`; a field has a number, from 0.
    struct step {
        oid outer;
        inner_type kind;
        std::uint16_t index;

        friend bool operator==(const step&, const step&) = default;
    };
    /// The four bytes at `at` of the parameters are the OID of `type`.
    struct place {
        std::uint32_t at;
        oid type;
    };
    /// A value of `type` was encoded as one of `as`.
    struct assumption {
        oid type;
        oid as;

        friend bool operator==(const assumption&, const assumption&) = default;
    };

    /// What stands for a type inside of `outer`; oid::none when there are more than can be told apart.
    [[nodiscard]] oid inside(oid outer, inner_type kind, std::size_t index);
    void put(std::size_t at, oid type);
    void assume(oid type, oid as);
    /// A type that is named, but written nowhere in the values.
    void note(oid type);
    /// Forgets the places from here on.
    void truncate(std::size_t at) noexcept;

    [[nodiscard]] const step& inner(oid type) const noexcept
    {
        return steps_[static_cast<std::uint32_t>(type) - first_inner_type];
    }
    [[nodiscard]] std::span<const oid> names() const noexcept { return names_; }
    [[nodiscard]] std::span<const place> places() const noexcept { return places_; }
    [[nodiscard]] std::span<const assumption> assumptions() const noexcept { return assumptions_; }

private:
    std::vector<oid> names_; // each once
    std::vector<step> steps_;
    std::vector<place> places_;
    std::vector<assumption> assumptions_;
};

/// A value that few have: on the heap, made when it is first needed, and copied with its owner.
template <class T>
class seldom {
public:
    seldom() noexcept = default;
    seldom(seldom&&) noexcept = default;
    seldom& operator=(seldom&&) noexcept = default;
    seldom(const seldom& other)
        : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr)
    {
    }
    seldom& operator=(const seldom& other)
    {
        if (this != &other) *this = seldom(other);
        return *this;
    }
    ~seldom() = default;

    [[nodiscard]] T& make()
    {
        if (!value_) value_ = std::make_unique<T>();
        return *value_;
    }
    [[nodiscard]] T* get() const noexcept { return value_.get(); }
    void reset() noexcept { value_.reset(); }

private:
    std::unique_ptr<T> value_;
};

} // namespace tusk::detail
