// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/flow.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/detail/typed_sinks.hpp>
#include <tusk/result.hpp>
#include <tusk/rows.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk::detail {

/// The rows of a stream, between the session and the user. What has come and was not taken is bounded: beyond it
/// nothing more is read.
class stream_flow : public flow {
public:
    using flow::flow;

    // request
    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    [[nodiscard]] bool restart() noexcept final;

    // the operations
    [[nodiscard]] const columns_ptr& cols() const noexcept { return cols_; }
    [[nodiscard]] command done() const { return command(tag_); }
    /// The rows that have come, from the first that was not taken.
    [[nodiscard]] result take_rows();
    /// The next row that has come and was not taken; false when there is none.
    [[nodiscard]] bool peek(std::span<const std::byte>& body)
    {
        if (at_ == chunk_.end() && !begin_chunk()) return false;
        body = (*at_).body();
        return true;
    }
    void step() noexcept { ++at_; }
    /// At most so many rows are left of what peek() looks at before it takes what has come since.
    [[nodiscard]] std::size_t at_hand() const noexcept { return chunk_.size(); }

protected:
    ~stream_flow() = default;

    [[nodiscard]] bool serve(request& op) noexcept final;
    void drop() noexcept final;

private:
    [[nodiscard]] bool begin_chunk();

    result_builder builder_; // what has come
    columns_ptr cols_;
    std::size_t bytes_ = 0;
    bool any_ = false;
    result chunk_; // what is being taken
    result::iterator at_;
    command_tag tag_;
};

/// The same with what reads them.
template <class T>
class typed_stream final : public stream_flow {
public:
    using stream_flow::stream_flow;
    ~typed_stream() = default;

    /// Looks at the columns.
    [[nodiscard]] std::error_code plan(diagnostics& why)
    {
        if constexpr (std::is_same_v<T, tusk::row>) {
            return {};
        } else {
            static const columns no_columns;
            return decoder_.plan(cols() ? *cols() : no_columns, why);
        }
    }

    /// Reads the row that peek() gave.
    [[nodiscard]] bool read(std::span<const std::byte> body, T& out, std::error_code& ec, diagnostics& why)
    {
        return decoder_.decode(*cols(), body, out, ec, why);
    }

private:
    struct nothing {};
    std::conditional_t<std::is_same_v<T, tusk::row>, nothing, row_decoder<T>> decoder_;
};

/// An operation on a stream, with what they have in common.
template <class T>
class stream_op : public flow_op {
public:
    explicit stream_op(std::shared_ptr<typed_stream<T>> from) noexcept
        : from_(std::move(from))
    {
    }

protected:
    ~stream_op() = default;

    /// The end, or what the stream failed with.
    void ended() noexcept
    {
        if (from_->ec) fail(from_->ec, from_->diag);
    }

    /// A failure that is told later.
    void forget() noexcept
    {
        ec = {};
        diag = {};
    }

    std::shared_ptr<typed_stream<T>> from_;
};

/// async_next: one row.
template <class T>
class next_op : public stream_op<T> {
public:
    using value_type = maybe<T>;
    using stream_op<T>::stream_op;

protected:
    ~next_op() = default;

    void prepare() noexcept
    {
        if (this->ec) return;
        try {
            std::span<const std::byte> body;
            if (!this->from_->peek(body)) return this->ended();
            if constexpr (std::is_same_v<T, tusk::row>)
                value_.emplace(*this->from_->cols(), body);
            else if (!this->from_->read(body, value_.emplace(), this->ec, this->diag))
                value_.reset();
        } catch (...) {
            value_.reset();
            this->fail_with_current_exception();
        }
        this->from_->step();
    }
    [[nodiscard]] maybe<T> take()
    {
        if (this->ec) return maybe<T>(std::move(this->diag));
        return maybe<T>(std::move(value_));
    }

private:
    std::optional<T> value_;
};

/// async_next_rows: those that have come.
template <class T>
class next_rows_op : public stream_op<T> {
public:
    using value_type = rows<T>;
    using stream_op<T>::stream_op;

protected:
    ~next_rows_op() = default;

    void prepare() noexcept
    {
        if (this->ec) return;
        bool any = false;
        std::span<const std::byte> body;
        while (next_row(body)) {
            if (!any) make_room();
            if (!read_row(body)) {
                if (any) return this->forget(); // it is met again behind the rows before it
                return this->from_->step();
            }
            this->from_->step();
            any = true;
        }
        if (!any && !this->ec) this->ended();
    }
    [[nodiscard]] rows<T> take()
    {
        if (this->ec) return rows<T>({}, command(command_tag(), std::move(this->diag)));
        return rows<T>(std::move(store_.values), this->from_->done());
    }

private:
    [[nodiscard]] bool next_row(std::span<const std::byte>& body) noexcept
    {
        try {
            return this->from_->peek(body);
        } catch (...) {
            this->fail_with_current_exception();
            return false;
        }
    }
    void make_room() noexcept
    try {
        store_.reserve(this->from_->at_hand());
    } catch (...) {
        // it grows as it has to
    }
    [[nodiscard]] bool read_row(std::span<const std::byte> body) noexcept
    {
        try {
            T* const to = store_.next();
            if (this->from_->read(body, *to, this->ec, this->diag)) {
                store_.added();
                return true;
            }
        } catch (...) {
            this->fail_with_current_exception();
        }
        store_.undo();
        return false;
    }

    vector_store<T> store_;
};

/// The same of any shape.
template <>
class next_rows_op<row> : public stream_op<row> {
public:
    using value_type = result;
    using stream_op<tusk::row>::stream_op;

protected:
    ~next_rows_op() = default;

    void prepare() noexcept
    {
        if (ec) return;
        try {
            value_ = from_->take_rows();
            if (value_.empty()) ended();
        } catch (...) {
            fail_with_current_exception();
        }
    }
    [[nodiscard]] result take()
    {
        if (ec) return result(std::move(diag));
        return std::move(value_);
    }

private:
    result value_;
};

} // namespace tusk::detail
