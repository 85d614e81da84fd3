// Distributed under the Boost Software License, Version 1.0.
#include <tusk/tsquery.hpp>

#include "codec/lexeme_text.hpp"

#include <algorithm>
#include <utility>

namespace tusk {
namespace {

using detail::text_cursor;
using node = tsquery::node;
using kind = tsquery::kind;

/// How tightly an operator binds.
int priority(kind op) noexcept
{
    switch (op) {
    case kind::or_:
        return 1;
    case kind::and_:
        return 2;
    case kind::phrase:
        return 3;
    case kind::not_:
        return 4;
    default:
        return 5;
    }
}

constexpr std::size_t operands(kind op) noexcept { return op == kind::lexeme ? 0 : op == kind::not_ ? 1 : 2; }

void append_leaf(std::string& to, const node& n)
{
    detail::append_lexeme(to, n.text);
    if (!n.prefix && n.weights == 0) return;
    to += ':';
    if (n.prefix) to += '*';
    for (const auto& [bit, letter] : {std::pair(8, 'A'), {4, 'B'}, {2, 'C'}, {1, 'D'}})
        if (n.weights & bit) to += letter;
}

node read_leaf(text_cursor& in)
{
    node n;
    n.text = detail::read_lexeme(in);
    if (!in.accept(":")) return n;
    n.prefix = in.accept("*");
    for (unsigned bit = 8; const char* letter : {"A", "B", "C", "D"}) {
        if (in.accept(letter)) n.weights = static_cast<std::uint8_t>(n.weights | bit);
        bit /= 2;
    }
    if (!n.prefix && n.weights == 0) in.fail();
    return n;
}

/// & | <-> <2>
node read_operator(text_cursor& in)
{
    node n;
    if (in.accept("&")) {
        n.what = kind::and_;
    } else if (in.accept("|")) {
        n.what = kind::or_;
    } else {
        n.what = kind::phrase;
        in.expect("<");
        n.distance = in.accept("-") ? std::uint16_t{1} : in.integer<std::uint16_t>();
        in.expect(">");
    }
    return n;
}

/// For each node how many nodes its tree has.
std::vector<std::size_t> tree_sizes(const std::vector<node>& nodes)
{
    std::vector<std::size_t> sizes(nodes.size(), 1);
    for (std::size_t i = 0; i < nodes.size(); ++i)
        for (std::size_t n = operands(nodes[i].what); n > 0; --n) sizes[i] += sizes[i - sizes[i]];
    return sizes;
}

/// What is left to write: a tree, or a piece of text.
struct piece {
    std::string text;
    std::size_t root = 0;
    int outer = 0; ///< the priority of the operator around it
    bool right_of_phrase = false;
    bool is_text = false;
};

std::string operator_text(const node& n)
{
    if (n.what == kind::and_) return " & ";
    if (n.what == kind::or_) return " | ";
    return n.distance == 1 ? " <-> " : " <" + std::to_string(n.distance) + "> ";
}

} // namespace

tsquery tsquery::lexeme(std::string text, bool prefix, std::uint8_t weights)
{
    tsquery q;
    q.nodes_.push_back({kind::lexeme, std::move(text), prefix, weights, 0});
    return q;
}

std::optional<tsquery> tsquery::from_nodes(std::vector<node> nodes)
{
    std::size_t depth = 0;
    for (const node& n : nodes) {
        const std::size_t taken = operands(n.what);
        if (depth < taken) return std::nullopt;
        depth += 1 - taken;
    }
    if (depth > 1) return std::nullopt;
    tsquery q;
    q.nodes_ = std::move(nodes);
    return q;
}

tsquery tsquery::join(tsquery& left, const tsquery& right, kind op, std::uint16_t distance)
{
    if (right.empty()) return std::move(left);
    if (left.empty()) return right;
    left.nodes_.insert(left.nodes_.end(), right.nodes_.begin(), right.nodes_.end());
    left.nodes_.push_back({op, {}, false, 0, distance});
    return std::move(left);
}

tsquery operator!(tsquery q)
{
    if (!q.empty()) q.nodes_.push_back({kind::not_, {}, false, 0, 0});
    return q;
}

tsquery tsquery::followed_by(const tsquery& right, std::uint16_t distance) const
{
    tsquery left = *this;
    return join(left, right, kind::phrase, distance);
}

// Operators wait on a stack until one that binds less tightly, a bracket or the end comes (the shunting yard).
std::optional<tsquery> tsquery::parse(std::string_view text)
{
    text_cursor in(text);
    std::vector<node> out;
    std::vector<std::optional<node>> waiting; // empty: an opening bracket
    const auto release = [&](int least) {
        while (!waiting.empty() && waiting.back() && priority(waiting.back()->what) >= least) {
            out.push_back(std::move(*waiting.back()));
            waiting.pop_back();
        }
    };
    while (!in.empty()) {
        if (in.accept("!")) {
            waiting.emplace_back(node{kind::not_, {}, false, 0, 0});
            continue;
        }
        if (in.accept("( ")) {
            waiting.emplace_back();
            continue;
        }
        out.push_back(read_leaf(in));
        while (in.accept(" )")) {
            release(0);
            if (waiting.empty()) return std::nullopt;
            waiting.pop_back();
        }
        if (in.empty()) break;
        in.expect(" ");
        node op = read_operator(in);
        in.expect(" ");
        release(priority(op.what));
        waiting.emplace_back(std::move(op));
        if (in.empty()) in.fail(); // an operator at the end
    }
    release(0);
    if (!in.done() || !waiting.empty()) return std::nullopt;
    return from_nodes(std::move(out));
}

std::string tsquery::to_string() const
{
    if (empty()) return {};
    const std::vector<std::size_t> sizes = tree_sizes(nodes_);
    std::string text;
    std::vector<piece> left{{{}, nodes_.size() - 1, 0, false, false}}; // the last comes first
    const auto say = [&](std::string what) { left.push_back({std::move(what), 0, 0, false, true}); };
    while (!left.empty()) {
        const piece p = std::move(left.back());
        left.pop_back();
        if (p.is_text) {
            text += p.text;
            continue;
        }
        const node& n = nodes_[p.root];
        if (n.what == kind::lexeme) {
            append_leaf(text, n);
            continue;
        }
        const int mine = priority(n.what);
        const bool phrase = n.what == kind::phrase;
        const bool brackets = mine < p.outer || (phrase && p.right_of_phrase);
        if (brackets) {
            text += "( ";
            say(" )");
        }
        const std::size_t right = p.root - 1;
        left.push_back({{}, right, mine, phrase, false});
        if (n.what == kind::not_) {
            text += '!';
        } else {
            say(operator_text(n));
            left.push_back({{}, right - sizes[right], mine, false, false});
        }
    }
    return text;
}

} // namespace tusk
