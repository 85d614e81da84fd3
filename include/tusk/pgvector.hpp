// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The types of the extension pgvector. They are values; parse() reads each as the server writes it and gives an empty
/// optional for anything else, to_string() writes it so.
namespace tusk {

/// pgvector's type `vector`: "[1,2.5,-3]".
struct pgvector {
    std::vector<float> values;

    pgvector() = default;
    explicit pgvector(std::vector<float> from)
        : values(std::move(from))
    {
    }

    [[nodiscard]] static std::optional<pgvector> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const pgvector&, const pgvector&) noexcept = default;
};

/// pgvector's type `halfvec`: numbers of 16 bits, kept as float. Sending rounds to the nearest.
struct halfvec {
    std::vector<float> values;

    halfvec() = default;
    explicit halfvec(std::vector<float> from)
        : values(std::move(from))
    {
    }

    [[nodiscard]] static std::optional<halfvec> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const halfvec&, const halfvec&) noexcept = default;
};

/// pgvector's type `sparsevec`: "{1:1.5,3:2}/5". The text counts from 1, this struct from 0.
struct sparsevec {
    struct element {
        std::int32_t index = 0;
        float value = 0;

        friend bool operator==(const element&, const element&) noexcept = default;
    };

    std::int32_t dimensions = 0;
    std::vector<element> elements; ///< those that are not 0, in ascending order

    sparsevec() = default;
    sparsevec(std::int32_t size, std::vector<element> from)
        : dimensions(size)
        , elements(std::move(from))
    {
    }

    [[nodiscard]] static std::optional<sparsevec> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    /// Whether the elements ascend and lie in 0 to dimensions - 1, and none is 0.
    [[nodiscard]] bool valid() const noexcept;

    friend bool operator==(const sparsevec&, const sparsevec&) noexcept = default;
};

} // namespace tusk
