// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/extension.hpp>
#include <tusk/pgvector.hpp>

#include <string_view>

/// Errors: errc::value_out_of_range for more dimensions than the binary form can count (32 767; sparsevec 2^31 - 1), for a
/// number that halfvec cannot hold, and for a sparsevec that is not valid(). pgvector's own limits, and NaN and infinity,
/// are left to the server.
namespace tusk {

template <>
struct encode_traits<pgvector> : detail::extension_encoding {
    static constexpr std::string_view type_name = "vector";

    [[nodiscard]] static errc encode(const pgvector& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const pgvector& value, encoder& out);
};
template <>
struct decode_traits<pgvector> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, pgvector& out);
};

template <>
struct encode_traits<halfvec> : detail::extension_encoding {
    static constexpr std::string_view type_name = "halfvec";

    [[nodiscard]] static errc encode(const halfvec& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const halfvec& value, encoder& out);
};
template <>
struct decode_traits<halfvec> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, halfvec& out);
};

template <>
struct encode_traits<sparsevec> : detail::extension_encoding {
    static constexpr std::string_view type_name = "sparsevec";

    [[nodiscard]] static errc encode(const sparsevec& value, encoder& out);
    [[nodiscard]] static errc encode_binary(const sparsevec& value, encoder& out);
};
template <>
struct decode_traits<sparsevec> : detail::extension_decoding {
    [[nodiscard]] static errc decode(const field& f, sparsevec& out);
};

} // namespace tusk
