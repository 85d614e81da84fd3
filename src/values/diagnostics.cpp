// Distributed under the Boost Software License, Version 1.0.
#include <tusk/diagnostics.hpp>

#include <charconv>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

// The fields as the protocol has them, (letter, text NUL)*: one string holds them all.
struct diagnostics::data {
    std::string fields;
    enum outcome what = tusk::outcome::completed;
};

namespace {

// The length of the part of `body` that consists of whole fields.
std::size_t whole_fields(std::string_view body) noexcept
{
    std::size_t at = 0;
    while (at < body.size() && body[at] != '\0') {
        const std::size_t end = body.find('\0', at + 1);
        if (end == std::string_view::npos) break;
        at = end + 1;
    }
    return at;
}

void add_line(std::string& text, std::string_view label, std::string_view value)
{
    if (value.empty()) return;
    text.append("\n").append(label).append(":  ").append(value);
}

} // namespace

std::string_view diagnostics::severity() const noexcept
{
    // 'V' came with PostgreSQL 9.6; what is older sends only the localized word
    const std::string_view plain = field('V');
    return plain.empty() ? field('S') : plain;
}

std::string_view diagnostics::field(char letter) const noexcept
{
    if (!data_ || letter == '\0') return {};
    const std::string_view fields = data_->fields;
    for (std::size_t at = 0; at < fields.size();) {
        const std::size_t end = fields.find('\0', at); // always there: only whole fields are stored
        if (fields[at] == letter) return fields.substr(at + 1, end - at - 1);
        at = end + 1;
    }
    return {};
}

int diagnostics::number(char letter) const noexcept
{
    const std::string_view text = field(letter);
    int value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    return ec == std::errc() && end == text.data() + text.size() && value > 0 ? value : 0;
}

enum outcome diagnostics::outcome() const noexcept { return data_ ? data_->what : tusk::outcome::completed; }

std::string diagnostics::to_string() const
{
    if (empty()) return {};
    std::string text;
    if (const auto word = severity_localized(); !word.empty())
        text.append(word).append(":  ");
    else if (!severity().empty())
        text.append(severity()).append(":  ");
    text.append(message());
    if (!sqlstate().empty()) text.append(" (SQLSTATE ").append(sqlstate()).append(")");
    if (position() > 0) text.append(" at character ").append(std::to_string(position()));
    add_line(text, "DETAIL", detail());
    add_line(text, "HINT", hint());
    add_line(text, "QUERY", internal_query());
    add_line(text, "CONTEXT", where());
    return text;
}

diagnostics diagnostics::client(std::string message, enum outcome what)
{
    auto made = std::make_shared<data>();
    // a NUL would end the field
    if (const auto nul = message.find('\0'); nul != std::string::npos) message.resize(nul);
    if (!message.empty()) {
        made->fields.reserve(message.size() + 2);
        made->fields.append(1, 'M').append(message).append(1, '\0');
    }
    made->what = what;
    diagnostics result;
    result.data_ = std::move(made);
    return result;
}

diagnostics diagnostics::with_outcome(enum outcome what) const
{
    if (what == outcome()) return *this;
    auto made = data_ ? std::make_shared<data>(*data_) : std::make_shared<data>();
    made->what = what;
    diagnostics result;
    result.data_ = std::move(made);
    return result;
}

diagnostics diagnostics::server(std::string_view body)
{
    auto made = std::make_shared<data>();
    made->fields.assign(body.substr(0, whole_fields(body)));
    diagnostics result;
    result.data_ = std::move(made);
    return result;
}

} // namespace tusk
