// Distributed under the Boost Software License, Version 1.0.
#include "net/transaction_core.hpp"

#include <new>
#include <utility>

namespace tusk::detail {

transaction_core::transaction_core(std::shared_ptr<connection_core> connection)
    : connection_(std::move(connection))
    , rollback_(std::make_unique<silent_rollback>())
{
}

const asio::any_io_executor& transaction_core::executor() const noexcept { return connection_->executor(); }

void transaction_core::submit(request& r) noexcept
{
    r.transaction = id_;
    connection_->submit(r);
}

void transaction_core::submit_last(request& r) noexcept
{
    r.transaction = id_;
    connection_->submit_last(r);
}

void transaction_core::leave() noexcept
{
    if (!rollback_ || id_ == 0) return;
    rollback_->transaction = id_;
    connection_->end_transaction(std::move(rollback_));
}

} // namespace tusk::detail
