// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/standard.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

// A value of a container type. The first byte: bit 0 text format, the rest which type it is read into. What is
// read must be written, and what was written must be read as the same.
namespace {

using tusk::errc;
using tusk::oid;

void require(bool holds)
{
    if (!holds) std::abort();
}

struct growing {
    std::vector<std::byte> bytes;
    std::byte* extend(std::size_t n)
    {
        bytes.resize(bytes.size() + n);
        return bytes.data() + bytes.size() - n;
    }
};

struct place {
    std::string street;
    std::optional<int> number;
    std::vector<std::int16_t> codes;

    friend bool operator==(const place&, const place&) = default;
};

/// Whether it can be sent again: a user's type has no name here.
template <class T>
bool write(const T& value, oid type, tusk::format f, growing& out)
{
    if (tusk::detail::format_of(value) != f) return false;
    tusk::encoder to(out, tusk::encode_traits<T>::type == type ? oid::none : type);
    const errc e = tusk::encode_traits<T>::encode(value, to);
    return e == errc{} && to.error() == errc{};
}

/// Values that hold types of which nothing is known throw.
template <class T>
errc read(const tusk::field& from, T& out)
{
    try {
        return tusk::decode_traits<T>::decode(from, out);
    } catch (const tusk::detail::unknown_type_error&) {
        return errc::unknown_type;
    }
}

template <class T>
void run(oid type, std::span<const std::byte> bytes, tusk::format f)
{
    tusk::column c;
    c.type = type;
    c.format = f;
    if (!tusk::decode_traits<T>::accepts(c)) return;
    T value{};
    const errc e = read(tusk::field(c, bytes.data(), static_cast<std::int32_t>(bytes.size())), value);
    require(e == errc{} || e == errc::invalid_value || e == errc::value_not_representable ||
            e == errc::column_mismatch || e == errc::unexpected_null || e == errc::unknown_type);
    growing again;
    if (e != errc{} || !write(value, type, f, again)) return;
    T back{};
    require(tusk::decode_traits<T>::decode(
                tusk::field(c, again.bytes.data(), static_cast<std::int32_t>(again.bytes.size())), back) ==
            errc{});
    require(back == value);
}

constexpr oid int4s{1007}, texts{1009}, bools{1000}, int4range{3904}, daterange{3912}, int4multirange{4451};
constexpr oid record{2249}, user{20'000}, int2vector{22}, boxes{1020}, int4ranges{3905};

void choose(unsigned which, std::span<const std::byte> bytes, tusk::format f)
{
    using maybe_ints = std::vector<std::optional<int>>;
    switch (which) {
    case 0:
        return run<std::vector<int>>(int4s, bytes, f);
    case 1:
        return run<maybe_ints>(int4s, bytes, f);
    case 2:
        return run<std::vector<std::vector<int>>>(int4s, bytes, f);
    case 3:
        return run<tusk::array<std::optional<std::string>>>(texts, bytes, f);
    case 4:
        return run<tusk::array<std::int64_t>>(int4s, bytes, f);
    case 5:
        return run<std::vector<bool>>(bools, bytes, f);
    case 6:
        return run<std::vector<std::int16_t>>(int2vector, bytes, f);
    case 7:
        return run<std::vector<std::string>>(boxes, bytes, f);
    case 8:
        return run<tusk::range<int>>(int4range, bytes, f);
    case 9:
        return run<tusk::range<std::chrono::sys_days>>(daterange, bytes, f);
    case 10:
        return run<tusk::multirange<int>>(int4multirange, bytes, f);
    case 11:
        return run<std::vector<tusk::range<int>>>(int4ranges, bytes, f);
    case 12:
        return run<std::tuple<int, std::string, maybe_ints>>(record, bytes, f);
    case 13:
        return run<place>(user, bytes, f);
    case 14:
        return run<std::vector<place>>(user, bytes, f);
    case 15:
        return run<tusk::range<std::string>>(user, bytes, f);
    default:
        return run<std::variant<std::monostate, std::vector<int>, std::string>>(int4s, bytes, f);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const unsigned choice = data[0];
    const auto f = (choice & 1) != 0 ? tusk::format::text : tusk::format::binary;
    choose((choice >> 1) % 17, std::as_bytes(std::span(data, size)).subspan(1), f);
    return 0;
}
