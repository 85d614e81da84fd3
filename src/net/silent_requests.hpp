// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/subscriptions.hpp"

#include <tusk/bound.hpp>
#include <tusk/detail/listen_sinks.hpp>
#include <tusk/detail/sinks.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace tusk::detail {

/// The UNLISTEN of a subscription that has gone. Nobody waits for it.
class silent_unlisten final : public unlisten_sink {
public:
    silent_unlisten(std::shared_ptr<connection_core> connection, std::string_view channel)
        : unlisten_sink(std::move(connection), channel)
    {
        timeout = {}; // whoever is behind it has limits of their own
    }
    void complete() override { delete this; }
    void destroy() noexcept override { delete this; }
};

/// Asks the server to which channels it listens.
class listening_check final : public result_sink {
public:
    explicit listening_check(net::subscriptions& of)
        : result_sink(bound("select pg_catalog.pg_listening_channels()"))
        , of_(of)
    {
        unnamed = true;
        timeout = {};
    }
    void complete() override
    {
        const std::unique_ptr<listening_check> self(this);
        if (ec) return of_.checked(nullptr, ec);
        const result channels = take();
        of_.checked(&channels, {});
    }
    void destroy() noexcept override { delete this; }

private:
    net::subscriptions& of_; // of the link whose request this is
};

} // namespace tusk::detail
