// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/detail/sinks.hpp>
#include <tusk/detail/submitter.hpp>
#include <tusk/diagnostics.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk::detail {

/// An operation of a handle, such as async_next of a stream: it is never sent, but served by a flow.
class flow_op : public request {
public:
    [[nodiscard]] std::size_t size() const noexcept final { return 0; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final { return {}; }
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept final { return none; }
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return true; }
    void end(std::size_t, std::string_view) noexcept final {}
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~flow_op() = default;
};

/// A request that stays on the wire while the user takes its answers, or gives its data, piece by piece.
///
/// The session sees a request. The handle's operations are submitted to it as to a connection, one at a time; it
/// finishes each when it can. It lives as long as the handle or the session needs it.
class flow : public single_statement, public submitter, public std::enable_shared_from_this<flow> {
public:
    flow(submitter_ptr host, bound&& statement);

    // submitter, for the operations of the handle
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept final { return host_->executor(); }
    [[nodiscard]] std::uint64_t next_id() noexcept final { return host_->next_id(); }
    void submit(request& op) noexcept final;
    void cancel(std::uint64_t op) noexcept final;
    void finish(request& op) noexcept final { host_->finish(op); }
    void advance() noexcept final { host_->advance(); }

    /// The handle is gone: the request is cancelled, unless it is over.
    void abandon() noexcept;

    // request
    void complete() final;
    void destroy() noexcept final;

    /// The request is over; then `ec` and `diag` are the last that there is to say.
    [[nodiscard]] bool is_over() const noexcept { return over_; }
    [[nodiscard]] bool is_abandoned() const noexcept { return abandoned_; }

protected:
    ~flow() = default;

    /// An operation has come. True when it can be finished at once.
    [[nodiscard]] virtual bool serve(request& op) noexcept = 0;
    /// The request is over: last thoughts on `ec` and `diag`.
    virtual void ended() noexcept {}
    /// The user lost interest: forget what is kept for it.
    virtual void drop() noexcept {}
    /// What goes in front of the request.
    virtual void submit_first() {}
    /// The same, when the request is given up.
    virtual void cancel_first() noexcept {}

    /// Finishes the operation that waits, if one does.
    void finish_op() noexcept;
    [[nodiscard]] request* op() const noexcept { return op_; }
    [[nodiscard]] bool is_opening() const noexcept { return opening_; }
    [[nodiscard]] const submitter_ptr& host() const noexcept { return host_; }

private:
    void cancel_now(std::uint64_t op) noexcept;

    submitter_ptr host_;
    std::shared_ptr<flow> self_; // while the session has it
    request* op_ = nullptr;
    bool opening_ = true; // the first operation is the one that opens the handle
    bool started_ = false;
    bool over_ = false;
    bool abandoned_ = false;
};

/// Makes the flow of a handle, and submits the operation that opens it.
template <class Flow, class Open>
struct initiate_flow {
    using executor_type = asio::any_io_executor;

    [[nodiscard]] executor_type get_executor() const noexcept { return to->executor(); }

    template <class Handler, class... Args>
    void operator()(Handler&& handler, bound&& statement, Args&&... args)
    {
        auto made = std::make_shared<Flow>(to, std::move(statement), std::forward<Args>(args)...);
        using node = operation<Open, std::decay_t<Handler>>;
        made->submit(node::make(made, std::decay_t<Handler>(std::forward<Handler>(handler)), made));
    }

    submitter_ptr to;
};

/// The flow of a handle, which is abandoned with it.
template <class Flow>
class flow_handle {
public:
    flow_handle() noexcept = default;
    explicit flow_handle(std::shared_ptr<Flow> f) noexcept
        : flow_(std::move(f))
    {
    }
    flow_handle(flow_handle&&) noexcept = default;
    flow_handle& operator=(flow_handle&& other) noexcept
    {
        if (this == &other) return *this;
        close();
        flow_ = std::move(other.flow_);
        return *this;
    }
    ~flow_handle() { close(); }

    [[nodiscard]] bool is_open() const noexcept { return flow_ && !flow_->is_abandoned(); }
    [[nodiscard]] explicit operator bool() const noexcept { return flow_ != nullptr; }
    [[nodiscard]] const std::shared_ptr<Flow>& get() const noexcept { return flow_; }
    [[nodiscard]] Flow* operator->() const noexcept { return flow_.get(); }
    void close() noexcept
    {
        if (flow_) flow_->abandon();
    }

private:
    std::shared_ptr<Flow> flow_;
};

} // namespace tusk::detail
