// Distributed under the Boost Software License, Version 1.0.
#include "values/utf8.hpp"

#include <cstddef>

namespace tusk::detail {

bool is_utf8(std::string_view text) noexcept
{
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned first = at(i);
        const unsigned second = at(i + 1);
        if (first < 0x80) {
            i += 1;
        } else if (first >= 0xC2 && first < 0xE0 && follows(i + 1)) {
            i += 2;
        } else if (first >= 0xE0 && first < 0xF0 && follows(i + 1) && follows(i + 2)) {
            if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0)) return false;
            i += 3;
        } else if (first >= 0xF0 && first < 0xF5 && follows(i + 1) && follows(i + 2) && follows(i + 3)) {
            if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90)) return false;
            i += 4;
        } else {
            return false;
        }
    }
    return true;
}

} // namespace tusk::detail
