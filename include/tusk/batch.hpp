// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>

#include <cstddef>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk {

/// Statements that are sent together and succeed or fail together: one round trip, one implicit transaction.
///
/// The first that fails undoes those before it, and those behind it are skipped. A batch may hold BEGIN and
/// COMMIT of its own; they then mean what they mean anywhere.
///
/// Lifetimes: a value; owns its statements.
/// \code
/// tusk::batch b;
/// b.add("create temp table t(n int)").add(tusk::sql("insert into t values ($1)", 1)).add("select * from t");
/// tusk::batch_result r = co_await db.async_run(std::move(b));
/// std::cout << r[2].value.size() << " row\n";
/// \endcode
class batch {
public:
    batch& add(bound part)
    {
        parts_.push_back(std::move(part));
        return *this;
    }
    void reserve(std::size_t n) { parts_.reserve(n); }

    [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }
    [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
    void clear() noexcept { parts_.clear(); }
    /// The statements in the order in which they will run.
    [[nodiscard]] std::span<const bound> parts() const noexcept { return parts_; }

private:
    std::vector<bound> parts_;
};

/// What became of one statement of a batch.
struct batch_part {
    /// Its failure. errc::skipped: an earlier part failed. No error: the server ran it; when the whole batch
    /// failed (`batch_result::error()`), its effects were undone all the same, unless the failure is that of
    /// a COPY TO STDOUT (errc::unexpected_copy), which is none for the server.
    std::error_code ec;
    /// Its rows and tag; empty after a failure.
    result value;

    /// What is known about the failure.
    [[nodiscard]] const diagnostics& diag() const noexcept { return value.diag(); }
};

/// What became of a batch: a part for each of its statements, in their order.
///
/// Lifetimes: a value, movable and copyable; the results in it are shared by copies.
class batch_result {
public:
    using value_type = batch_part;
    using iterator = std::vector<batch_part>::const_iterator;
    using const_iterator = iterator;

    batch_result() noexcept = default;
    explicit batch_result(std::vector<batch_part> parts, std::error_code ec = {},
                          diagnostics diag = {}) noexcept
        : parts_(std::move(parts))
        , ec_(ec)
        , diag_(std::move(diag))
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }
    [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
    /// Part `i`, from 0. Throws std::out_of_range.
    [[nodiscard]] const batch_part& operator[](std::size_t i) const { return parts_.at(i); }
    [[nodiscard]] iterator begin() const noexcept { return parts_.begin(); }
    [[nodiscard]] iterator end() const noexcept { return parts_.end(); }

    /// The first failure of the batch. It may belong to no part: a deferred constraint fails when the
    /// implicit transaction commits, after every part ended well.
    [[nodiscard]] std::error_code error() const noexcept { return ec_; }
    /// What is known about it.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

    /// The parts, moved out.
    [[nodiscard]] std::vector<batch_part> take() && noexcept { return std::move(parts_); }

private:
    std::vector<batch_part> parts_;
    std::error_code ec_;
    diagnostics diag_;
};

} // namespace tusk
