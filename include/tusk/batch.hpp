// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/codec/standard.hpp>
#include <tusk/detail/small_vector.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/oid.hpp>
#include <tusk/params.hpp>
#include <tusk/result.hpp>
#include <tusk/statement_view.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk {

/// Statements that are sent together and succeed or fail together: one round trip, one implicit transaction.
///
/// The first that fails undoes those before it, and those behind it are skipped. A batch may hold BEGIN and
/// COMMIT of its own; they then mean what they mean anywhere.
///
/// Errors: a statement that cannot be sent (see `bound`) makes the whole batch fail before anything is written.
/// Lifetimes: a value; owns text and parameters of its statements, so that what they were made from may die at
/// once.
/// Memory: all statements share a few pieces of memory, and a text that is repeated is kept once. Adding needs no
/// heap beyond their growth; a batch that is cleared and used again needs none. All texts together, and all values,
/// may have 4 GiB: std::length_error.
/// \code
/// tusk::batch b;
/// b.add("create temp table t(n int)").add("insert into t values ($1)", 1).add("select * from t");
/// tusk::batch_result r = co_await db.async_run(std::move(b));
/// std::cout << r[2].value.size() << " row\n";
/// \endcode
class batch {
public:
    /// Adds a copy of a statement at the end.
    batch& add(const bound& statement)
    {
        append(statement.view(), repeats(statement.sql()));
        if (statement.error()) fail(statement.error(), statement.diag());
        return *this;
    }

    /// Adds a statement with the values for $1, $2, ...: the same as `add(tusk::sql(text, args...))`, in fewer
    /// steps.
    template <class First, class... Rest>
    batch& add(std::string_view text, const First& first, const Rest&... rest)
    {
        values_of_one_.clear();
        values_of_one_.add(first);
        (values_of_one_.add(rest), ...);
        append(text);
        return *this;
    }

    /// Makes room for `n` statements in all.
    void reserve(std::size_t n) { parts_.reserve(n); }

    [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }
    [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
    /// How long the whole batch may take; see `bound::timeout`. Those of its statements do not count.
    batch& timeout(std::chrono::milliseconds limit) noexcept
    {
        timeout_ = limit;
        return *this;
    }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }
    /// Drops all statements; memory is kept.
    void clear() noexcept;
    /// Statement `i`, from 0, in the order in which they will run; it must be there. Equal texts that were added
    /// one after the other are the same piece of memory.
    [[nodiscard]] statement_view operator[](std::size_t i) const noexcept;

    /// Whether a statement has parameters whose types are known by name alone (`as_type`).
    [[nodiscard]] bool names_types() const noexcept { return !places_.empty(); }
    /// What makes it impossible to send the batch, if anything: the failure of statement `failed_part()`.
    [[nodiscard]] std::error_code error() const noexcept { return error_; }
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    [[nodiscard]] std::size_t failed_part() const noexcept { return failed_part_; }

private:
    /// Where a statement's pieces lie.
    struct piece {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
    };
    struct part {
        piece text, declared, values, formats;
        std::uint32_t parameters = 0;
        std::uint32_t places = 0; // in places_, from 1; 0 for none
        bool text_results = false;
    };

    /// `repeated`: the text is that of the statement before.
    void append(const statement_view& statement, bool repeated);
    /// A statement whose parameters are `values_of_one_`.
    void append(std::string_view text);
    [[nodiscard]] bool repeats(std::string_view text) const noexcept;
    void fail(std::error_code ec, const diagnostics& why);

    std::vector<part> parts_;
    detail::small_vector<char, 64> texts_;
    detail::small_vector<oid, 8> declared_;
    detail::small_vector<std::byte, 64> values_;
    detail::small_vector<format, 8> formats_;
    std::vector<detail::type_places> places_;
    params values_of_one_; // scratch
    std::error_code error_;
    diagnostics diag_;
    std::size_t failed_part_ = 0;
    std::chrono::milliseconds timeout_{-1};
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
