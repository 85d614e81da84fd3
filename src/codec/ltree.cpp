// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/ltree.hpp>

#include <string>
#include <string_view>

namespace tusk {
namespace {

constexpr char version = 1; // of the binary forms, which are text behind it

errc write_text(std::string_view text, encoder& out)
{
    out.text(text);
    return {};
}

errc write_binary(std::string_view text, encoder& out)
{
    out.u8(version);
    return write_text(text, out);
}

errc read(const field& f, std::string& out)
{
    std::string_view text = f.view();
    if (f.format() == format::binary) {
        if (!text.starts_with(version)) return errc::invalid_value;
        text.remove_prefix(1);
    }
    out.assign(text);
    return {};
}

} // namespace

errc encode_traits<ltree>::encode(const ltree& value, encoder& out) { return write_text(value.text, out); }

errc encode_traits<ltree>::encode_binary(const ltree& value, encoder& out)
{
    return write_binary(value.text, out);
}

errc decode_traits<ltree>::decode(const field& f, ltree& out) { return read(f, out.text); }

errc encode_traits<lquery>::encode(const lquery& value, encoder& out) { return write_text(value.text, out); }

errc encode_traits<lquery>::encode_binary(const lquery& value, encoder& out)
{
    return write_binary(value.text, out);
}

errc decode_traits<lquery>::decode(const field& f, lquery& out) { return read(f, out.text); }

errc encode_traits<ltxtquery>::encode(const ltxtquery& value, encoder& out)
{
    return write_text(value.text, out);
}

errc encode_traits<ltxtquery>::encode_binary(const ltxtquery& value, encoder& out)
{
    return write_binary(value.text, out);
}

errc decode_traits<ltxtquery>::decode(const field& f, ltxtquery& out) { return read(f, out.text); }

} // namespace tusk
