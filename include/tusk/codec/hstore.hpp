// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/extension.hpp>
#include <tusk/hstore.hpp>

#include <string_view>

namespace tusk {

template <>
struct encode_traits<hstore> : detail::extension_encoding {
    static constexpr std::string_view type_name = "hstore";

    [[nodiscard]] static errc encode(const hstore& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const hstore& value, encoder& out);
};

template <>
struct decode_traits<hstore> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, hstore& out);
};

} // namespace tusk
