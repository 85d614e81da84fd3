// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <span>

/// What SASLprep needs of RFC 3454 and Unicode; each table ascends by code point.
namespace tusk::auth::tables {

struct code_range {
    char32_t first, last;
};
struct class_range {
    char32_t first, last;
    std::uint8_t combining_class;
};
struct composition {
    char32_t first, second, whole;
};
/// The full compatibility decomposition: `size` characters of decomposition_pool from `offset`.
struct decomposition {
    char32_t code;
    std::uint16_t offset, size;
};

extern const std::span<const code_range> spaces;        ///< RFC 3454 C.1.2: mapped to a space
extern const std::span<const code_range> nothing;       ///< B.1: mapped to nothing
extern const std::span<const code_range> prohibited;    ///< A.1 (unassigned), C.1.2 to C.9
extern const std::span<const code_range> right_to_left; ///< D.1
extern const std::span<const code_range> left_to_right; ///< D.2
extern const std::span<const class_range> combining_classes;
extern const std::span<const composition> compositions;
extern const std::span<const decomposition> decompositions;
extern const std::span<const char32_t> decomposition_pool;

} // namespace tusk::auth::tables
