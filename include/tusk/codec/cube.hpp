// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/extension.hpp>
#include <tusk/cube.hpp>

#include <string_view>

namespace tusk {

/// Errors: errc::value_out_of_range for corners of different sizes, and for more than 100 dimensions.
template <>
struct encode_traits<cube> : detail::extension_encoding {
    static constexpr std::string_view type_name = "cube";

    [[nodiscard]] static errc encode(const cube& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const cube& value, encoder& out);
};

template <>
struct decode_traits<cube> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, cube& out);
};

} // namespace tusk
