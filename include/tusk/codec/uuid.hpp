// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>
#include <tusk/uuid.hpp>

namespace tusk {

/// tusk::uuid is uuid.
template <>
struct encode_traits<uuid> {
    static constexpr oid type = oid::uuid;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const uuid& value, encoder& out)
    {
        out.bytes(value.bytes());
        return {};
    }
};

template <>
struct decode_traits<uuid> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::uuid; }
    [[nodiscard]] static errc decode(const field& f, uuid& out) noexcept;
};

} // namespace tusk
