// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/connect_sinks.hpp>
#include <tusk/detail/flow.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/notification.hpp>
#include <tusk/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk::detail {

class notification_receiver;
class subscription_core;

/// async_receive: it waits until it is given something.
class receive_op : public flow_op {
public:
    using value_type = single<notification>;

    void give(notification&& n) noexcept { value_ = std::move(n); }

protected:
    ~receive_op() = default;
    [[nodiscard]] single<notification> take() noexcept
    {
        return single<notification>(std::move(value_), std::move(diag));
    }

private:
    notification value_;
};

/// A statement without an answer worth keeping.
class channel_statement_sink : public request {
public:
    explicit channel_statement_sink(std::string text)
        : text_(std::move(text))
    {
        unnamed = true; // each channel has its own
    }

    [[nodiscard]] std::size_t size() const noexcept final { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final
    {
        statement_view whole;
        whole.sql = text_;
        return whole;
    }
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept final { return none; }
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return false; }
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~channel_statement_sink() = default;

private:
    std::string text_;
};

/// UNLISTEN.
class unlisten_sink : public channel_statement_sink {
public:
    using value_type = diagnostics;

    unlisten_sink(std::shared_ptr<connection_core> connection, std::string_view channel);
    void end(std::size_t part, std::string_view tag) noexcept final;

protected:
    ~unlisten_sink() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }

private:
    std::shared_ptr<connection_core> connection_;
};

[[nodiscard]] submitter_ptr submitter_of(const std::shared_ptr<subscription_core>& core) noexcept;
[[nodiscard]] std::shared_ptr<subscription_core>
make_subscription(std::shared_ptr<connection_core> connection, std::string_view channel,
                  notification_limits limits);
void start_listen(const std::shared_ptr<subscription_core>& core, request& op) noexcept;
void start_unlisten(const std::shared_ptr<subscription_core>& core, request& op) noexcept;
[[nodiscard]] std::shared_ptr<connection_core> connection_of(const subscription_core& core) noexcept;
[[nodiscard]] std::string_view channel_of(const subscription_core& core) noexcept;

struct initiate_unlisten {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return submitter_of(core)->executor(); }

    template <class Handler>
    void operator()(Handler&& handler)
    {
        const std::shared_ptr<connection_core> connection = connection_of(*core);
        using node = operation<unlisten_sink, std::decay_t<Handler>>;
        start_unlisten(core, node::make(submitter_of(connection),
                                        std::decay_t<Handler>(std::forward<Handler>(handler)), connection,
                                        channel_of(*core)));
    }

    std::shared_ptr<subscription_core> core;
};

} // namespace tusk::detail
