// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>

#include <cstddef>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk {

/// What async_execute_many does when an item fails.
enum class bulk : std::uint8_t {
    atomic,      ///< nothing is done: all items are one implicit transaction
    independent, ///< the others are done all the same: each is a transaction of its own
};

/// An item that failed, with its number from 0.
struct bulk_failure {
    std::size_t item = 0;
    std::error_code ec;
    diagnostics diag;
};

/// What became of the items of async_execute_many.
///
/// Lifetimes: an owning value. Memory: eight bytes for each item.
class bulk_result {
public:
    bulk_result() noexcept = default;
    explicit bulk_result(diagnostics diag) noexcept
        : diag_(std::move(diag))
    {
    }
    bulk_result(std::vector<std::uint64_t> rows, std::vector<bulk_failure> failures,
                diagnostics diag) noexcept
        : rows_(std::move(rows))
        , failures_(std::move(failures))
        , diag_(std::move(diag))
    {
    }

    /// The number of items that were sent.
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    /// How many rows item `i` affected, from 0; 0 where it failed. Throws std::out_of_range.
    [[nodiscard]] std::uint64_t rows_affected(std::size_t i) const { return rows_.at(i); }
    /// Of all of them.
    [[nodiscard]] std::uint64_t rows_affected() const noexcept
    {
        std::uint64_t sum = 0;
        for (const std::uint64_t n : rows_) sum += n;
        return sum;
    }
    /// The items that failed, by their numbers; of an atomic one that which made the whole fail.
    [[nodiscard]] const std::vector<bulk_failure>& failures() const noexcept { return failures_; }
    /// What is known about a failure of the whole; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    std::vector<std::uint64_t> rows_;
    std::vector<bulk_failure> failures_;
    diagnostics diag_;
};

} // namespace tusk
