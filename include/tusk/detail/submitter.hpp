// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/asio_compat.hpp>
#include <tusk/detail/request.hpp>

#include <cstdint>
#include <memory>

namespace tusk::detail {

/// Where requests go: a connection, or what stands in front of several.
class submitter {
public:
    /// The executor on which requests are submitted, and on which they are completed.
    [[nodiscard]] virtual const asio::any_io_executor& executor() const noexcept = 0;
    /// A number that names a request to `cancel`.
    [[nodiscard]] virtual std::uint64_t next_id() noexcept = 0;
    /// Takes the request over. It is completed exactly once, never from within this call.
    virtual void submit(request& r) noexcept = 0;
    /// Marks the request as unwanted and posts the rest; harmless when it has ended.
    virtual void cancel(std::uint64_t id) noexcept = 0;
    /// Completes a request that was never submitted here, from the executor, never from within this call.
    virtual void finish(request& r) noexcept = 0;
    /// Takes over what the destructor of a handle has to say, and nobody waits for. It is freed where there is nobody to
    /// tell it to.
    virtual void submit_last(request& r) noexcept { r.destroy(); }
    /// A request that is under way has more to send, or may be given more (`has_output`, `holds_reading`).
    virtual void advance() noexcept = 0;

protected:
    ~submitter() = default;
};

using submitter_ptr = std::shared_ptr<submitter>;

} // namespace tusk::detail
