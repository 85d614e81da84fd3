// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bulk.hpp>
#include <tusk/detail/copy_in_ops.hpp>
#include <tusk/detail/flow.hpp>
#include <tusk/detail/reflection.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/detail/sinks.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace tusk::detail {

/// Calls `f` with the members of an item: of a struct or tuple, or the value itself.
template <class T, class F>
decltype(auto) with_values(const T& item, F&& f)
{
    if constexpr (is_tuple<T>)
        return std::apply(f, item);
    else if constexpr (row_struct<T>)
        return with_members<member_count<T>>::call(item, f);
    else
        return f(item);
}

/// All items as one batch.
class atomic_sink : public batch_sink {
public:
    using value_type = bulk_result;
    using batch_sink::batch_sink;

protected:
    ~atomic_sink() = default;
    [[nodiscard]] bulk_result take();
};

class bulk_flow;

/// One of the items that are on their way; used again for the next when it is answered.
class bulk_item final : public single_statement {
public:
    explicit bulk_item(bulk_flow& of)
        : single_statement(bound(std::string_view()))
        , of_(of)
    {
    }
    ~bulk_item() = default;

    void begin(std::size_t part, const columns_ptr& cols) noexcept override { (void)only(part, cols); }
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte> body) noexcept override
    {
        return fits(body);
    }
    void end(std::size_t part, std::string_view tag) noexcept override
    {
        if (part == 0) rows_ = affected_rows(tag);
    }
    [[nodiscard]] bool restart() noexcept override { return true; }
    void complete() override;
    void destroy() noexcept override;

    /// Makes it item `number`.
    void become(bound&& statement, std::size_t number);
    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

private:
    bulk_flow& of_;
    std::size_t number_ = 0;
    std::uint64_t rows_ = 0;
};

/// Independent items: so many are on their way at one time, and each that is answered makes room for the next.
class bulk_flow : public submitter, public std::enable_shared_from_this<bulk_flow> {
public:
    /// Items on their way at one time.
    static constexpr std::size_t width = 256;

    explicit bulk_flow(submitter_ptr host) noexcept
        : host_(std::move(host))
    {
    }

    [[nodiscard]] const asio::any_io_executor& executor() const noexcept final { return host_->executor(); }
    [[nodiscard]] std::uint64_t next_id() noexcept final { return host_->next_id(); }
    void submit(request& op) noexcept final;
    void cancel(std::uint64_t op) noexcept final;
    void finish(request& op) noexcept final { host_->finish(op); }
    void advance() noexcept final {}

    void answered(bulk_item& item) noexcept;
    void forsaken() noexcept;
    [[nodiscard]] bulk_result take(diagnostics diag)
    {
        return {std::move(rows_), std::move(failures_), std::move(diag)};
    }

protected:
    ~bulk_flow() = default;
    /// The next item; none when there are no more. Throws what making it throws.
    [[nodiscard]] virtual std::optional<bound> next() = 0;

private:
    void start(bulk_item& item) noexcept;
    void stop(std::error_code why, diagnostics what) noexcept;
    void finish_if_done() noexcept;
    void cancel_now(std::uint64_t op) noexcept;

    submitter_ptr host_;
    std::shared_ptr<bulk_flow> self_; // while items are on their way
    request* op_ = nullptr;
    std::vector<std::unique_ptr<bulk_item>> items_;
    std::size_t started_ = 0;
    std::size_t on_way_ = 0;
    bool stopped_ = false;
    std::vector<std::uint64_t> rows_;
    std::vector<bulk_failure> failures_;
};

template <class Range>
class typed_bulk final : public bulk_flow {
public:
    typed_bulk(submitter_ptr host, std::string&& text, kept_range<Range>&& items)
        : bulk_flow(std::move(host))
        , text_(std::move(text))
        , items_(std::move(items))
    {
    }
    ~typed_bulk() = default;

protected:
    [[nodiscard]] std::optional<bound> next() override
    {
        if (!at_) at_.emplace(std::begin(items_.get()));
        auto& at = *at_;
        if (at == std::end(items_.get())) return {};
        std::optional<bound> made(std::in_place, std::string_view(text_));
        const auto add = [&](const auto&... v) { (made->parameters().add(v), ...); };
        with_values(*at, add);
        ++at;
        return made;
    }

private:
    std::string text_;
    kept_range<Range> items_;
    std::optional<decltype(std::begin(std::declval<std::remove_reference_t<Range>&>()))> at_;
};

/// What the whole completes with.
class bulk_op : public flow_op {
public:
    using value_type = bulk_result;
    explicit bulk_op(std::shared_ptr<bulk_flow> of) noexcept
        : of_(std::move(of))
    {
    }

protected:
    ~bulk_op() = default;
    [[nodiscard]] bulk_result take() { return of_->take(std::move(diag)); }

private:
    std::shared_ptr<bulk_flow> of_;
};

struct initiate_many {
    using executor_type = asio::any_io_executor;

    [[nodiscard]] executor_type get_executor() const noexcept { return to->executor(); }

    template <class Handler, class Range>
    void operator()(Handler&& handler, std::string&& text, kept_range<Range>&& items, bulk how)
    {
        using plain = std::decay_t<Handler>;
        if (how == bulk::independent) {
            auto made = std::make_shared<typed_bulk<Range>>(to, std::move(text), std::move(items));
            using node = operation<bulk_op, plain>;
            return made->submit(node::make(made, plain(std::forward<Handler>(handler)), made));
        }
        batch all;
        for (const auto& item : items.get()) {
            const auto add = [&](const auto&... v) { all.add(std::string_view(text), v...); };
            with_values(item, add);
        }
        using node = operation<atomic_sink, plain>;
        to->submit(node::make(to, plain(std::forward<Handler>(handler)), std::move(all)));
    }

    submitter_ptr to;
};

} // namespace tusk::detail
