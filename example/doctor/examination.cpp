// Distributed under the Boost Software License, Version 1.0.
#include "examination.hpp"

#include <tusk/connection.hpp>
#include <tusk/error.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace doctor {
namespace {

constexpr int pings = 5;

struct server_row {
    std::string version;
    std::string user;
    std::string database;
    bool standby;
    bool read_only;
};

asio::awaitable<void> ask_server(tusk::connection& db, server_facts& out)
{
    auto row = co_await db.async_query_one<server_row>(
        "select current_setting('server_version') as version, current_user::text as user, "
        "current_database()::text as database, pg_is_in_recovery() as standby, "
        "current_setting('transaction_read_only')::bool as read_only");
    out.version = std::move(row.version);
    out.user = std::move(row.user);
    out.database = std::move(row.database);
    out.standby = row.standby;
    out.read_only = row.read_only;
    out.round_trip = std::chrono::nanoseconds::max();
    for (int i = 0; i != pings; ++i) {
        const auto start = std::chrono::steady_clock::now();
        co_await db.async_execute("select 1");
        out.round_trip =
            std::min<std::chrono::nanoseconds>(out.round_trip, std::chrono::steady_clock::now() - start);
    }
}

asio::awaitable<void> visit(tusk::connection& db, const tusk::conninfo& where, examination& out)
{
    co_await db.async_connect(where);
    out.connected = true;
    out.session = db.session();
    out.tls = db.tls();
    co_await ask_server(db, out.server);
    co_await db.async_close();
}

void fail(examination& out, const tusk::error& e)
{
    out.ec = e.code();
    out.reason = e.what();
}

} // namespace

examination examine(const std::string& connection_string, std::chrono::seconds patience)
{
    examination out;
    try {
        auto where = tusk::conninfo::parse(connection_string);
        for (auto& entry : where.effective().list())
            if (!entry.value.empty()) out.parameters.push_back(std::move(entry));
        if (where.effective().get("connect_timeout").empty())
            where.set("connect_timeout", std::to_string(patience.count()));

        asio::io_context io;
        tusk::connection_options options;
        options.on_connect_event = [&out](const tusk::connect_event& e) { out.steps.push_back(e); };
        tusk::connection db(io, options);
        asio::co_spawn(io, visit(db, where, out), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const tusk::error& e) {
        fail(out, e);
    }
    return out;
}

} // namespace doctor
