// Distributed under the Boost Software License, Version 1.0.
#pragma once

// The only file that asks which Asio this is: 1.22.1 (Debian 12) to the newest.

#include <asio/any_io_executor.hpp>
#include <asio/associated_allocator.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/associator.hpp>
#include <asio/async_result.hpp>
#include <asio/dispatch.hpp>
#include <asio/recycling_allocator.hpp>
#include <asio/version.hpp>

#if ASIO_VERSION >= 102300
#include <asio/deferred.hpp>
#else
#include <asio/use_awaitable.hpp>
#endif

namespace tusk::detail {

// Until 1.23 a deferred operation could not be awaited.
#if ASIO_VERSION >= 102300
using awaitable_token = asio::deferred_t;
#else
using awaitable_token = asio::use_awaitable_t<>;
#endif

/// Whether a handler says nothing of an executor, so that it runs on the connection's.
template <class Handler>
inline constexpr bool runs_anywhere = requires
{
    typename asio::associated_executor<Handler,
                                       asio::any_io_executor>::asio_associated_executor_is_unspecialised;
};

} // namespace tusk::detail
