// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>
#include <tusk/range.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tusk::detail {

/// A range that has been taken apart. The bytes look into the value or into the strings here.
struct range_parts {
    struct end {
        bound_kind kind = bound_kind::infinite;
        const std::byte* data = nullptr;
        std::int32_t length = 0;
        std::string unescaped;
    };

    bool empty = false;
    end lower;
    end upper;
};

/// Walks the ranges of a range (one) or multirange value.
///
/// Binary: a byte of flags; an Int32 length and bytes for each bound that is there. A multirange: Int32 count,
/// then an Int32 length and a range for each.
/// Text: `[a,"b c")`, `empty`; a multirange: `{[1,2),[3,4)}`.
class range_cursor {
public:
    /// Errors: errc::invalid_value.
    [[nodiscard]] errc open(const field& f, bool multirange) noexcept;
    /// Whether there is one more.
    [[nodiscard]] bool more() const noexcept { return more_; }
    /// Errors: errc::invalid_value, also for what lies behind the last one.
    [[nodiscard]] errc next(range_parts& out);
    /// A number of ranges that is never more than the bytes could hold.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    [[nodiscard]] errc next_binary(range_parts& out) noexcept;
    [[nodiscard]] errc next_text(range_parts& out);

    std::span<const std::byte> left_;
    std::size_t count_ = 1;
    bool text_ = false;
    bool multirange_ = false;
    bool more_ = true;
};

/// The flags of a range in binary.
[[nodiscard]] std::uint8_t range_flags(bool empty, bound_kind lower, bound_kind upper) noexcept;

} // namespace tusk::detail
