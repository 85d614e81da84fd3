// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/column.hpp>
#include <tusk/command.hpp>
#include <tusk/detail/block.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/row.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

class result;

namespace detail {

/// A run of messages in one block that begins and ends with a DataRow; what lies between the rows is skipped.
struct row_segment {
    block_ptr block; ///< null when the whole result owns the bytes
    const std::byte* begin = nullptr;
    const std::byte* end = nullptr;
    std::size_t first_row = 0;  ///< the number of its first row in the result
    std::size_t first_mark = 0; ///< where its marks begin in row_store::marks

    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(end - begin); }
};

/// The body of the DataRow at `message`.
[[nodiscard]] inline std::span<const std::byte> row_body(const std::byte* message) noexcept
{
    return {message + 5, load_be<std::uint32_t>(std::span<const std::byte, 4>(message + 1, 4)) - 4};
}

/// The rows of a result: the messages as they were received, found by walking them from sparse marks.
struct row_store {
    static constexpr std::size_t rows_per_mark = 16;

    row_segment head;                 ///< the first segment, so that small results need no vector
    std::vector<row_segment> tail;    ///< those after it
    std::vector<std::uint32_t> marks; ///< per segment: offset in it of every 16th row but its first
    std::size_t rows = 0;
    std::size_t bytes = 0; ///< of the DataRow messages

    [[nodiscard]] std::size_t segments() const noexcept { return rows == 0 ? 0 : tail.size() + 1; }
    [[nodiscard]] const row_segment& segment(std::size_t i) const noexcept
    {
        return i == 0 ? head : tail[i - 1];
    }
    [[nodiscard]] row_segment& last() noexcept { return tail.empty() ? head : tail.back(); }

    /// The DataRow after the one at `message`, or null after the last; `in` is its segment's index.
    [[nodiscard]] const std::byte* next(const std::byte* message, std::size_t& in) const noexcept
    {
        const std::byte* end = segment(in).end;
        do {
            const auto body = row_body(message);
            message = body.data() + body.size();
            if (message == end) return ++in < segments() ? segment(in).begin : nullptr;
        } while (static_cast<char>(*message) != 'D');
        return message;
    }

    /// The DataRow of row `i`, which there is; `in` becomes its segment's index.
    [[nodiscard]] const std::byte* find(std::size_t i, std::size_t& in) const noexcept;

    /// Adds the checked body of a DataRow, whose five bytes of type and length lie before it in the block.
    void append(const block_ptr& block, std::span<const std::byte> body);
};

/// What the copies of a result share.
struct result_data {
    columns_ptr cols;
    row_store store;
    command_tag tag;
};

/// Exchanges blocks of which the result uses only a small part for copies of that part, so that it never keeps much
/// more memory alive than it has bytes.
void settle(result_data& result);

/// What the results of a batch share. The first rows of each part are copied together: a batch of many small results
/// takes one piece of memory for them, and holds no block.
class batch_data {
public:
    explicit batch_data(std::size_t parts) { parts_.reserve(parts); }
    batch_data(const batch_data&) = delete;
    batch_data& operator=(const batch_data&) = delete;

    /// A part begins; there are at most as many as were announced.
    void begin(const columns_ptr& cols) { parts_.emplace_back().cols = cols; }
    [[nodiscard]] result_data& current() noexcept { return parts_.back(); }
    /// The checked body of a DataRow of the current part.
    void row(const block_ptr& block, std::span<const std::byte> body);

private:
    std::vector<result_data> parts_; // never moves
    std::vector<block_ptr> copies_;
    std::size_t used_ = 0; // of the last copy
};

/// Builds a result while its rows come in.
class result_builder {
public:
    result_builder() noexcept = default;
    result_builder(const result_builder&) = delete;
    result_builder& operator=(const result_builder&) = delete;

    /// A result with these columns begins; null for a statement without rows.
    void begin(const columns_ptr& cols);
    /// The checked body of a DataRow.
    void row(const block_ptr& block, std::span<const std::byte> body);
    /// The result is complete.
    void end(std::string_view tag);
    /// Forgets everything.
    void reset() noexcept;
    /// The result; empty when it never ended. The builder is then as new.
    [[nodiscard]] result take(diagnostics diag = {});

private:
    std::shared_ptr<result_data> data_;
    bool ended_ = false;
};

} // namespace detail

