// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/extension.hpp>
#include <tusk/ewkb.hpp>

#include <string_view>

namespace tusk {

/// tusk::ewkb is geometry. Reads geography as well.
template <>
struct encode_traits<ewkb> : detail::extension_encoding {
    static constexpr std::string_view type_name = "geometry";

    [[nodiscard]] static errc encode(const ewkb& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const ewkb& value, encoder& out);
};

template <>
struct decode_traits<ewkb> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, ewkb& out);
};

} // namespace tusk
