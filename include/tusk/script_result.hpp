// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace tusk {

/// The results of a script: one for each statement that ran, in their order, all in text format. After a
/// failure it holds the results of the statements before the one that failed; unless the script said BEGIN
/// and COMMIT itself, what those did was undone.
///
/// Lifetimes: a value; the results in it are shared by copies.
class script_result {
public:
    using value_type = result;
    using const_iterator = std::vector<result>::const_iterator;

    script_result() noexcept = default;
    explicit script_result(std::vector<result> results, diagnostics diag = {}) noexcept
        : results_(std::move(results))
        , diag_(std::move(diag))
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return results_.size(); }
    [[nodiscard]] bool empty() const noexcept { return results_.empty(); }
    /// Result `i`, from 0. Throws std::out_of_range.
    [[nodiscard]] const result& operator[](std::size_t i) const { return results_.at(i); }
    [[nodiscard]] const_iterator begin() const noexcept { return results_.begin(); }
    [[nodiscard]] const_iterator end() const noexcept { return results_.end(); }

    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    /// The results alone.
    [[nodiscard]] std::vector<result> unwrap() && noexcept { return std::move(results_); }

private:
    std::vector<result> results_;
    diagnostics diag_;
};

} // namespace tusk
