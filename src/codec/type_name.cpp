// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/type_name.hpp>

#include <cctype>
#include <cstddef>

namespace tusk::detail {
namespace {

struct spelling {
    std::string_view written;
    std::string_view meant;
};

// In this order: a spelling may contain what an earlier one left behind. Blanks inside <> are gone already.
constexpr spelling spellings[] = {
    {"std::__cxx11::", "std::"},
    {"std::__1::", "std::"},
    {"long long unsigned int", "unsigned long long"},
    {"long long int", "long long"},
    {"long unsigned int", "unsigned long"},
    {"long int", "long"},
    {"short unsigned int", "unsigned short"},
    {"short int", "short"},
    {"std::basic_string<char,std::char_traits<char>,std::allocator<char>>", "std::string"},
    {"std::basic_string_view<char,std::char_traits<char>>", "std::string_view"},
    {"std::basic_string<char>", "std::string"},
    {"std::basic_string_view<char>", "std::string_view"},
    {"std::chrono::_V2::", "std::chrono::"},
    {"std::ratio<1,1000000000>", "std::nano"},
    {"std::ratio<1,1000000>", "std::micro"},
    {"std::ratio<1,1000>", "std::milli"},
    {"std::chrono::duration<long,std::nano>", "std::chrono::nanoseconds"},
    {"std::chrono::duration<long,std::micro>", "std::chrono::microseconds"},
    {"std::chrono::duration<long,std::milli>", "std::chrono::milliseconds"},
    {"std::chrono::duration<long,std::ratio<1>>", "std::chrono::seconds"},
    {"std::chrono::duration<long>", "std::chrono::seconds"},
    {"std::chrono::duration<long,std::ratio<86400>>", "std::chrono::days"},
    {"std::chrono::duration<long,std::ratio<86400,1>>", "std::chrono::days"},
    {"std::chrono::time_point<std::chrono::system_clock,std::chrono::days>", "std::chrono::sys_days"},
    {"std::chrono::time_point<std::chrono::local_t,std::chrono::days>", "std::chrono::local_days"},
    {"std::chrono::time_point<std::chrono::system_clock,", "std::chrono::sys_time<"},
    {"std::chrono::time_point<std::chrono::local_t,", "std::chrono::local_time<"},
    {"tusk::basic_timestamp<std::chrono::system_clock>", "tusk::timestamptz"},
    {"tusk::basic_timestamp<std::chrono::local_t>", "tusk::timestamp"},
    {"(anonymous namespace)::", ""},
    {"{anonymous}::", ""},
    {"<unnamed>::", ""},
};

bool is_word(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

void replace_all(std::string& text, const spelling& s)
{
    for (std::size_t at = 0; (at = text.find(s.written, at)) != std::string::npos; at += s.meant.size())
        text.replace(at, s.written.size(), s.meant);
}

/// std::vector<X,std::allocator<X>> is std::vector<X>.
void drop_allocators(std::string& text)
{
    constexpr std::string_view allocator = ",std::allocator<";
    for (std::size_t at = 0; (at = text.find(allocator, at)) != std::string::npos;) {
        std::size_t end = at + allocator.size();
        for (int depth = 1; depth != 0 && end < text.size(); ++end)
            depth += text[end] == '<' ? 1 : text[end] == '>' ? -1 : 0;
        text.erase(at, end - at);
    }
}

} // namespace

std::string readable_type(std::string_view raw)
{
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) { // blanks stay between two words only: "unsigned long"
        const bool between = i > 0 && i + 1 < raw.size() && is_word(raw[i - 1]) && is_word(raw[i + 1]);
        if (raw[i] != ' ' || between) text += raw[i];
    }
    for (const spelling& s : spellings) replace_all(text, s);
    drop_allocators(text);
    // "f()::user", a struct inside a function, is the user's "user"
    if (const auto call = text.rfind(")::"); call != std::string::npos && text.find('<') == std::string::npos)
        text.erase(0, call + 3);
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == ',') text.insert(++i, 1, ' ');
    return text;
}

} // namespace tusk::detail
