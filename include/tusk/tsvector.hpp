// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

/// A document as text search sees it: its lexemes, and where they stand. A value.
///
/// The server gives each lexeme once, in the order of their bytes; it takes them in any order.
struct tsvector {
    enum class weight : std::uint8_t { d, c, b, a };

    struct position {
        std::uint16_t index = 1; ///< 1 to 16 383
        weight w = weight::d;

        friend bool operator==(const position&, const position&) noexcept = default;
    };

    struct lexeme {
        std::string text;
        std::vector<position> positions; ///< ascending, at most 256

        lexeme() = default;
        lexeme(std::string word, std::vector<position> where)
            : text(std::move(word))
            , positions(std::move(where))
        {
        }

        friend bool operator==(const lexeme&, const lexeme&) noexcept = default;
    };

    std::vector<lexeme> lexemes;

    tsvector() = default;
    explicit tsvector(std::vector<lexeme> from)
        : lexemes(std::move(from))
    {
    }

    /// Reads it as the server writes it: "'cat':3 'fat':2A,4". Anything else, and words without quotes, gives an empty
    /// optional.
    [[nodiscard]] static std::optional<tsvector> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const tsvector&, const tsvector&) noexcept = default;
};

} // namespace tusk
