// Distributed under the Boost Software License, Version 1.0.
#include "net/notification_receiver.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <new>
#include <utility>

namespace tusk::detail {

notification_receiver::~notification_receiver() { forsake(); }

void notification_receiver::submit(request& r) noexcept
{
    auto& op = static_cast<receive_op&>(r); // nothing else is submitted here
    if (op_) {
        op.fail(errc::operation_pending,
                diagnostics::client("another async_receive has not completed yet", outcome::not_sent));
        return finish(op);
    }
    if (queue_.empty() && !ended_) {
        op_ = &op;
        return look();
    }
    if (!queue_.empty())
        op.give(queue_.pop());
    else
        op.fail(end_, end_diag_);
    finish(op);
}

void notification_receiver::cancel(std::uint64_t id) noexcept
try {
    asio::post(executor(), [self = weak_from_this(), id] {
        if (const auto alive = self.lock()) alive->cancel_now(id);
    });
} catch (const std::bad_alloc&) {
    // the operation goes on
}

void notification_receiver::cancel_now(std::uint64_t id) noexcept
{
    if (!op_ || op_->id != id) return cancel_other(id);
    cancel_receive(asio::error::operation_aborted, {});
}

void notification_receiver::cancel_receive(std::error_code why, const diagnostics& what) noexcept
{
    receive_op* const op = std::exchange(op_, nullptr);
    if (!op) return;
    op->fail(why, what);
    finish(*op);
}

std::optional<notification> notification_receiver::try_receive() noexcept
{
    if (queue_.empty()) {
        look();
        return std::nullopt;
    }
    return queue_.pop();
}

void notification_receiver::take(std::int32_t pid, std::string_view channel,
                                 std::string_view payload) noexcept
{
    queue_.push(pid, channel, payload);
    serve();
}

void notification_receiver::take_gap(const diagnostics& cause) noexcept
{
    queue_.push_gap(cause);
    serve();
}

void notification_receiver::serve() noexcept
{
    if (!op_ || queue_.empty()) return;
    receive_op& op = *std::exchange(op_, nullptr);
    op.give(queue_.pop());
    finish(op);
}

void notification_receiver::end(std::error_code why, const diagnostics& what) noexcept
{
    if (std::exchange(ended_, true)) return;
    end_ = why;
    end_diag_ = what;
    cancel_receive(why, what);
}

void notification_receiver::forsake() noexcept
{
    ended_ = true;
    if (receive_op* const op = std::exchange(op_, nullptr)) op->destroy();
}

} // namespace tusk::detail
