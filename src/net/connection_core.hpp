// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/dial.hpp"
#include "net/link.hpp"

#include <tusk/conninfo.hpp>
#include <tusk/detail/submitter.hpp>
#include <tusk/options.hpp>

#include <asio/cancellation_signal.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace tusk::detail {

class transaction_core;
class silent_rollback;

/// What a connection handle stands for: at any time not connected, dialling, or linked to a server.
class connection_core final : public submitter, public std::enable_shared_from_this<connection_core> {
public:
    using parameter_hook = std::function<void(std::string_view, std::string_view)>;
    using notification_hook = std::function<void(std::int32_t, std::string_view, std::string_view)>;
    using end_hook = std::function<void(std::error_code, const diagnostics&)>;

    connection_core(asio::any_io_executor executor, connection_options options);

    // submitter
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override { return executor_; }
    [[nodiscard]] std::uint64_t next_id() noexcept override { return ++last_id_; }
    void submit(request& r) noexcept override;
    void cancel(std::uint64_t id) noexcept override;
    void finish(request& r) noexcept override;
    void submit_last(request& r) noexcept override;
    void advance() noexcept override;

    /// Posts the end of all requests. From any thread.
    void cancel_all() noexcept;

    /// For the sessions that are opened from now on: see link.
    void read_on_demand() noexcept { on_demand_ = true; }
    /// Somebody waits for what the server may say by itself.
    void look() noexcept;

    void connect(request& done, const conninfo& where);
    void close(request& done);
    /// The handle is gone.
    void orphan() noexcept;

    /// Completes a request that never reached a link, from the executor.
    void finish_later(request& done, std::error_code ec, diagnostics diag);

    /// Keeps what its requests are cancelled through alive, until the next transaction begins.
    void set_transaction(std::shared_ptr<transaction_core> now) noexcept { transaction_ = std::move(now); }
    /// Ends a transaction that nobody holds any more.
    void end_transaction(std::unique_ptr<silent_rollback> rollback) noexcept;

    void set_notice_hook(std::function<void(const diagnostics&)> f);
    void set_notification_hook(notification_hook f);
    void set_trace(wire_trace to);
    void set_parameter_hook(parameter_hook f);
    /// For the listener: told the end of the session; it must run no handler.
    void set_end_hook(end_hook f);

    /// The session, open or lately lost; null before the first.
    [[nodiscard]] const net::link* link() const noexcept { return link_.get(); }
    /// Those of the session; null when it is not open.
    [[nodiscard]] net::subscriptions* subscriptions() noexcept
    {
        return link_ && link_->is_open() ? &link_->subscriptions() : nullptr;
    }

private:
    void cancel_now();
    [[nodiscard]] std::vector<std::uint64_t> take_cancels();
    void attend(request& r);
    void dialled(request& done, net::dial_result outcome);
    void install_hooks();
    void observe(request& r) noexcept;

    asio::any_io_executor executor_;
    connection_options options_;
    std::uint64_t last_id_ = 0;
    std::mutex cancels_mutex_; // a slot may be used where its handler lives
    std::vector<std::uint64_t> cancels_;
    std::atomic<bool> attention_{false}; // there is something in cancels_, or somebody who observes
    std::shared_ptr<net::link> link_;
    std::shared_ptr<transaction_core> transaction_; // the last that began; it refers to this
    std::uint64_t dialling_ = 0;                    // the id of the async_connect that is under way
    bool orphaned_ = false;
    bool on_demand_ = false;
    asio::cancellation_signal stop_dialling_;
    std::function<void(const diagnostics&)> on_notice_;
    notification_hook on_notification_;
    std::shared_ptr<const std::function<void(const request_event&)>> on_request_; // null for nobody
    parameter_hook on_parameter_;
    end_hook on_end_;
};

} // namespace tusk::detail
