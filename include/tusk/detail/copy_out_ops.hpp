// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/copy_flows.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/detail/typed_sinks.hpp>
#include <tusk/rows.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// A piece of the data of a COPY TO STDOUT; empty at the end. It owns its bytes.
class copy_chunk {
public:
    copy_chunk() noexcept = default;
    explicit copy_chunk(detail::copy_buffer bytes) noexcept
        : bytes_(std::move(bytes))
    {
    }
    explicit copy_chunk(diagnostics diag) noexcept
        : diag_(std::move(diag))
    {
    }

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_.bytes(); }
    /// The same as characters.
    [[nodiscard]] std::string_view text() const noexcept
    {
        return {reinterpret_cast<const char*>(bytes_.bytes().data()), bytes_.size()};
    }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    detail::copy_buffer bytes_;
    diagnostics diag_;
};

namespace detail {

/// The same with what reads its rows.
template <class T>
class typed_copy_out final : public copy_out_flow {
public:
    typed_copy_out(submitter_ptr host, bound&& statement)
        : copy_out_flow(std::move(host), std::move(statement), true)
    {
    }
    ~typed_copy_out() = default;

    [[nodiscard]] std::error_code plan(diagnostics& why)
    {
        const std::error_code wrong = check_rows(why);
        return wrong ? wrong : decoder_.plan(cols(), why);
    }
    [[nodiscard]] bool read(std::span<const std::byte> body, T& out, std::error_code& ec, diagnostics& why)
    {
        return decoder_.decode(cols(), body, out, ec, why);
    }

private:
    row_decoder<T> decoder_;
};

template <>
class typed_copy_out<void> final : public copy_out_flow {
public:
    typed_copy_out(submitter_ptr host, bound&& statement)
        : copy_out_flow(std::move(host), std::move(statement), false)
    {
    }
    ~typed_copy_out() = default;
};

/// async_read: the bytes that have come.
class read_bytes_op : public copy_out_op {
public:
    using value_type = copy_chunk;
    using copy_out_op::copy_out_op;
    [[nodiscard]] bool can_end(copy_out_flow& from) noexcept final { return !from.buffer().empty(); }

protected:
    ~read_bytes_op() = default;
    void prepare() noexcept
    {
        if (ec) return;
        if (from_->buffer().empty()) ended();
    }
    [[nodiscard]] copy_chunk take()
    {
        if (ec) return copy_chunk(std::move(diag));
        return copy_chunk(from_->take_bytes());
    }
};

/// async_read_to_file.
class read_to_file_op : public copy_out_op {
public:
    using value_type = command;
    read_to_file_op(std::shared_ptr<copy_out_flow> from, std::string path) noexcept
        : copy_out_op(std::move(from))
        , path_(std::move(path))
    {
    }
    [[nodiscard]] bool can_end(copy_out_flow& from) noexcept final;

protected:
    ~read_to_file_op();
    void prepare() noexcept;
    [[nodiscard]] command take();

private:
    [[nodiscard]] bool write(copy_out_flow& from);

    std::string path_;
    int file_ = -1;
};

/// What operations on rows have in common.
template <class T>
class read_rows_base : public copy_out_op {
public:
    explicit read_rows_base(std::shared_ptr<typed_copy_out<T>> from) noexcept
        : copy_out_op(from)
        , rows_(std::move(from))
    {
    }
    [[nodiscard]] bool can_end(copy_out_flow& from) noexcept override { return from.has_row(); }

protected:
    ~read_rows_base() = default;
    /// A failure that is told later.
    void forget() noexcept
    {
        ec = {};
        diag = {};
    }

    std::shared_ptr<typed_copy_out<T>> rows_;
};

/// async_read_row.
template <class T>
class read_row_op : public read_rows_base<T> {
public:
    using value_type = maybe<T>;
    using read_rows_base<T>::read_rows_base;

protected:
    ~read_row_op() = default;

    void prepare() noexcept
    {
        if (this->ec) return;
        if (!this->rows_->has_row()) return this->ended();
        try {
            if (!this->rows_->read(this->rows_->front_row(), value_.emplace(), this->ec, this->diag))
                value_.reset();
        } catch (...) {
            value_.reset();
            this->fail_with_current_exception();
        }
        this->rows_->pop_row();
    }
    [[nodiscard]] maybe<T> take()
    {
        if (this->ec) return maybe<T>(std::move(this->diag));
        return maybe<T>(std::move(value_));
    }

private:
    std::optional<T> value_;
};

/// async_read_rows: those that have come.
template <class T>
class read_rows_op : public read_rows_base<T> {
public:
    using value_type = rows<T>;
    using read_rows_base<T>::read_rows_base;

protected:
    ~read_rows_op() = default;

    void prepare() noexcept
    {
        if (this->ec) return;
        auto& from = *this->rows_;
        if (!from.has_row()) return this->ended();
        store_.values.reserve(from.waiting_rows());
        for (bool any = false; from.has_row(); any = true) {
            if (!read_row(from.front_row())) {
                if (any) return this->forget(); // it is met again behind the rows before it
                return from.pop_row();
            }
            from.pop_row();
        }
    }
    [[nodiscard]] rows<T> take()
    {
        if (this->ec) return rows<T>({}, command(command_tag(), std::move(this->diag)));
        return rows<T>(std::move(store_.values), this->rows_->done());
    }

private:
    [[nodiscard]] bool read_row(std::span<const std::byte> body) noexcept
    {
        try {
            T* const to = store_.next();
            if (this->rows_->read(body, *to, this->ec, this->diag)) {
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

/// async_for_each: rows are shown from where they were received, or, where a message is not exactly a row, gathered
/// first.
template <class T, class F>
class visit_rows_op : public read_rows_base<T> {
public:
    using value_type = command;
    visit_rows_op(std::shared_ptr<typed_copy_out<T>> from, F&& visit)
        : read_rows_base<T>(std::move(from))
        , visit_(std::move(visit))
    {
    }

    [[nodiscard]] bool can_end(copy_out_flow& from) noexcept final
    {
        while (!this->ec && from.has_row()) {
            (void)show(from.front_row()); // its form was checked when it was found
            from.pop_row();               // a visitor that gave the COPY up has left none
        }
        return static_cast<bool>(this->ec);
    }
    [[nodiscard]] bool take_row(std::span<const std::byte> message) noexcept final
    {
        if (show(message)) [[likely]]
            return true;
        this->forget();
        return false;
    }

protected:
    ~visit_rows_op() = default;

    void prepare() noexcept
    {
        if (this->ec || can_end(*this->rows_)) return;
        this->ended();
    }
    [[nodiscard]] command take()
    {
        if (this->ec) return command(std::string_view(), std::move(this->diag));
        return this->rows_->done();
    }

private:
    /// False when it is no row at all.
    [[nodiscard]] bool show(std::span<const std::byte> body) noexcept
    {
        try {
            if (!this->rows_->read(body, value_, this->ec, this->diag)) [[unlikely]]
                return this->ec != errc::protocol_violation;
            try {
                visit_(value_);
            } catch (...) {
                throw_visitor_failure();
            }
            if (this->rows_->is_abandoned()) [[unlikely]]
                this->fail(errc::already_ended,
                           diagnostics::client("the COPY was closed while its rows were shown"));
        } catch (...) {
            this->fail_with_current_exception();
        }
        return true;
    }

    F visit_;
    T value_{};
};

} // namespace detail
} // namespace tusk
