// Distributed under the Boost Software License, Version 1.0.
#include "net/dial.hpp"

#include "net/cancel.hpp"
#include "net/tls_setup.hpp"
#include "net/try_address.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tusk::net {

namespace {

/// All that was tried in vain, one line each.
class failures {
public:
    void add(const std::string& place, std::error_code ec, const diagnostics& diag)
    {
        std::string line =
            place + ": " + (ec.category() == client_category() ? ec.message() + ": " : std::string());
        line += diag.message().empty() ? ec.message() : std::string(diag.message());
        lines_.push_back(std::move(line));
        last_ec_ = ec;
        last_diag_ = diag;
    }

    [[nodiscard]] dial_result result(const std::vector<std::string>& warnings) const
    {
        if (lines_.size() == 1) {
            std::string text = lines_.front();
            for (const auto& w : warnings) text += "\n" + w;
            return {{},
                    last_ec_,
                    last_diag_.severity().empty() ? diagnostics::client(std::move(text), outcome::not_sent)
                                                  : last_diag_};
        }
        std::string text = "no host could be used:";
        for (const auto& line : lines_) text += "\n  " + line;
        for (const auto& w : warnings) text += "\n" + w;
        return {{}, errc::all_hosts_failed, diagnostics::client(std::move(text), outcome::not_sent)};
    }

private:
    std::vector<std::string> lines_;
    std::error_code last_ec_;
    diagnostics last_diag_;
};

[[nodiscard]] dial_result cancelled()
{
    return {{},
            asio::error::operation_aborted,
            diagnostics::client("connecting was cancelled", outcome::not_sent)};
}

/// One async_connect. A member that gives a result ends the walk with it; else the next host is due.
class walker {
public:
    walker(const conn::settings& where, const connection_options& options)
        : options_(options)
        , where_(where)
        , tls_(where.tls, options.tls)
        , steps_(options.on_connect_event)
        , random_(std::random_device{}())
    {
    }

    asio::awaitable<dial_result> run()
    {
        std::vector<conn::host_target> hosts = where_.hosts;
        if (where_.load_balance_random) std::ranges::shuffle(hosts, random_);
        std::optional<dial_result> end = co_await pass(hosts, where_.target);
        if (!end && where_.target == conn::session_kind::prefer_standby) {
            failed_ =
                {}; // each host is tried again, and then says what is wrong with it beside being no standby
            end = co_await pass(hosts, conn::session_kind::any);
        }
        co_return end ? std::move(*end) : failed_.result(where_.warnings);
    }

private:
    using step = enum connect_event::step;
    using ending = std::optional<dial_result>;

    asio::awaitable<ending> pass(const std::vector<conn::host_target>& hosts, conn::session_kind wanted)
    {
        const walk w{where_, options_, tls_, steps_, wanted};
        for (const conn::host_target& host : hosts) {
            steps_.at_host(host.display());
            std::error_code ec;
            std::vector<endpoint> addresses = co_await look_up(host, ec);
            if (ec == asio::error::operation_aborted) co_return cancelled();
            if (addresses.empty()) {
                fail(host.display(), ec, diagnostics::client("the address cannot be found: " + ec.message()));
                continue;
            }
            const bool racing = options_.connection_attempt_delay.count() > 0 && addresses.size() > 1 &&
                                !where_.load_balance_random;
            ending end;
            if (racing)
                end = co_await all_beside(w, host, std::move(addresses));
            else
                end = co_await one_by_one(w, host, std::move(addresses));
            if (end) co_return end;
        }
        co_return std::nullopt;
    }

    asio::awaitable<std::vector<endpoint>> look_up(const conn::host_target& host, std::error_code& ec)
    {
        const bool by_name = is_looked_up(host);
        if (by_name) steps_.tell(step::looking_up);
        std::vector<endpoint> found = co_await addresses_of(host, where_.connect_timeout, ec);
        if (where_.load_balance_random)
            std::ranges::shuffle(found, random_);
        else if (options_.connection_attempt_delay.count() > 0 && !found.empty())
            found = interleaved(found);
        std::string all;
        for (const endpoint& e : found) all += (all.empty() ? "" : ", ") + spell_numeric(host, e);
        if (by_name && !found.empty()) steps_.tell(step::looked_up, all);
        co_return found;
    }

    asio::awaitable<ending> one_by_one(const walk& w, const conn::host_target& host,
                                       std::vector<endpoint> addresses)
    {
        for (const endpoint& address : addresses) {
            ending end = co_await log_in_at(w, host, address, std::nullopt);
            if (end) co_return end;
        }
        co_return std::nullopt;
    }

    /// Races until one of them lets the client in: whose login fails is left out of the next race.
    asio::awaitable<ending> all_beside(const walk& w, const conn::host_target& host,
                                       std::vector<endpoint> addresses)
    {
        while (!addresses.empty()) {
            steps_.at_address({});
            steps_.tell(step::connecting);
            race_result r = co_await race(where_, options_, addresses);
            std::vector<endpoint> left;
            for (std::size_t i = 0; i != addresses.size(); ++i)
                if (const auto lost = std::ranges::find(r.failed, i, &race_result::loss::index);
                    lost != r.failed.end()) {
                    steps_.at_address(spell_numeric(host, addresses[i]));
                    fail(spell(host, addresses[i]), lost->ec, {});
                } else if (!r.socket || i != r.winner) {
                    left.push_back(addresses[i]);
                }
            if (!r.socket) break;
            steps_.at_address(spell_numeric(host, addresses[r.winner]));
            steps_.tell(step::connected);
            ending end = co_await log_in_at(w, host, addresses[r.winner], std::move(r.socket));
            if (end) co_return end;
            addresses = std::move(left);
        }
        co_return std::nullopt;
    }

    asio::awaitable<ending> log_in_at(const walk& w, const conn::host_target& host, const endpoint& address,
                                      std::optional<connected_socket> connected)
    {
        steps_.at_address(spell_numeric(host, address));
        attempt a = co_await try_address(w, host, address, std::move(connected));
        if (a.open) {
            a.open->cancel = cancel_route_of(where_, host, address, options_, *a.open);
            steps_.tell(step::ready, a.open->server.parameter("server_version"));
            co_return dial_result{std::move(a.open), {}, {}};
        }
        if (a.ec == asio::error::operation_aborted) // also at the last address, which is not to blame
            co_return cancelled();
        if (a.final) failed_ = {};
        fail(spell(host, address), a.ec, a.diag);
        if (a.final) co_return failed_.result(where_.warnings);
        co_return std::nullopt;
    }

    void fail(const std::string& place, std::error_code ec, const diagnostics& diag)
    {
        failed_.add(place, ec, diag);
        steps_.tell(step::failed, diag.message().empty() ? ec.message() : std::string(diag.message()), ec);
    }

    const connection_options& options_;
    const conn::settings& where_;
    tls_setup tls_;
    connect_steps steps_;
    std::minstd_rand random_;
    failures failed_;
};

} // namespace

asio::awaitable<dial_result> dial(conn::settings where, connection_options options)
{
    walker w(where, options);
    dial_result result = co_await w.run();
    co_return result;
}

} // namespace tusk::net
