// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/notification_receiver.hpp"

#include <tusk/connection.hpp>
#include <tusk/conninfo.hpp>
#include <tusk/detail/listener_ops.hpp>

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk::detail {

/// How something failed, if it did.
struct listener_failure {
    std::error_code ec;
    diagnostics why;
};

struct listener_session;

/// What a listener handle stands for. While it runs, a coroutine connects, listens and waits (`keep`).
class listener_core final : public notification_receiver {
public:
    listener_core(asio::any_io_executor executor, conninfo where, listener_failure bad_where,
                  listener_options options);
    ~listener_core();

    // submitter
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override { return executor_; }
    [[nodiscard]] std::uint64_t next_id() noexcept override { return ++last_id_; }
    void finish(request& op) noexcept override;

    void listen(request& op, std::string channel);
    void unlisten(std::string_view channel) noexcept;
    void stop() noexcept;
    [[nodiscard]] bool is_listening() const noexcept { return listening_; }

    /// The coroutine is over, or gone with its execution context: then no handler runs.
    void left(const listener_session& s) noexcept;
    void heard(std::int32_t pid, std::string_view channel, std::string_view payload) noexcept;

private:
    struct channel {
        request_queue waiting; // async_listen
        bool listening = false;
        bool known = false; // async_listen has succeeded: it is listened to again
    };

    void cancel_other(std::uint64_t id) noexcept override;
    void fail_waiting(channel& c, std::error_code why, const diagnostics& what) noexcept;
    void settle(const std::vector<std::string>& asked);
    void refuse(const std::vector<std::string>& asked, const listener_failure& why) noexcept;
    void finish_run(const listener_failure& why) noexcept;
    void tell_gap() noexcept;
    [[nodiscard]] bool has_work() const noexcept;
    [[nodiscard]] bool gives_up(const listener_failure& why, unsigned attempts) const noexcept;
    void tell(const listener_failure& why) const;

    static asio::awaitable<void> run(std::unique_ptr<listener_session> session);
    asio::awaitable<listener_failure> keep(listener_session& s);
    asio::awaitable<listener_failure> open(listener_session& s);
    asio::awaitable<listener_failure> attend(listener_session& s);
    asio::awaitable<listener_failure> tell_server(listener_session& s);
    asio::awaitable<void> pause(listener_session& s, unsigned attempt);

    asio::any_io_executor executor_;
    conninfo where_;
    listener_failure bad_where_;
    listener_options options_;
    std::uint64_t last_id_ = 0;
    std::map<std::string, channel, std::less<>> channels_;
    std::optional<diagnostics> gap_;   // due before anything of the new connection: how the last was lost
    std::vector<std::string> leaving_; // channels that the server is to be told UNLISTEN of
    listener_session* session_ = nullptr;
    bool stopped_ = false;
    bool listening_ = false;
};

/// What the coroutine holds: it goes with it, and with the execution context.
struct listener_session {
    explicit listener_session(std::shared_ptr<listener_core> l);
    listener_session(const listener_session&) = delete;
    listener_session& operator=(const listener_session&) = delete;
    ~listener_session();

    /// A new connection, not open yet, in place of the one before.
    void renew(const connection_options& options);
    void close() noexcept;

    std::shared_ptr<listener_core> of;
    asio::steady_timer timer;
    bool heard = false;    // since the timer was set
    listener_failure lost; // how the connection was lost
    std::optional<connection> db;
};

} // namespace tusk::detail
