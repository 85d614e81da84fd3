// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/connect_sinks.hpp>
#include <tusk/detail/listen_sinks.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/notification.hpp>
#include <tusk/options.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// How a `tusk::listener` connects, and how it goes on when that fails.
struct listener_options {
    connection_options connection{}; ///< without a request_timeout, check_timeout is taken for it
    notification_limits limits{};    ///< of what waits to be received, of all channels together
    /// Between attempts: a random time between half of a limit and that limit, which doubles each time.
    std::chrono::milliseconds first_pause{100};
    std::chrono::milliseconds longest_pause{30'000};
    /// So many attempts that fail one after the other end the listener; 0: none do.
    unsigned max_attempts = 0;
    /// What another attempt cannot be expected to change ends the listener: a refused login, a database that is not there,
    /// a certificate that is not trusted. Else it goes on also then. Those of several hosts (errc::all_hosts_failed) never
    /// end it.
    bool end_on_refusal = true;
    /// A connection that was silent for so long is asked for a sign of life; 0: never.
    std::chrono::milliseconds check_interval{60'000};
    std::chrono::milliseconds check_timeout{10'000};
    /// Told each loss of the connection and each attempt that failed, on the executor. It must not throw.
    std::function<void(std::error_code, const diagnostics&)> on_failure{};
};

namespace detail {

class listener_core;

[[nodiscard]] submitter_ptr submitter_of(const std::shared_ptr<listener_core>& core) noexcept;
void start_listener_listen(const std::shared_ptr<listener_core>& core, request& op,
                           std::string channel) noexcept;

struct initiate_listener_listen {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return submitter_of(core)->executor(); }

    template <class Handler>
    void operator()(Handler&& handler, std::string channel)
    {
        using node = operation<event_sink, std::decay_t<Handler>>;
        start_listener_listen(
            core, node::make(submitter_of(core), std::decay_t<Handler>(std::forward<Handler>(handler))),
            std::move(channel));
    }

    std::shared_ptr<listener_core> core;
};

} // namespace detail
} // namespace tusk
