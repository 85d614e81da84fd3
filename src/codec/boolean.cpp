// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/boolean.hpp>

namespace tusk {

errc encode_traits<bool>::encode(const bool& value, encoder& out)
{
    out.u8(value ? 1 : 0);
    return {};
}

bool decode_traits<bool>::accepts(const column& c) noexcept { return c.type == oid::boolean; }

errc decode_traits<bool>::decode(const field& f, bool& out) noexcept
{
    // binary: one byte, 0 or 1; text: "f" or "t"
    const std::string_view text = f.view();
    if (text.size() != 1) return errc::invalid_value;
    const bool binary = f.format() == format::binary;
    const char yes = binary ? '\1' : 't';
    const char no = binary ? '\0' : 'f';
    if (text.front() != yes && text.front() != no) return errc::invalid_value;
    out = text.front() == yes;
    return {};
}

} // namespace tusk
