// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

namespace tusk {

/// bool is boolean.
template <>
struct encode_traits<bool> {
    static constexpr oid type = oid::boolean;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const bool& value, encoder& out);
};

template <>
struct decode_traits<bool> {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, bool& out) noexcept;
};

} // namespace tusk
