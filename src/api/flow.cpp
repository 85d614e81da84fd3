// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/flow.hpp>
#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <new>

namespace tusk::detail {

flow::flow(submitter_ptr host, bound&& statement)
    : single_statement(std::move(statement))
    , host_(std::move(host))
{
    id = host_->next_id();
}

void flow::submit(request& op) noexcept
{
    if (op_) {
        op.fail(errc::operation_pending,
                diagnostics::client("the operation before it has not completed yet", outcome::not_sent));
        return host_->finish(op);
    }
    if (abandoned_) {
        op.fail(errc::already_ended, diagnostics::client("it was closed", outcome::not_sent));
        return host_->finish(op);
    }
    op_ = &op;
    if (started_) {
        if (over_ || serve(op)) finish_op();
        return;
    }
    started_ = true;
    self_ = shared_from_this();
    submit_first();
    host_->submit(*this);
}

void flow::finish_op() noexcept
{
    opening_ = false;
    if (request* const done = std::exchange(op_, nullptr)) host_->finish(*done);
}

void flow::cancel(std::uint64_t op) noexcept
try {
    asio::post(host_->executor(), [self = weak_from_this(), op] {
        if (const auto alive = self.lock()) alive->cancel_now(op);
    });
} catch (const std::bad_alloc&) {
    // the operation goes on
}

/// What waits is given up; the flow goes on, unless there is no handle yet that it could belong to.
void flow::cancel_now(std::uint64_t op) noexcept
{
    if (!op_ || op_->id != op) return;
    op_->fail(asio::error::operation_aborted,
              diagnostics::client("cancelled while it waited", outcome::unknown));
    if (opening_) abandon();
    finish_op();
}

void flow::abandon() noexcept
{
    if (std::exchange(abandoned_, true) || over_) return;
    drop();
    holds_reading = false;
    spares_transaction = kind != request_kind::copy_in; // whose end fails it in any case
    cancel_first();
    host_->cancel(id);
}

void flow::complete()
{
    const auto alive = std::move(self_);
    over_ = true;
    holds_reading = false;
    has_output = false;
    ended();
    end_observation();
    finish_op();
}

void flow::destroy() noexcept
{
    const auto alive = std::move(self_);
    over_ = true;
    if (request* const waits = std::exchange(op_, nullptr)) waits->destroy();
}

} // namespace tusk::detail
