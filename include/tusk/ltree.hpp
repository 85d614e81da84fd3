// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <compare>
#include <string>
#include <utility>

/// The types of the extension ltree, as their text; the server checks it.
namespace tusk {

/// A path of labels: "Top.Science.Astronomy".
struct ltree {
    std::string text;

    ltree() = default;
    explicit ltree(std::string from)
        : text(std::move(from))
    {
    }

    friend auto operator<=>(const ltree&, const ltree&) noexcept = default;
};

/// A pattern for paths: "Top.*{1,2}.Astro*".
struct lquery {
    std::string text;

    lquery() = default;
    explicit lquery(std::string from)
        : text(std::move(from))
    {
    }

    friend bool operator==(const lquery&, const lquery&) noexcept = default;
};

/// Words that a path is to have: "Astro* & !pictures@".
struct ltxtquery {
    std::string text;

    ltxtquery() = default;
    explicit ltxtquery(std::string from)
        : text(std::move(from))
    {
    }

    friend bool operator==(const ltxtquery&, const ltxtquery&) noexcept = default;
};

} // namespace tusk
