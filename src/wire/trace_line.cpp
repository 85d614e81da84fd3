// Distributed under the Boost Software License, Version 1.0.
#include "wire/trace_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace tusk::wire {
namespace {

constexpr std::size_t piece_size = 4096;

/// As isprint() has it in the C locale.
[[nodiscard]] bool is_printable(std::byte b) noexcept { return b >= std::byte{0x20} && b <= std::byte{0x7e}; }

} // namespace

trace_line::trace_line(const trace_sink& to, trace_flags flags, char side, std::span<const std::byte> body)
    : to_(to)
    , from_(body)
{
    if (!has(flags, trace_flags::suppress_timestamps)) put_time();
    put(side);
    put('\t');
}

/// "2026-11-24 20:15:00.123456", of the local time
void trace_line::put_time()
{
    using std::chrono::microseconds;
    const auto since =
        std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    const std::time_t now = seconds.count();
    std::tm parts{};
    ::localtime_r(&now, &parts);
    std::array<char, 64> text{};
    put({text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts)});
    std::string fraction = std::to_string((since - seconds).count());
    fraction.insert(0, 6 - std::min<std::size_t>(fraction.size(), 6), '0');
    put('.');
    put(fraction);
    put('\t');
}

void trace_line::length(std::size_t n)
{
    put_number(static_cast<std::int64_t>(n));
    put('\t');
}

void trace_line::hidden_length() { put("NN\t"); }

void trace_line::text(std::string_view s) { put(s); }

void trace_line::name(std::string_view s)
{
    put(s);
    put('\t');
}

char trace_line::byte1()
{
    const auto b = static_cast<std::byte>(from_.u8());
    if (!sound()) return '\0';
    put(' ');
    put_bytes({&b, 1});
    return static_cast<char>(b);
}

std::uint16_t trace_line::int16()
{
    const std::uint16_t n = from_.u16();
    if (!sound()) return 0;
    put(' ');
    put_number(n);
    return n;
}

std::int32_t trace_line::int32(bool hide)
{
    const std::int32_t n = from_.i32();
    if (!sound()) return 0;
    put(' ');
    if (hide)
        put("NNNN");
    else
        put_number(n);
    return n;
}

bool trace_line::string(bool hide)
{
    const std::string_view s = from_.cstring();
    if (!sound()) return true;
    put(" \"");
    put(hide ? std::string_view("SSSS") : s);
    put('"');
    return s.empty();
}

void trace_line::value()
{
    const std::int32_t n = int32();
    if (!sound() || n == -1) return;
    if (n < 0) return from_.fail();
    const auto bytes = from_.bytes(static_cast<std::size_t>(n));
    if (!sound()) return;
    put(" '");
    put_bytes(bytes);
    put('\'');
}

void trace_line::rest()
{
    if (!sound()) return;
    put(" '");
    put_bytes(from_.rest());
    put('\'');
}

void trace_line::hidden_rest()
{
    if (!sound()) return;
    skip_rest();
    put(" 'BBBB'");
}

void trace_line::hidden_number()
{
    if (!sound()) return;
    skip_rest();
    put(" NNNN");
}

void trace_line::end(std::size_t expected)
{
    put('\n');
    const std::size_t left = from_.remaining();
    if (!sound()) {
        put("malformed message: it is shorter than what it should hold\n");
    } else if (left != 0) {
        put("mismatched message length: consumed ");
        put_number(static_cast<std::int64_t>(expected - left));
        put(", expected ");
        put_number(static_cast<std::int64_t>(expected));
        put('\n');
    }
    flush();
}

void trace_line::end()
{
    put('\n');
    flush();
}

void trace_line::put(char c) { put(std::string_view(&c, 1)); }

void trace_line::put(std::string_view s)
{
    while (!s.empty()) {
        if (line_.size() >= piece_size) flush();
        const std::size_t n = std::min(s.size(), piece_size - line_.size());
        line_.append(s.substr(0, n));
        s.remove_prefix(n);
    }
}

void trace_line::put_bytes(std::span<const std::byte> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    while (!bytes.empty()) {
        const auto odd = std::ranges::find_if_not(bytes, is_printable);
        const auto plain = static_cast<std::size_t>(odd - bytes.begin());
        put({reinterpret_cast<const char*>(bytes.data()), plain});
        bytes = bytes.subspan(plain);
        if (bytes.empty()) return;
        const auto code = std::to_integer<unsigned>(bytes.front());
        put({std::array{'\\', 'x', digits[code >> 4], digits[code & 15]}.data(), 4});
        bytes = bytes.subspan(1);
    }
}

void trace_line::put_number(std::int64_t n)
{
    std::array<char, 24> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), n).ptr;
    put({text.data(), static_cast<std::size_t>(end - text.data())});
}

void trace_line::flush()
{
    if (!line_.empty()) to_(line_);
    line_.clear();
}

} // namespace tusk::wire
