// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tusk {

/// Keys with values, of which some are NULL: the type of the extension hstore. A value.
struct hstore {
    using map = std::map<std::string, std::optional<std::string>, std::less<>>;

    map pairs;

    hstore() = default;
    explicit hstore(map from)
        : pairs(std::move(from))
    {
    }

    /// Reads it as the server writes it: "a"=>"1", "b"=>NULL. Anything else, and a key that comes twice, gives an empty
    /// optional.
    [[nodiscard]] static std::optional<hstore> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const hstore&, const hstore&) noexcept = default;
};

} // namespace tusk
