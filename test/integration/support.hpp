// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/version.hpp>
#if ASIO_VERSION >= 102300
#include <asio/as_tuple.hpp>
#else
#include <asio/experimental/as_tuple.hpp>
#endif
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

/// What the integration tests share: the private server that TUSK_TEST_SERVER names, and coroutine test bodies.
namespace tusk_test {

/// The running server, from the env file that test/support/pg_server.sh wrote.
struct server {
    std::string host, host6, port, socket_dir, user, database, password, uri, data, bin;
    std::string tls,
        server_tls; ///< folders of certificates, see certificates.sh: for the client, for the server
    std::string bouncer_port; ///< empty without a PgBouncer
    int version = 0;
};

/// Throws, and so fails the test, when TUSK_TEST_SERVER is not set or not readable.
const server& the_server();

/// How to reach it.
enum class via { tcp, tcp6, unix_socket };

/// A connection string for a user of the server. `extra`: more keywords, as they stand.
std::string where(std::string_view user = "tusk", std::string_view password = {}, via route = via::tcp,
                  std::string_view extra = {});

/// A value as it stands in a keyword/value connection string: 'it\'s'
std::string quote(std::string_view value);

/// "prefix_<process>_<number>": a name for a table or a role that no other test uses, also in another process.
std::string unique_name(std::string_view prefix);

/// An environment variable for as long as this object lives.
class environment_variable {
public:
    environment_variable(std::string name, std::string_view value);
    environment_variable(const environment_variable&) = delete;
    environment_variable& operator=(const environment_variable&) = delete;
    ~environment_variable();

private:
    std::string name_;
    std::optional<std::string> before_;
};

/// A file with this content, readable by its owner alone, for as long as this object lives.
class temporary_file {
public:
    explicit temporary_file(std::string_view content);
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file();
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// Runs a coroutine `asio::awaitable<void>()` on an io_context until nothing is left to do, and rethrows what it threw.
/// What does not end within `limit` is a failure.
template <class Body>
void run_loop(Body body, std::chrono::seconds limit = std::chrono::seconds(240))
{
    asio::io_context io;
    std::exception_ptr failure;
    bool done = false;
    asio::co_spawn(
        io, [&body]() -> asio::awaitable<void> { co_await body(); },
        [&](std::exception_ptr e) {
            failure = e;
            done = true;
        });
    io.run_for(limit);
    if (failure) std::rethrow_exception(failure);
    if (!done) throw std::runtime_error("the test did not end in time");
    if (!io.stopped()) throw std::runtime_error("work was left over after the test");
}

/// The same with an open connection of the superuser: `asio::awaitable<void>(tusk::connection&)`.
template <class Body>
void run_test(Body body, tusk::connection_options options = {})
{
    auto whole = [&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor, options);
        co_await db.async_connect(where());
        co_await body(db);
        co_await db.async_close();
    };
    run_loop(std::ref(whole));
}

/// A token that gives `std::tuple<std::error_code, Value>` instead of throwing:
/// `auto [ec, value] = co_await db.async_query("...", as_tuple);`
#if ASIO_VERSION >= 102300
inline constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
#else
inline constexpr asio::experimental::as_tuple_t<asio::use_awaitable_t<>> as_tuple{};
#endif

/// An answer that is not awaited yet, so that more requests can be made meanwhile:
/// \code
/// reply<tusk::result> a(db), b(db);
/// db.async_query("select 1", a.token());
/// db.async_query("select 2", b.token());
/// co_await a.wait();
/// EXPECT_FALSE(a.ec());
/// \endcode
template <class Value>
class reply {
public:
    explicit reply(tusk::connection& db)
        : reply(db.get_executor())
    {
    }
    explicit reply(const asio::any_io_executor& executor)
        : state_(std::make_shared<state>(executor))
    {
    }

    /// The completion token; to be used once.
    [[nodiscard]] auto token() const
    {
        return [s = state_](std::error_code ec, Value value) {
            ++s->answers;
            s->ec = ec;
            s->value = std::move(value);
            s->event.cancel();
        };
    }

    /// Waits for the answer.
    asio::awaitable<void> wait() const
    {
        const auto s = state_;
        while (s->answers == 0) co_await s->event.async_wait(as_tuple);
    }

    /// How often it was answered: it must end up being one.
    [[nodiscard]] int answers() const noexcept { return state_->answers; }
    [[nodiscard]] std::error_code ec() const noexcept { return state_->ec; }
    [[nodiscard]] const Value& value() const noexcept { return state_->value; }
    [[nodiscard]] const tusk::diagnostics& diag() const noexcept { return state_->value.diag(); }

private:
    struct state {
        explicit state(const asio::any_io_executor& executor)
            : event(executor, asio::steady_timer::time_point::max())
        {
        }
        asio::steady_timer event;
        int answers = 0;
        std::error_code ec;
        Value value;
    };
    std::shared_ptr<state> state_;
};

/// That the connection still answers correctly, as the first check after every failure.
asio::awaitable<void> expect_usable(tusk::connection& db);

/// Throws when `condition` is false: for what makes the rest of a test meaningless (a coroutine takes no ASSERT_).
void require(bool condition, std::string_view what);

/// The rows of a table.
asio::awaitable<std::int64_t> count(tusk::connection& db, std::string table);
asio::awaitable<void> expect_count(tusk::connection& db, std::string table, std::int64_t expected);

asio::awaitable<void> notify(tusk::connection& db, std::string channel, std::string payload);

/// The most memory that this process has had, in kB.
long peak();
/// How much of something a test does: usually little, and as much as this environment variable says for a long run.
int wanted(const char* variable, int usual);

} // namespace tusk_test
