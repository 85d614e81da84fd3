// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

/// What is the same in most codecs: one C++ type for one SQL type, binary when sent.
namespace tusk::detail {

/// The base of encode_traits for a value that is sent as `Type`, in binary format.
template <oid Type>
struct sent_as {
    static constexpr oid type = Type;
    static constexpr tusk::format format = tusk::format::binary;
};

/// The base of decode_traits for a value that is read from these SQL types, in both formats.
template <oid... Types>
struct read_from {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return ((c.type == Types) || ...); }
};

} // namespace tusk::detail
