// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The geometric types: plain structs of doubles, NaN and infinities included.
///
/// parse() reads each as the server writes it, and gives an empty optional for anything else; to_string() writes it so.
/// `==` compares the numbers, not areas or lengths as some of SQL's operators do.
namespace tusk {

/// A point in the plane: "(1,2)".
struct point {
    double x = 0;
    double y = 0;

    [[nodiscard]] static std::optional<point> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const point&, const point&) noexcept = default;
};

/// A line without ends, ax + by + c = 0: "{1,2,3}". The server refuses one whose a and b are both 0.
struct line {
    double a = 0;
    double b = 0;
    double c = 0;

    [[nodiscard]] static std::optional<line> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const line&, const line&) noexcept = default;
};

/// A line segment: "[(1,2),(3,4)]".
struct lseg {
    point first;
    point second;

    [[nodiscard]] static std::optional<lseg> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const lseg&, const lseg&) noexcept = default;
};

/// A rectangle by its upper right and its lower left corner: "(3,4),(1,2)". Any two opposite corners may be sent; the
/// server puts their coordinates in order.
struct box {
    point high;
    point low;

    [[nodiscard]] static std::optional<box> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const box&, const box&) noexcept = default;
};

/// A path through one point at least, open, "[(1,2),(3,4)]", or closed, "((1,2),(3,4))".
struct path {
    std::vector<point> points;
    bool closed = false;

    path() = default;
    path(std::vector<point> through, bool is_closed)
        : points(std::move(through))
        , closed(is_closed)
    {
    }

    [[nodiscard]] static std::optional<path> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const path&, const path&) noexcept = default;
};

/// A polygon of one point at least: "((1,2),(3,4),(5,6))".
struct polygon {
    std::vector<point> points;

    polygon() = default;
    explicit polygon(std::vector<point> corners)
        : points(std::move(corners))
    {
    }

    [[nodiscard]] static std::optional<polygon> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const polygon&, const polygon&) noexcept = default;
};

/// A circle: "<(1,2),3>". The radius is not negative.
struct circle {
    point center;
    double radius = 0;

    [[nodiscard]] static std::optional<circle> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const circle&, const circle&) noexcept = default;
};

} // namespace tusk
