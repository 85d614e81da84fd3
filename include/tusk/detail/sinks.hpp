// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/batch.hpp>
#include <tusk/command.hpp>
#include <tusk/detail/request.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/error.hpp>
#include <tusk/result.hpp>
#include <tusk/rows.hpp>
#include <tusk/script_result.hpp>
#include <tusk/statement.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace tusk::detail {

/// A request of one statement.
class single_statement : public request {
public:
    explicit single_statement(bound&& statement)
        : statement_(std::move(statement))
    {
    }

    [[nodiscard]] std::span<const bound> parts() const noexcept final { return {&statement_, 1}; }

protected:
    ~single_statement() = default;

    /// True for the one result that was asked for; with statement_mode::simple there may be several.
    [[nodiscard]] bool only(std::size_t part) noexcept;
    bound statement_;
};

/// Rows of any shape.
class result_sink : public single_statement {
public:
    using value_type = result;
    using single_statement::single_statement;

    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    void row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    void restart() noexcept final;

protected:
    ~result_sink() = default;
    [[nodiscard]] result take();

private:
    result_builder builder_;
};

/// No rows: what they were is dropped.
class command_sink : public single_statement {
public:
    using value_type = command;
    using single_statement::single_statement;

    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    void row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    void restart() noexcept final;

protected:
    ~command_sink() = default;
    [[nodiscard]] command take();

private:
    command_tag tag_;
};

/// Parse and Describe.
class prepare_sink : public single_statement {
public:
    using value_type = statement;
    explicit prepare_sink(bound&& text);

    void describe(std::span<const oid> parameters, const columns_ptr& cols) noexcept final;
    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    void row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    void restart() noexcept final;

protected:
    ~prepare_sink() = default;
    [[nodiscard]] statement take();

private:
    std::shared_ptr<const statement_data> data_;
};

/// Several statements by the simple protocol.
class script_sink : public single_statement {
public:
    using value_type = script_result;
    explicit script_sink(bound&& text);

    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    void row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    void restart() noexcept final;

protected:
    ~script_sink() = default;
    [[nodiscard]] script_result take();

private:
    result_builder builder_;
    std::vector<result> results_;
};

/// Several statements under one Sync.
class batch_sink : public request {
public:
    using value_type = batch_result;
    explicit batch_sink(batch&& parts);

    [[nodiscard]] std::span<const bound> parts() const noexcept final { return batch_.parts(); }
    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    void row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    void fail_part(std::size_t part, std::error_code why, const diagnostics& what) noexcept final;
    void restart() noexcept final;

protected:
    ~batch_sink() = default;
    [[nodiscard]] batch_result take();

private:
    batch batch_;
    std::vector<batch_part> results_;
    result_builder builder_;
};

/// Reads rows into objects as they come, straight from the received bytes. `Store` says where they go:
/// `T* next()` gives the object for
/// the next row, null when there may be none; `complete()` whether there were enough.
template <class T, class Store>
class typed_sink : public single_statement {
public:
    using single_statement::single_statement;

    void begin(std::size_t part, const columns_ptr& cols) noexcept final
    {
        if (!only(part)) return;
        try {
            static const columns no_columns;
            columns_ = cols;
            diagnostics why;
            if (const std::error_code wrong = decoder_.plan(cols ? *cols : no_columns, why))
                fail(wrong, std::move(why));
        } catch (...) {
            fail_with_current_exception();
        }
    }

    void row(const block_ptr&, std::span<const std::byte> body) noexcept final
    {
        if (ec) return;
        try {
            T* to = store_.next();
            if (!to)
                return fail(errc::too_many_rows, diagnostics::client("the query gave more than one row"));
            diagnostics why;
            if (const std::error_code wrong = decoder_.decode(*columns_, body, *to, why))
                fail(wrong, std::move(why));
        } catch (...) {
            fail_with_current_exception();
        }
    }

    void end(std::size_t part, std::string_view tag) noexcept final
    {
        if (part != 0) return;
        tag_ = command_tag(tag);
        if (!store_.complete()) fail(errc::no_rows, diagnostics::client("the query gave no row"));
    }

    void restart() noexcept final
    {
        store_ = Store();
        tag_ = command_tag();
        columns_ = nullptr;
    }

protected:
    ~typed_sink() = default;

    Store store_;
    columns_ptr columns_;
    command_tag tag_;

private:
    row_decoder<T> decoder_;
};

/// The rows of a typed query.
template <class T>
struct vector_store {
    std::vector<T> values;
    [[nodiscard]] T* next() { return &values.emplace_back(); }
    [[nodiscard]] bool complete() const noexcept { return true; }
};

/// std::vector<bool> has no objects to point to: each value waits here until the next one or the end.
template <>
struct vector_store<bool> {
    std::vector<bool> values;
    std::optional<bool> latest;
    [[nodiscard]] bool* next()
    {
        if (latest) values.push_back(*latest);
        return &latest.emplace();
    }
    [[nodiscard]] bool complete()
    {
        if (latest) values.push_back(*latest);
        latest.reset();
        return true;
    }
};

/// At most one row; exactly one when it is `required`.
template <class T, bool required>
struct single_store {
    std::optional<T> value;
    [[nodiscard]] T* next() { return value ? nullptr : &value.emplace(); }
    [[nodiscard]] bool complete() const noexcept { return value || !required; }
};

template <class T>
class rows_sink : public typed_sink<T, vector_store<T>> {
public:
    using value_type = rows<T>;
    using typed_sink<T, vector_store<T>>::typed_sink;

protected:
    ~rows_sink() = default;
    [[nodiscard]] rows<T> take()
    {
        if (this->ec) return rows<T>({}, command(command_tag(), std::move(this->diag)));
        return rows<T>(std::move(this->store_.values), command(this->tag_, std::move(this->diag)));
    }
};

template <class T>
class one_sink : public typed_sink<T, single_store<T, true>> {
public:
    using value_type = single<T>;
    using typed_sink<T, single_store<T, true>>::typed_sink;

protected:
    ~one_sink() = default;
    [[nodiscard]] single<T> take()
    {
        if (this->ec) return single<T>(std::move(this->diag));
        return single<T>(std::move(*this->store_.value));
    }
};

template <class T>
class optional_sink : public typed_sink<T, single_store<T, false>> {
public:
    using value_type = maybe<T>;
    using typed_sink<T, single_store<T, false>>::typed_sink;

protected:
    ~optional_sink() = default;
    [[nodiscard]] maybe<T> take()
    {
        if (this->ec) return maybe<T>(std::move(this->diag));
        return maybe<T>(std::move(this->store_.value));
    }
};

} // namespace tusk::detail
