// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/batch.hpp>
#include <tusk/bound.hpp>
#include <tusk/command.hpp>
#include <tusk/detail/request.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/error.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/rows.hpp>
#include <tusk/script_result.hpp>
#include <tusk/statement.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tusk::detail {

/// A request of one statement.
class single_statement : public request {
public:
    explicit single_statement(bound&& statement)
        : statement_(std::move(statement))
    {
        names_types = statement_.parameters().places() != nullptr;
        timeout = statement_.timeout();
    }

    [[nodiscard]] std::size_t size() const noexcept final { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept override { return statement_.view(); }
    [[nodiscard]] std::size_t bad_part(std::error_code& why, diagnostics& what) const noexcept override
    {
        why = statement_.error();
        if (!why) return none;
        what = statement_.diag();
        return 0;
    }

protected:
    ~single_statement() = default;

    /// Takes note of the columns. True for the one result that was asked for; with statement_mode::simple there may
    /// be several.
    [[nodiscard]] bool only(std::size_t part, const columns_ptr& cols) noexcept;
    [[nodiscard]] bool fits(std::span<const std::byte> body) const noexcept
    {
        return row_fits(body, columns_ ? columns_->size() : 0);
    }

    bound statement_;
    const columns* columns_ = nullptr; // the session's, while rows come
};

/// Rows of any shape.
class result_sink : public single_statement {
public:
    using value_type = result;
    using single_statement::single_statement;

    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    [[nodiscard]] bool restart() noexcept final;

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
    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept override;
    void end(std::size_t part, std::string_view tag) noexcept final;
    [[nodiscard]] bool restart() noexcept override;

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
    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    [[nodiscard]] bool restart() noexcept final;

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
    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    [[nodiscard]] bool restart() noexcept final;

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

    [[nodiscard]] std::size_t size() const noexcept final { return batch_.size(); }
    [[nodiscard]] statement_view part(std::size_t i) const noexcept final { return batch_[i]; }
    [[nodiscard]] std::size_t bad_part(std::error_code& why, diagnostics& what) const noexcept final;
    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final;
    void end(std::size_t part, std::string_view tag) noexcept final;
    void fail_part(std::size_t part, std::error_code why, const diagnostics& what) noexcept final;
    [[nodiscard]] bool restart() noexcept final;

protected:
    ~batch_sink() = default;
    [[nodiscard]] batch_result take();

private:
    batch batch_;
    std::vector<batch_part> results_;
    std::shared_ptr<batch_data> data_; // of all results, which share it
};

} // namespace tusk::detail
