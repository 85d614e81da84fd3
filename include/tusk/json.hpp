// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>

namespace tusk {

/// A JSON text, to be sent as json. tusk does not look into it; the server checks it.
///
/// A std::string does as well where the server can infer the type. This is for where it cannot:
/// \code
/// sql("select jsonb_build_object('answer', $1)", tusk::json{R"({"ok": true})"}) // an object, not a string
/// \endcode
struct json {
    std::string text;

    friend bool operator==(const json&, const json&) noexcept = default;
};

/// A JSON text, to be sent as jsonb.
struct jsonb {
    std::string text;

    friend bool operator==(const jsonb&, const jsonb&) noexcept = default;
};

/// A path expression into JSON, "$.a[*]", to be sent as jsonpath. The server checks it.
struct jsonpath {
    std::string text;

    friend bool operator==(const jsonpath&, const jsonpath&) noexcept = default;
};

} // namespace tusk
