// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tusk::detail {

/// Walks the fields of a composite value, a row or a record.
///
/// Binary: Int32 count; for each field Oid of its type, Int32 length (-1: NULL) and its bytes.
/// Text: `(1,"b c",)`, where nothing at all is NULL.
class composite_cursor {
public:
    /// Errors: errc::invalid_value; errc::value_not_representable when there are not `fields` fields.
    [[nodiscard]] errc open(const field& f, std::size_t fields) noexcept;
    /// The next field, good until the one after it; its type, or oid::unknown in text format.
    [[nodiscard]] errc next(oid& type, const std::byte*& data, std::int32_t& length);
    /// What is wrong when all fields have been read.
    [[nodiscard]] errc finish() const noexcept;

private:
    [[nodiscard]] errc next_text(const std::byte*& data, std::int32_t& length);

    std::span<const std::byte> left_;
    std::string unescaped_;
    bool text_ = false;
    bool more_ = true; // in text: what was read last ended in a comma
};

} // namespace tusk::detail
