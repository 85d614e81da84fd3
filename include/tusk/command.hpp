// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tusk {
namespace detail {

/// The number of rows that a command tag tells ("INSERT 0 5", "SELECT 3"): its last word, 0 when that is no
/// number.
[[nodiscard]] std::uint64_t affected_rows(std::string_view tag) noexcept;

/// A command tag without heap. The server's are shorter than 64 characters; what is longer is cut.
class command_tag {
public:
    command_tag() noexcept = default;
    explicit command_tag(std::string_view tag) noexcept
        : size_(static_cast<std::uint8_t>(std::min(tag.size(), text_.size())))
    {
        std::copy_n(tag.data(), size_, text_.data());
        if (size_ < tag.size()) rows_of_cut_ = affected_rows(tag);
    }

    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }
    [[nodiscard]] std::uint64_t rows() const noexcept
    {
        return rows_of_cut_ ? rows_of_cut_ : affected_rows(view());
    }

private:
    std::array<char, 63> text_; // only the first size_ characters are initialised
    std::uint8_t size_ = 0;
    std::uint64_t rows_of_cut_ = 0; // the number of a tag that was cut
};

} // namespace detail

/// What a statement that was run for its effect has to say.
///
/// Lifetimes: a small value without heap; the views live as long as the object.
/// \code
/// tusk::command done = co_await db.async_execute(tusk::sql("delete from users where id = $1", 1));
/// if (done.rows_affected() == 0) std::cout << "there was no such user\n";
/// \endcode
class command {
public:
    command() noexcept = default;
    explicit command(std::string_view tag, diagnostics diag = {}) noexcept
        : tag_(tag)
        , diag_(std::move(diag))
    {
    }
    explicit command(const detail::command_tag& tag, diagnostics diag = {}) noexcept
        : tag_(tag)
        , diag_(std::move(diag))
    {
    }

    /// The command tag: "INSERT 0 5", "CREATE TABLE", "COMMIT"; empty for an empty statement and after a
    /// failure.
    [[nodiscard]] std::string_view tag() const noexcept { return tag_.view(); }
    /// How many rows were inserted, updated, deleted, merged, copied, selected, fetched or moved; 0 where the
    /// tag has no number.
    [[nodiscard]] std::uint64_t rows_affected() const noexcept { return tag_.rows(); }
    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    detail::command_tag tag_;
    diagnostics diag_;
};

} // namespace tusk
