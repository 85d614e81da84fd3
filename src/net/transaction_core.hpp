// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/connection_core.hpp"

#include <tusk/detail/submitter.hpp>
#include <tusk/detail/transaction_sinks.hpp>

#include <cstdint>
#include <memory>

namespace tusk::detail {

/// The rollback of a transaction whose object has gone. Nobody waits for it.
class silent_rollback final : public control_sink {
public:
    silent_rollback()
        : control_sink(control_action::rollback, {})
    {
        timeout = {}; // whoever is behind it has limits of their own
    }
    void complete() override
    {
        end_observation();
        delete this;
    }
    void destroy() noexcept override { delete this; }
};

/// What a transaction handle stands for.
class transaction_core final : public submitter {
public:
    explicit transaction_core(std::shared_ptr<connection_core> connection);

    // submitter: that of the connection, for which the requests are marked
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override;
    [[nodiscard]] std::uint64_t next_id() noexcept override { return connection_->next_id(); }
    void submit(request& r) noexcept override;
    void cancel(std::uint64_t id) noexcept override { connection_->cancel(id); }
    void finish(request& r) noexcept override { connection_->finish(r); }
    void submit_last(request& r) noexcept override;
    void advance() noexcept override { connection_->advance(); }

    /// It has begun, by the request of this id.
    void begin(std::uint64_t id) noexcept { id_ = id; }
    /// The handle is gone: what is left open is rolled back.
    void leave() noexcept;

    [[nodiscard]] connection_core& connection() const noexcept { return *connection_; }

private:
    std::shared_ptr<connection_core> connection_;
    std::uint64_t id_ = 0;
    std::unique_ptr<silent_rollback> rollback_; // made beforehand, so that it cannot fail
};

} // namespace tusk::detail
