// Distributed under the Boost Software License, Version 1.0.
#include "auth/saslprep.hpp"

#include "auth/saslprep_tables.hpp"
#include "auth/secret_string.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk::auth {

namespace {

using tables::code_range;

// Characters of a password. Wiped at the end; reserve() before filling, for growth would leave a copy behind.
struct characters : std::vector<char32_t> {
    characters() = default;
    characters(const characters&) = delete;
    characters& operator=(const characters&) = delete;
    ~characters() { wipe(data(), size() * sizeof(char32_t)); }
};

template <class Range>
const Range* find_range(std::span<const Range> ranges, char32_t c) noexcept
{
    const auto after = std::ranges::upper_bound(ranges, c, {}, &Range::first);
    if (after == ranges.begin()) return nullptr;
    const Range& candidate = *(after - 1);
    return c <= candidate.last ? &candidate : nullptr;
}

bool contains(std::span<const code_range> ranges, char32_t c) noexcept
{
    return find_range(ranges, c) != nullptr;
}

std::uint8_t combining_class(char32_t c) noexcept
{
    const auto* found = find_range(tables::combining_classes, c);
    return found ? found->combining_class : std::uint8_t{0};
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool decode_utf8(std::string_view text, characters& out)
{
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80       ? 1
                                   : lead >> 5 == 6  ? 2
                                   : lead >> 4 == 14 ? 3
                                   : lead >> 3 == 30 ? 4
                                                     : 0;
        if (length == 0 || length > text.size() - at) return false;
        char32_t c = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t i = 1; i < length; ++i) {
            const auto next = static_cast<unsigned char>(text[at + i]);
            if (next >> 6 != 2) return false;
            c = c << 6 | (next & 0x3FU);
        }
        static constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (c < least[length - 1] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return false;
        out.push_back(c);
        at += length;
    }
    return true;
}

std::string encode_utf8(std::span<const char32_t> text)
{
    std::string out;
    out.reserve(text.size() * 4);
    for (const char32_t c : text) {
        const std::size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        static constexpr unsigned lead[] = {0, 0xC0, 0xE0, 0xF0};
        out += static_cast<char>(lead[more] | c >> (6 * more));
        for (std::size_t i = more; i-- > 0;) out += static_cast<char>(0x80U | (c >> (6 * i) & 0x3FU));
    }
    return out;
}

// Hangul syllables are decomposed and composed by arithmetic (Unicode 3.12).
constexpr char32_t s_base = 0xAC00, l_base = 0x1100, v_base = 0x1161, t_base = 0x11A7;
constexpr char32_t l_count = 19, v_count = 21, t_count = 28, s_count = l_count * v_count * t_count;

// Calls `put` with each character of the full compatibility decomposition of `c`.
template <class Put>
void decompose(char32_t c, Put put)
{
    if (c - s_base < s_count) {
        const char32_t index = c - s_base;
        put(l_base + index / (v_count * t_count));
        put(v_base + index / t_count % v_count);
        if (index % t_count != 0) put(t_base + index % t_count);
        return;
    }
    const auto found = std::ranges::lower_bound(tables::decompositions, c, {}, &tables::decomposition::code);
    if (found == tables::decompositions.end() || found->code != c) return put(c);
    for (const char32_t part : tables::decomposition_pool.subspan(found->offset, found->size)) put(part);
}

// The character that `first` and `second` compose to, or 0.
char32_t compose(char32_t first, char32_t second) noexcept
{
    if (first - l_base < l_count && second - v_base < v_count)
        return s_base + ((first - l_base) * v_count + (second - v_base)) * t_count;
    if (first - s_base < s_count && (first - s_base) % t_count == 0 && second - t_base - 1 < t_count - 1)
        return first + (second - t_base);
    const auto key = [](const tables::composition& c) { return std::pair(c.first, c.second); };
    const auto found = std::ranges::lower_bound(tables::compositions, std::pair(first, second), {}, key);
    return found != tables::compositions.end() && key(*found) == std::pair(first, second) ? found->whole : 0;
}

// Combining marks in the order of their classes (Unicode D109); equal ones keep their places.
void order_marks(std::span<char32_t> text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        const std::uint8_t mark = combining_class(text[i]);
        if (mark == 0) continue;
        for (std::size_t j = i; j > 0 && combining_class(text[j - 1]) > mark; --j)
            std::swap(text[j], text[j - 1]);
    }
}

// Each mark joins the last starter unless something between them blocks it (Unicode D115).
void compose_all(characters& text)
{
    std::size_t used = 0;
    std::size_t starter = 0;
    bool have_starter = false;
    int last_class = -1; // of what was kept behind the starter; -1: nothing
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t c = text[i];
        const int mark = combining_class(c);
        const char32_t whole = have_starter && last_class < mark ? compose(text[starter], c) : 0;
        if (whole != 0) {
            text[starter] = whole;
            continue;
        }
        if (mark == 0) {
            starter = used;
            have_starter = true;
            last_class = -1;
        } else {
            last_class = mark;
        }
        text[used++] = c;
    }
    wipe(text.data() + used, (text.size() - used) * sizeof(char32_t));
    text.resize(used);
}

void normalize_nfkc(std::span<const char32_t> text, characters& out)
{
    std::size_t size = 0;
    for (const char32_t c : text) decompose(c, [&](char32_t) { ++size; });
    out.reserve(size);
    for (const char32_t c : text) decompose(c, [&](char32_t part) { out.push_back(part); });
    order_marks(out);
    compose_all(out);
}

// RFC 4013 2.1: other spaces become a space, some characters nothing.
void map(characters& text)
{
    std::size_t used = 0;
    for (const char32_t c : text) {
        if (contains(tables::spaces, c))
            text[used++] = U' ';
        else if (!contains(tables::nothing, c))
            text[used++] = c;
    }
    wipe(text.data() + used, (text.size() - used) * sizeof(char32_t));
    text.resize(used);
}

// RFC 4013 2.3 to 2.5, RFC 3454 6. On the characters before normalization, as PostgreSQL's servers do it: the
// two sides have to agree on what is hashed as it is.
bool allowed(std::span<const char32_t> text)
{
    const auto right = [](char32_t c) { return contains(tables::right_to_left, c); };
    const auto left = [](char32_t c) { return contains(tables::left_to_right, c); };
    if (text.empty()) return false;
    if (std::ranges::any_of(text, [](char32_t c) { return contains(tables::prohibited, c); })) return false;
    if (!std::ranges::any_of(text, right)) return true;
    return !std::ranges::any_of(text, left) && right(text.front()) && right(text.back());
}

} // namespace

std::string saslprep(std::string_view utf8)
{
    const bool ascii = std::ranges::all_of(utf8, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    characters text;
    if (ascii || !decode_utf8(utf8, text)) return std::string(utf8);
    map(text);
    if (!allowed(text)) return std::string(utf8);
    characters normal;
    normalize_nfkc(text, normal);
    return encode_utf8(normal);
}

} // namespace tusk::auth
