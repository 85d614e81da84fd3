// Distributed under the Boost Software License, Version 1.0.
#include "net/transport.hpp"

#include <sys/socket.h>

namespace tusk::net {

std::size_t transport::write_some_encrypted(std::span<const std::byte> from, std::error_code& ec)
{
    secure_->write(from, ec);
    if (ec) return 0;
    for (auto bytes = secure_->outgoing(); !bytes.empty(); bytes = secure_->outgoing()) {
        secure_->sent(socket_.write_some(asio::buffer(bytes.data(), bytes.size()), ec));
        if (ec) return 0; // would_block too: what is encrypted waits, and none of it counts as taken yet
    }
    return secure_->take_written();
}

/// Sends what goes at once, also on a socket that would block.
void transport::say_goodbye() noexcept
{
    if (!socket_.is_open() || !secure_->say_goodbye()) return;
    const auto bytes = secure_->outgoing();
    if (!bytes.empty())
        (void)::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

} // namespace tusk::net
