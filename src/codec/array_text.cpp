// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/array_cursor.hpp>

#include "codec/parse.hpp"

#include <algorithm>
#include <string>

// The text of an array: optional bounds, then braces around elements and delimiters. The server quotes what
// could be misread: "{", "}", the delimiter, a quote, a backslash, white space, nothing at all, and NULL.
namespace tusk::detail {
namespace {

/// What stands before an element: how many braces were closed and opened since the one before.
struct scanner {
    std::string_view rest;
    char delimiter;

    [[nodiscard]] bool at(char c) const noexcept { return !rest.empty() && rest.front() == c; }
    [[nodiscard]] bool skip(char c) noexcept
    {
        if (!at(c)) return false;
        rest.remove_prefix(1);
        return true;
    }

    /// The element as it is written, with its quotes; empty when there is none.
    [[nodiscard]] std::string_view element() noexcept
    {
        std::size_t n = 0;
        if (at('"')) {
            for (n = 1; n < rest.size() && rest[n] != '"'; ++n)
                if (rest[n] == '\\') ++n;
            if (n >= rest.size()) return {};
            ++n; // the quote at the end
        } else {
            while (n < rest.size() && rest[n] != delimiter && rest[n] != '{' && rest[n] != '}' &&
                   rest[n] != '"' && rest[n] != '\\')
                ++n;
        }
        const std::string_view found = rest.substr(0, n);
        rest.remove_prefix(n);
        return found;
    }
};

/// [2:3][0:0]= ; true also when there are none.
bool read_bounds(scanner& in, array_shape& shape) noexcept
{
    if (!in.at('[')) return true;
    while (in.skip('[')) {
        const std::size_t colon = in.rest.find(':');
        const std::size_t end = in.rest.find(']');
        std::int32_t lower = 0;
        std::int32_t upper = 0;
        if (end == std::string_view::npos || colon >= end ||
            shape.dimensions == array_shape::max_dimensions ||
            !parse_number(in.rest.substr(0, colon), lower) ||
            !parse_number(in.rest.substr(colon + 1, end - colon - 1), upper))
            return false;
        const std::int64_t length = std::int64_t{upper} - lower + 1;
        if (length < 1 || length > std::int64_t{INT32_MAX} || upper == INT32_MAX) return false;
        shape.dimension[shape.dimensions++] = {static_cast<std::int32_t>(length), lower};
        in.rest.remove_prefix(end + 1);
    }
    return in.skip('=');
}

/// Reads all braces and elements, and learns the length of each dimension; false when they are not rectangular.
class measuring {
public:
    explicit measuring(scanner in) noexcept
        : in_(in)
    {
    }

    [[nodiscard]] bool run() noexcept
    {
        do {
            if (expecting_) {
                if (!begin()) return false;
            } else if (in_.skip('}')) {
                if (!close()) return false;
            } else if (in_.skip(in_.delimiter)) {
                expecting_ = true;
            } else {
                return false;
            }
        } while (open_ > 0);
        return in_.rest.empty();
    }
    [[nodiscard]] std::size_t dimensions() const noexcept { return depth_; }
    [[nodiscard]] std::size_t length(std::size_t i) const noexcept { return length_[i]; }

private:
    /// A brace or an element.
    bool begin() noexcept
    {
        if (in_.skip('{')) {
            if (open_ == array_shape::max_dimensions || (depth_ != 0 && open_ == depth_)) return false;
            count_[open_++] = 0;
            return true;
        }
        if (depth_ == 0) depth_ = open_; // the first element tells how deep all are
        if (open_ != depth_ || in_.element().empty()) return false;
        ++count_[open_ - 1];
        expecting_ = false;
        return true;
    }

    bool close() noexcept
    {
        const std::size_t level = --open_;
        if (length_[level] == 0) length_[level] = count_[level];
        if (length_[level] != count_[level]) return false;
        if (level > 0) ++count_[level - 1];
        return true;
    }

