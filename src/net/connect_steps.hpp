// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/connect_event.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace tusk::net {

/// Tells connection_options::on_connect_event what is done. What that throws ends the connecting.
class connect_steps {
public:
    using step = enum connect_event::step;

    explicit connect_steps(std::function<void(const connect_event&)> tell)
        : tell_(std::move(tell))
    {
    }

    /// From now on it is about this host, or address of the host.
    void at_host(std::string host)
    {
        event_.host = std::move(host);
        event_.address.clear();
    }
    void at_address(std::string address) { event_.address = std::move(address); }

    void tell(step what, std::string_view detail = {}, std::error_code ec = {})
    {
        if (!tell_) return;
        event_.step = what;
        event_.detail = detail;
        event_.ec = ec;
        event_.elapsed = std::chrono::steady_clock::now() - begin_;
        tell_(event_);
    }

private:
    std::function<void(const connect_event&)> tell_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    connect_event event_;
};

} // namespace tusk::net