/// The rows of a statement whose shape is not known when the program is written: columns, and rows of fields.
///
/// Lifetimes: an immutable value, cheap to copy; copies share what they hold, also between threads. Rows,
/// fields and their bytes are views that live as long as any copy.
/// Memory: the rows stay in the form in which they were received, so that neither the number of columns nor
/// that of rows costs an allocation each; about as much is kept alive as was received.
/// \code
/// tusk::result r = co_await db.async_query("select * from pg_stat_activity");
/// for (const tusk::column& c : r.columns()) std::cout << c.name << '\t';
/// for (tusk::row row : r)
///     for (tusk::field f : row) std::cout << (f.is_null() ? "NULL" : f.as<std::string>()) << '\t';
/// \endcode
class result {
public:
    class iterator;
    using const_iterator = iterator;

    /// No rows, no columns.
    result() noexcept = default;
    explicit result(diagnostics diag) noexcept
        : diag_(std::move(diag))
    {
    }
    result(std::shared_ptr<const detail::result_data> data, diagnostics diag) noexcept
        : data_(std::move(data))
        , diag_(std::move(diag))
    {
    }

    /// The number of rows.
    [[nodiscard]] std::size_t size() const noexcept { return data_ ? data_->store.rows : 0; }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// Row `i`, from 0. Finding it takes a bounded number of steps beside a binary search; to go through all
    /// rows, iterate. Throws std::out_of_range.
    [[nodiscard]] row operator[](std::size_t i) const;
    /// The first row. Throws std::out_of_range.
    [[nodiscard]] row front() const { return (*this)[0]; }

    [[nodiscard]] iterator begin() const noexcept;
    [[nodiscard]] iterator end() const noexcept;

    /// False for a statement that gives no rows, like an UPDATE without RETURNING. A `select` without a
    /// column has columns in this sense: none of them.
    [[nodiscard]] bool has_columns() const noexcept { return data_ && data_->cols; }
    [[nodiscard]] const tusk::columns& columns() const noexcept;
    /// The number of the first column with this name, exactly as the server spells it.
    [[nodiscard]] std::optional<std::size_t> column_index(std::string_view name) const noexcept;

    /// The command tag: "SELECT 3", "UPDATE 1", "CREATE TABLE"; empty for an empty statement and after a
    /// failure.
    [[nodiscard]] std::string_view tag() const noexcept
    {
        return data_ ? data_->tag.view() : std::string_view();
    }
    /// The number in the tag: rows selected, inserted, updated, deleted...; 0 where it has none.
    [[nodiscard]] std::uint64_t rows_affected() const noexcept { return data_ ? data_->tag.rows() : 0; }
    /// How many bytes the rows had on the wire.
    [[nodiscard]] std::size_t bytes() const noexcept { return data_ ? data_->store.bytes : 0; }
    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    std::shared_ptr<const detail::result_data> data_;
    diagnostics diag_;
};

/// Walks the rows of a result, which must live meanwhile (or a copy of it). Rows are made on the way, so it
/// is a C++20 forward iterator, and an input iterator for older algorithms.
class result::iterator {
public:
    using value_type = row;
    using reference = row;
    using pointer = void;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;

    iterator() noexcept = default;

    [[nodiscard]] row operator*() const noexcept { return {*data_->cols, detail::row_body(message_)}; }
    iterator& operator++() noexcept
    {
        message_ = data_->store.next(message_, segment_);
        return *this;
    }
    iterator operator++(int) noexcept
    {
        iterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.message_ == b.message_; }

private:
    friend class result;
    iterator(const detail::result_data* data, const std::byte* message) noexcept
        : data_(data)
        , message_(message)
    {
    }

    const detail::result_data* data_ = nullptr;
    const std::byte* message_ = nullptr; // null at the end
    std::size_t segment_ = 0;
};

inline result::iterator result::begin() const noexcept
{
    return data_ ? iterator(data_.get(), data_->store.head.begin) : iterator();
}

inline result::iterator result::end() const noexcept { return {}; }

} // namespace tusk
