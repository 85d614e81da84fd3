// Distributed under the Boost Software License, Version 1.0.
#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace demo {

namespace {

void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// The text and blanks up to `width` characters of UTF-8.
[[nodiscard]] std::string padded(std::string text, std::size_t width, bool right = false)
{
    const auto characters = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    const std::string blanks(width > characters ? width - characters : 0, ' ');
    return right ? blanks + text : text + blanks;
}

[[nodiscard]] bool is_number(tusk::oid type)
{
    using enum tusk::oid;
    return type == int2 || type == int4 || type == int8 || type == numeric || type == float4 ||
           type == float8;
}

[[nodiscard]] std::string format(const char* how, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, how, value);
    return text;
}

} // namespace

void expect(bool holds, std::string_view what)
{
    if (!holds) throw std::runtime_error("this does not hold: " + std::string(what));
}

void heading(std::string_view text)
{
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    put("\n");
    put(terminal ? "\033[1m" : "");
    put(text);
    put(terminal ? "\033[0m\n" : "\n");
    std::fflush(stdout);
}

void line(std::string_view name, const std::string& text)
{
    put("  " + padded(std::string(name), 24) + text + "\n");
    std::fflush(stdout);
}

void print(const tusk::result& table)
{
    std::vector<std::vector<std::string>> lines(2);
    for (const tusk::column& c : table.columns()) {
        const std::string_view type = tusk::type_name(c.type);
        lines[0].push_back(c.name);
        lines[1].push_back(type.empty() ? std::to_string(static_cast<std::uint32_t>(c.type))
                                        : std::string(type));
    }
    for (tusk::row row : table) {
        std::vector<std::string>& cells = lines.emplace_back();
        for (tusk::field f : row) cells.push_back(f.is_null() ? "NULL" : f.as<std::string>());
    }
    std::vector<std::size_t> widths(table.columns().size());
    for (const auto& cells : lines)
        for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());

    for (std::size_t n = 0; n < lines.size(); ++n) {
        std::string text = " ";
        for (std::size_t i = 0; i < widths.size(); ++i)
            text += " " + padded(lines[n][i], widths[i], n > 1 && is_number(table.columns()[i].type)) + " ";
        put(text + "\n");
        if (n != 1) continue;
        text = " ";
        for (const std::size_t width : widths) text += std::string(width + 2, '-');
        put(text + "\n");
    }
}

std::string grouped(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ' ');
    return text;
}

std::string spell(clock::duration time)
{
    const double seconds = std::chrono::duration<double>(time).count();
    if (seconds >= 1) return format("%.2f s", seconds);
    if (seconds >= 0.001) return format("%.1f ms", seconds * 1e3);
    return format("%.0f us", seconds * 1e6);
}

double rate(std::uint64_t count, clock::duration time)
{
    return static_cast<double>(count) / std::chrono::duration<double>(time).count();
}

} // namespace demo