    scanner in_;
    bool expecting_ = true;
    std::size_t open_ = 0;
    std::size_t depth_ = 0;
    std::array<std::size_t, array_shape::max_dimensions> count_{};
    std::array<std::size_t, array_shape::max_dimensions> length_{};
};

} // namespace

errc array_cursor::open_text(std::string_view text) noexcept
{
    scanner in{text, delimiter_};
    if (!read_bounds(in, shape_)) return errc::invalid_value;
    left_ = std::as_bytes(std::span(in.rest));
    if (in.rest == "{}") {
        left_ = {};
        return shape_.dimensions == 0 ? errc{} : errc::invalid_value;
    }
    if (!in.at('{')) return errc::invalid_value;
    measuring braces(in);
    if (!braces.run()) return errc::invalid_value;
    const bool bounds = shape_.dimensions != 0;
    if (bounds && shape_.dimensions != braces.dimensions()) return errc::invalid_value;
    shape_.dimensions = braces.dimensions();
    for (std::size_t i = 0; i < shape_.dimensions; ++i) {
        const std::size_t length = braces.length(i);
        if (length > std::size_t{INT32_MAX} - 1) return errc::invalid_value;
        array_dimension& d = shape_.dimension[i];
        if (!bounds) d = {static_cast<std::int32_t>(length), 1};
        if (static_cast<std::size_t>(d.length) != length) return errc::invalid_value;
    }
    return {};
}

errc array_cursor::open_vector_text(std::string_view text) noexcept
{
    delimiter_ = ' ';
    left_ = std::as_bytes(std::span(text));
    if (text.empty()) return {};
    const auto blanks = std::count(text.begin(), text.end(), ' ');
    if (blanks >= INT32_MAX) return errc::invalid_value;
    shape_.dimensions = 1;
    shape_.dimension[0] = {static_cast<std::int32_t>(blanks) + 1, 0};
    return {};
}

errc array_cursor::next_text(const std::byte*& data, std::int32_t& length)
{
    scanner in{{reinterpret_cast<const char*>(left_.data()), left_.size()}, delimiter_};
    if (!vector_) // open_text() has seen that they are where they belong
        while (in.skip('{') || in.skip('}') || in.skip(delimiter_)) {
        }
    std::string_view found = in.element();
    if (found.empty() || found.size() > encoder::max_value) return errc::invalid_value;
    if (vector_)
        static_cast<void>(in.skip(' '));
    else if (std::all_of(in.rest.begin(), in.rest.end(), [](char c) { return c == '}'; }))
        in.rest = {};
    left_ = std::as_bytes(std::span(in.rest));
    length = -1;
    data = left_.data();
    if (found == "NULL") return {};
    if (found.front() == '"') {
        found = found.substr(1, found.size() - 2);
        if (found.find('\\') != std::string_view::npos) {
            unescaped_.clear();
            for (std::size_t i = 0; i < found.size(); ++i) {
                if (found[i] == '\\') ++i; // never the last: the quote after it would be escaped
                unescaped_ += found[i];
            }
            found = unescaped_;
        }
    }
    data = reinterpret_cast<const std::byte*>(found.data());
    length = static_cast<std::int32_t>(found.size());
    return {};
}

void write_array_bounds(const array_shape& shape, encoder& out)
{
    bool plain = true;
    for (std::size_t i = 0; i < shape.dimensions; ++i) plain = plain && shape.dimension[i].lower == 1;
    if (plain) return;
    std::string text;
    for (std::size_t i = 0; i < shape.dimensions; ++i) {
        const array_dimension& d = shape.dimension[i];
        text +=
            '[' + std::to_string(d.lower) + ':' + std::to_string(std::int64_t{d.lower} + d.length - 1) + ']';
    }
    out.text(text + '=');
}

void write_array_braces(const array_shape& shape, std::size_t number, char delimiter, encoder& out)
{
    // Of the dimensions from the last to the first those end here of whose elements a multiple has been written.
    const std::size_t count = shape.count();
    std::size_t ending = 0;
    std::size_t block = 1;
    while (ending < shape.dimensions) {
        block *= static_cast<std::size_t>(shape.dimension[shape.dimensions - 1 - ending].length);
        if (number % block != 0) break;
        ++ending;
    }
    if (count == 0) return;
    if (number != 0)
        for (std::size_t i = 0; i < ending; ++i) out.u8('}');
    if (number == count) return;
    if (number != 0) out.u8(static_cast<std::uint8_t>(delimiter));
    for (std::size_t i = 0; i < ending; ++i) out.u8('{');
}

void write_array_text(const std::string_view* element, encoder& out)
{
    if (!element) return out.text("NULL");
    std::string_view rest = *element;
    out.u8('"');
    while (!rest.empty()) {
        const std::size_t plain = std::min(rest.find_first_of("\"\\"), rest.size());
        out.text(rest.substr(0, plain));
        rest.remove_prefix(plain);
        if (rest.empty()) break;
        out.u8('\\');
        out.text(rest.substr(0, 1));
        rest.remove_prefix(1);
    }
    out.u8('"');
}

} // namespace tusk::detail
