// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <utility>

namespace tusk {

/// A JSON text, to be sent as json. tusk does not look into it; the server checks it.
///
/// A std::string does as well where the server can infer the type. This is for where it cannot:
/// \code
/// sql("select jsonb_build_object('answer', $1)", tusk::json{R"({"ok": true})"}) // an object, not a string
/// \endcode
struct json {
    std::string text;

    // A constructor, here and in all values that own memory: g++ 12 destroys an aggregate twice that is made in the
    // expression of a co_await.
    json() = default;
    explicit json(std::string from)
        : text(std::move(from))
    {
    }

    friend bool operator==(const json&, const json&) noexcept = default;
};

/// A JSON text, to be sent as jsonb.
struct jsonb {
    std::string text;

    jsonb() = default;
    explicit jsonb(std::string from)
        : text(std::move(from))
    {
    }

    friend bool operator==(const jsonb&, const jsonb&) noexcept = default;
};

/// A path expression into JSON, "$.a[*]", to be sent as jsonpath. The server checks it.
struct jsonpath {
    std::string text;

    jsonpath() = default;
    explicit jsonpath(std::string from)
        : text(std::move(from))
    {
    }

    friend bool operator==(const jsonpath&, const jsonpath&) noexcept = default;
};

} // namespace tusk
