// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/waiting.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/notification.hpp>
#include <tusk/rows.hpp>
#include <tusk/subscription.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk::blocking {

/// `tusk::subscription` for a blocking connection, with the same operations. What is notified is taken in while any call
/// of the connection waits, and by `try_receive()`.
///
/// **Errors.** As those of `tusk::subscription`. What was moved from, or was never opened, is errc::already_ended.
/// \code
/// tusk::blocking::subscription jobs = db.listen("jobs");
/// while (auto n = jobs.receive(std::chrono::seconds(30))) start_job(n->payload);
/// \endcode
class subscription {
public:
    subscription() noexcept = default;
    subscription(std::shared_ptr<detail::own_loop> loop, tusk::subscription async) noexcept
        : on_(std::move(loop), std::move(async))
    {
    }

    /// The next notification, or word of how many were dropped, however long that takes: the time limit of the connection
    /// is for its requests and does not count here. `interrupt()` ends it, and takes nothing away.
    template <detail::error_target... Ec>
    auto receive(Ec&... ec)
    {
        check();
        return on_.async.async_receive(detail::waiting<sizeof...(Ec) == 0>{on_.loop.get(), {}, &ec...});
    }

    /// The same for at most `limit`: none when nothing has come by then, which is no error. Gives a
    /// `std::optional<tusk::notification>`; with a target for the error a `tusk::maybe<tusk::notification>`. A limit of 0
    /// asks what is here, as `try_receive()`.
    template <detail::error_target... Ec>
    auto receive(std::chrono::milliseconds limit, Ec&... ec)
    {
        std::error_code why;
        maybe<notification> got = receive_for(limit, why);
        if constexpr (sizeof...(Ec) == 0) {
            if (why) throw error(why, got.diag());
            return got.take();
        } else {
            ((ec = why), ...);
            return got;
        }
    }

    /// What is here already, or can be read without waiting; none when there is nothing, or nothing more will come.
    [[nodiscard]] std::optional<notification> try_receive();

    /// Ends it: with the last subscription of the channel UNLISTEN is sent, and its answer waited for. What was received
    /// before can still be taken. Ending what has ended succeeds.
    template <detail::error_target... Ec>
    auto unlisten(Ec&... ec)
    {
        check();
        return on_.async.async_unlisten(
            detail::waiting<sizeof...(Ec) == 0>{on_.loop.get(), {on_.loop->limit}, &ec...});
    }

    /// Ends it without waiting, and drops what was received.
    void close() noexcept { on_.async.close(); }
    /// Whether more may come.
    [[nodiscard]] bool is_open() const noexcept { return on_.async.is_open(); }
    [[nodiscard]] std::string_view channel() const noexcept { return on_.async.channel(); }
    /// Why there is none; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return on_.async.diag(); }

private:
    [[nodiscard]] maybe<notification> receive_for(std::chrono::milliseconds limit, std::error_code& ec);
    void check() const
    {
        if (channel().empty()) throw error(errc::already_ended);
    }

    detail::on_loop<tusk::subscription> on_;
};

} // namespace tusk::blocking
