// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/extension.hpp>
#include <tusk/ltree.hpp>

#include <string_view>

namespace tusk {

template <>
struct encode_traits<ltree> : detail::extension_encoding {
    static constexpr std::string_view type_name = "ltree";

    [[nodiscard]] static errc encode(const ltree& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const ltree& value, encoder& out);
};
template <>
struct decode_traits<ltree> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, ltree& out);
};

template <>
struct encode_traits<lquery> : detail::extension_encoding {
    static constexpr std::string_view type_name = "lquery";

    [[nodiscard]] static errc encode(const lquery& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const lquery& value, encoder& out);
};
template <>
struct decode_traits<lquery> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, lquery& out);
};

template <>
struct encode_traits<ltxtquery> : detail::extension_encoding {
    static constexpr std::string_view type_name = "ltxtquery";

    [[nodiscard]] static errc encode(const ltxtquery& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const ltxtquery& value, encoder& out);
};
template <>
struct decode_traits<ltxtquery> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, ltxtquery& out);
};

} // namespace tusk
