// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tusk {

/// A text search query: lexemes joined by operators. A value; the default is the empty query, which matches nothing.
///
/// Its tree is kept flat, in postfix order: each operator stands behind its operands, so that one stack evaluates it
/// and no depth is too deep.
/// \code
/// using query = tusk::tsquery;
/// query q = (query::lexeme("fat") & !query::lexeme("rat")).followed_by(query::lexeme("ca", true));
/// q.to_string(); // ( 'fat' & !'rat' ) <-> 'ca':*
/// \endcode
class tsquery {
public:
    enum class kind : std::uint8_t {
        lexeme, ///< no operand
        not_,   ///< one
        and_,   ///< two, the left one first
        or_,    ///< two
        phrase, ///< two, the right one `distance` behind the left one
    };

    struct node {
        kind what = kind::lexeme;
        std::string text;    ///< of a lexeme
        bool prefix = false; ///< a lexeme that stands for all words that begin so
        std::uint8_t weights =
            0; ///< of a lexeme: 1 for D, 2 for C, 4 for B, 8 for A, or their sum; 0 for any
        std::uint16_t distance = 0; ///< of a phrase

        friend bool operator==(const node&, const node&) noexcept = default;
    };

    tsquery() = default;
    /// One lexeme, as a dictionary gives it: nothing is stemmed here.
    [[nodiscard]] static tsquery lexeme(std::string text, bool prefix = false, std::uint8_t weights = 0);
    /// From nodes in postfix order; empty when they are no tree.
    [[nodiscard]] static std::optional<tsquery> from_nodes(std::vector<node> nodes);

    /// Reads it as the server writes it: "'fat' & ( 'rat':AB | 'cat' )". Anything else, and words without quotes, gives
    /// an empty optional. Operators of the same kind are taken from left to right, since the server's text does not
    /// tell a & (b & c) from (a & b) & c.
    [[nodiscard]] static std::optional<tsquery> parse(std::string_view text);
    /// As the server writes it.
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] const std::vector<node>& nodes() const noexcept { return nodes_; }
    [[nodiscard]] bool empty() const noexcept { return nodes_.empty(); }

    /// An empty query on one side gives the other, as in the server.
    friend tsquery operator&(tsquery left, const tsquery& right) { return join(left, right, kind::and_); }
    friend tsquery operator|(tsquery left, const tsquery& right) { return join(left, right, kind::or_); }
    friend tsquery operator!(tsquery q);
    /// This, and `distance` words behind it `right`.
    [[nodiscard]] tsquery followed_by(const tsquery& right, std::uint16_t distance = 1) const;

    friend bool operator==(const tsquery&, const tsquery&) noexcept = default;

private:
    static tsquery join(tsquery& left, const tsquery& right, kind op, std::uint16_t distance = 0);

    std::vector<node> nodes_;
};

} // namespace tusk
