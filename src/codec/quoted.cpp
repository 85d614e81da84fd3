// Distributed under the Boost Software License, Version 1.0.
#include "codec/quoted.hpp"

namespace tusk::detail {

bool read_quoted(std::string_view& text, std::string_view ends, std::string& unescaped, std::string_view& out,
                 bool& quoted)
{
    quoted = false;
    const std::size_t plain = text.find_first_of(std::string(ends) + "\"\\");
    if (plain == std::string_view::npos) return false;
    if (ends.find(text[plain]) != std::string_view::npos) { // nothing to undo
        out = text.substr(0, plain);
        text.remove_prefix(plain);
        return true;
    }
    unescaped.clear();
    bool inside = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (!inside && ends.find(c) != std::string_view::npos) break;
        if (c == '\\') {
            if (++i == text.size()) return false;
            unescaped += text[i];
        } else if (c != '"') {
            unescaped += c;
        } else if (inside && i + 1 < text.size() && text[i + 1] == '"') {
            unescaped += text[++i];
        } else {
            inside = !inside;
            quoted = true;
        }
    }
    if (i == text.size()) return false;
    text.remove_prefix(i);
    out = unescaped;
    return true;
}

} // namespace tusk::detail
