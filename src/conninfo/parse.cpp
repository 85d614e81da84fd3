// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/parse.hpp"

#include "conninfo/model.hpp"

#include <algorithm>
#include <string>

namespace tusk::conn {
namespace {

bool is_word(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

/// Walks keyword/value text; the end of it reads as NUL, which the text itself cannot hold.
class cursor {
public:
    explicit cursor(std::string_view text)
        : text_(text)
    {
    }

    [[nodiscard]] bool done() const noexcept { return at_ == text_.size(); }
    [[nodiscard]] char peek() const noexcept { return done() ? '\0' : text_[at_]; }
    char take() noexcept { return done() ? '\0' : text_[at_++]; }
    void skip_space() noexcept
    {
        while (is_space(peek())) ++at_;
    }
    [[nodiscard]] std::string where() const { return " at byte " + std::to_string(at_ + 1); }

    /// Up to white space or '='.
    std::string_view keyword() noexcept
    {
        const std::size_t begin = at_;
        while (!done() && peek() != '=' && !is_space(peek())) ++at_;
        return text_.substr(begin, at_ - begin);
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// value = 'any \' text' | text without white space; a backslash takes the next character as it is. A
/// backslash at the very end is dropped.
bool read_value(cursor& in, std::string& value)
{
    const bool quoted = in.peek() == '\'';
    if (quoted) in.take();
    for (;;) {
        if (in.done()) return !quoted;
        const char c = in.take();
        if (c == '\\') {
            if (!in.done()) value += in.take();
        } else if (quoted ? c == '\'' : is_space(c)) {
            return true;
        } else {
            value += c;
        }
    }
}

} // namespace

mention mention_unknown(const conninfo& so_far) noexcept
{
    for (std::size_t i = 0; i != parameters.size(); ++i)
        if (parameters[i].is_secret() && access::has(so_far, key(i))) return mention::no;
    return mention::by_name;
}

failure store(conninfo& to, std::string_view keyword, std::string_view value, mention unknown)
{
    const std::size_t index = find_parameter(keyword);
    if (index == no_parameter) {
        if (unknown == mention::by_name && is_word(keyword))
            return failure::invalid("unknown connection parameter \"" + std::string(keyword) + "\"");
        return failure::invalid("unknown connection parameter");
    }
    if (value.find('\0') != std::string_view::npos)
        return failure::invalid("the value of " + std::string(keyword) + " holds a NUL byte");
    access::put(to, key(index), value, conninfo::source::explicit_);
    return {};
}

failure parse_pairs(std::string_view text, conninfo& out)
{
    cursor in(text);
    std::string value;
    value.reserve(text.size()); // never moves, so that one wipe reaches all of it
    for (in.skip_space(); !in.done(); in.skip_space()) {
        const std::string where = in.where();
        const std::string_view keyword = in.keyword();
        in.skip_space();
        if (in.take() != '=')
            return failure::invalid("missing \"=\" after the keyword" + where + " of the connection string");
        in.skip_space();

        const std::string value_where = in.where();
        const bool complete = read_value(in, value);
        failure why =
            complete
                ? store(out, keyword, value, mention_unknown(out))
                : failure::invalid("unterminated quoted value" + value_where + " of the connection string");
        wipe(value);
        if (why && complete) return failure::invalid(why.message() + where + " of the connection string");
        if (why) return why;
    }
    return {};
}

namespace {

constexpr std::string_view schemes[] = {"postgresql://", "postgres://"};

} // namespace

bool is_connection_string(std::string_view text) noexcept
{
    return std::ranges::any_of(schemes, [&](std::string_view s) { return text.starts_with(s); }) ||
           text.find('=') != std::string_view::npos;
}

failure parse(std::string_view text, conninfo& out)
{
    if (text.find('\0') != std::string_view::npos)
        return failure::invalid("the connection string holds a NUL byte");
    for (const std::string_view scheme : schemes)
        if (text.starts_with(scheme)) return parse_uri(text.substr(scheme.size()), scheme.size(), out);
    return parse_pairs(text, out);
}

} // namespace tusk::conn
