// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/cancel_token.hpp>
#include <tusk/close_event.hpp>
#include <tusk/conninfo.hpp>
#include <tusk/detail/connect_sinks.hpp>
#include <tusk/detail/describe_sink.hpp>
#include <tusk/detail/transaction_run.hpp>
#include <tusk/options.hpp>
#include <tusk/queries.hpp>
#include <tusk/reset_kind.hpp>
#include <tusk/session_info.hpp>
#include <tusk/subscription.hpp>
#include <tusk/tls_info.hpp>
#include <tusk/transaction.hpp>
#include <tusk/type_description.hpp>

#include <asio/any_io_executor.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tusk {

class connection;

namespace detail {
struct listener_session;
/// For a connection whose loop runs only while somebody waits for something.
void read_on_demand(connection& c) noexcept;
} // namespace detail

/// What the session is in the middle of.
enum class transaction_status : char {
    idle = 'I',           ///< no transaction block
    in_transaction = 'T', ///< in a transaction block
    failed = 'E',         ///< in a transaction block that failed: only its end will be accepted
};

/// One session with a PostgreSQL server.
///
/// **Concurrency.** A connection is used from one strand, explicit or implicit: its executor. Give it
/// `asio::make_strand(pool)` on a thread pool. Results and other values may be used anywhere. While the
/// connection is open a read is always posted, so that `io_context::run()` does not return before it is
/// closed or destroyed.
///
/// **Lifetimes.** Destroying the connection ends what is outstanding with `asio::error::operation_aborted`
/// and closes the socket without waiting; `async_close` is the orderly way. A moved-from connection can only
/// be destroyed or assigned to.
/// \code
/// asio::awaitable<void> hello()
/// {
///     auto executor = co_await asio::this_coro::executor;
///     tusk::connection db(executor);
///     co_await db.async_connect("postgresql://ada@localhost/shop");
///     auto now = co_await db.async_query_one<std::string>("select now()::text");
///     co_await db.async_close();
/// }
/// \endcode
class connection : public queries<connection> {
public:
    using executor_type = asio::any_io_executor;

    explicit connection(asio::any_io_executor executor, connection_options options = {});
    /// For an execution context, such as an `asio::io_context`.
    template <class Context>
    requires requires(Context& c) { asio::any_io_executor(c.get_executor()); }
    explicit connection(Context& context, connection_options options = {})
        : connection(asio::any_io_executor(context.get_executor()), options)
    {
    }
    connection(connection&&) noexcept = default;
    connection& operator=(connection&& other) noexcept;
    ~connection();

    [[nodiscard]] executor_type get_executor() const noexcept;

    /// Opens the session: looks up hosts, connects, logs in.
    ///
    /// What `where` leaves open comes from the service file, the environment and the defaults, as with libpq.
    /// Several hosts and addresses are tried in their order.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::invalid_conninfo, errc::unsupported_parameter, errc::already_connected; for a single
    /// address that of the attempt (the socket's, errc::connect_timeout, errc::not_postgresql, the server's
    /// SQLSTATE, those of TLS and of authentication), for several errc::all_hosts_failed with a line each. No message
    /// holds a password.
    /// Cancellation: gives the attempt up at once; the connection may be opened again. A name look-up that has begun
    /// goes on in Asio's own thread, and only the end of the execution context waits for it.
    /// Limits: `connect_timeout` counts for each address, from the first packet to the end of the login.
    /// \code
    /// co_await db.async_connect("host=/var/run/postgresql dbname=shop");
    /// \endcode
    template <class Token = default_token>
    auto async_connect(conninfo where, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_connect{core_}, token, std::move(where));
    }

    /// The same with a connection string. A malformed one is reported by the operation.
    template <class Token = default_token>
    auto async_connect(std::string_view where, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_connect{core_}, token, std::string(where));
    }

    /// Ends the session in good order: what was requested before is answered first, then Terminate is sent
    /// and the socket is closed. Later requests fail with errc::not_connected. Closing what is not open
    /// succeeds.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::timed_out when connection_options::request_timeout runs out before all is answered: then it is closed
    /// at once, and what is outstanding ends with the same. A server that does not end its side costs that time too.
    /// Cancellation: closes at once; what is outstanding ends with `asio::error::operation_aborted`.
    template <class Token = default_token>
    auto async_close(Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(detail::initiate_close{core_},
                                                                               token);
    }

    /// Begins a transaction, and reserves the connection for it: requests made beside it, through the connection,
    /// wait until it is over. It waits itself until what was requested before is answered, an earlier transaction
    /// included.
    ///
    /// It costs no round trip: BEGIN is sent in front of the transaction's first statement, which reports what may be
    /// wrong with it.
    ///
    /// Completion: `void(std::error_code, tusk::begun)`; with the default token a `tusk::transaction`.
    /// Errors: errc::not_connected, errc::already_in_transaction where SQL has begun a transaction block.
    /// Cancellation: while it waits it is taken out of the queue.
    /// \code
    /// tusk::transaction tx = co_await db.async_begin({.isolation = tusk::isolation::serializable});
    /// co_await tx.async_execute(tusk::sql("update accounts set sum = sum - $1 where id = $2", 10, 1));
    /// co_await tx.async_execute(tusk::sql("update accounts set sum = sum + $1 where id = $2", 10, 2));
    /// co_await tx.async_commit();
    /// \endcode
    template <class Token = default_token>
    auto async_begin(transaction_options how = {}, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, begun)>(
            detail::initiate_request<detail::begin_sink>{requests()}, token, core_, how);
    }

    /// Brings the session back to where it was when it was opened, for whoever uses it next. The statements that tusk has
    /// prepared stay (reset_kind::touched).
    ///
    /// reset_kind::touched takes back what statements are known to have left behind: parameters (SET, set_config), LISTEN,
    /// cursors, temporary tables, PREPARE, advisory locks. Where there was nothing it costs no round trip. It knows of
    /// what is seen in command tags and in the statements' text; what functions of the database do inside is not seen,
    /// but for parameters that the server reports. reset_kind::all is DISCARD ALL.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::already_in_transaction inside a transaction: nothing was sent, and the connection is usable.
    /// Concurrency: it waits until all that was requested before is answered, and what follows waits for it.
    /// \code
    /// co_await db.async_reset(); // before it goes back to the others
    /// \endcode
    template <class Token = default_token>
    auto async_reset(reset_kind how = reset_kind::touched, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_request<detail::reset_sink>{requests()}, token, how);
    }

    /// Runs a coroutine in a transaction: begins, calls `body` with a `tusk::transaction&`, commits. When the server
    /// gives the transaction up since it came into another's way (sqlstate::serialization_failure,
    /// sqlstate::deadlock_detected), all of that is done again, after a pause, up to `repeat.attempts` times. So `body`
    /// must do nothing but what the transaction undoes.
    ///
    /// Completion: the coroutine that `body` gives, an `asio::awaitable<T>`; what that returns is the result.
    /// Errors: whatever `body` throws rolls back and is thrown, as are the failures of BEGIN and COMMIT. Never repeated
    /// is errc::in_doubt, nor any failure that `body` has swallowed.
    /// Cancellation: as that of the coroutine in which it is awaited; the transaction is rolled back.
    /// Concurrency: as async_begin. Between two attempts the connection is not reserved.
    /// Lifetimes: the connection must outlive the coroutine and stay where it is.
    /// \code
    /// int left = co_await db.async_transaction(
    ///     {.isolation = tusk::isolation::serializable}, [](tusk::transaction& tx) -> asio::awaitable<int> {
    ///         co_return co_await tx.async_query_one<int>("update stock set n = n - 1 returning n");
    ///     });
    /// \endcode
    template <class Body>
    requires std::invocable<Body&, transaction&>
    auto async_transaction(transaction_options how, Body body, repetition repeat = {})
    {
        return detail::run_transaction(*this, how, std::move(body), repeat);
    }

    /// The same with callbacks: `body` is called with a `tusk::transaction&`, which stays where it is, and a
    /// `tusk::transaction_done`, which it calls when it has done its work.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: what `body` has given to `done`, or thrown (a `std::system_error` keeps its code, all else is
    /// errc::visitor_failed); those of BEGIN and COMMIT.
    /// Cancellation: the operations of `body` are its own and are not interrupted; when it is over the transaction is
    /// rolled back, and it completes with `asio::error::operation_aborted`. While it begins or pauses it ends at once;
    /// while it commits, as async_commit.
    /// Lifetimes: the connection may be moved or destroyed; what is under way then fails.
    /// \code
    /// db.async_transaction(
    ///     {}, [](tusk::transaction& tx, tusk::transaction_done done) { tx.async_execute("delete from t", done); },
    ///     {}, [](std::error_code ec, tusk::diagnostics why) { ... });
    /// \endcode
    template <class Body, class Token = default_token>
    requires std::invocable<Body&, transaction&, transaction_done>
    auto async_transaction(transaction_options how, Body body, repetition repeat = {},
                           Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_transaction{core_, how, repeat}, token, std::move(body));
    }

    /// Listens to a channel. The name is taken as it is, with whatever characters; SQL folds `listen Jobs` to "jobs".
    ///
    /// LISTEN is sent unless the server is known to have it from an earlier subscription of the channel, or is just being
    /// asked for another, whose answer then counts for both. What is notified once it has completed is received. `how`
    /// bounds what may wait to be received.
    ///
    /// Completion: `void(std::error_code, tusk::subscription)`; with the default token a `tusk::subscription`.
    /// Errors: errc::invalid_channel for a name that is empty, has more than 63 bytes, a NUL or bad UTF-8: nothing is
    /// sent then; errc::already_in_transaction inside a transaction block that SQL has begun, whose rollback would make the
    /// server forget it; errc::not_connected; what a statement fails with, on a standby for one.
    /// Cancellation: as that of a query; the server is told UNLISTEN.
    /// Concurrency: as that of a query; behind a `tusk::transaction` that reserves the connection it waits.
    /// \code
    /// tusk::subscription jobs = co_await db.async_listen("jobs", {.messages = 100'000});
    /// \endcode
    template <class Token = default_token>
    auto async_listen(std::string_view channel, notification_limits how = {}, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, subscription)>(
            detail::initiate_listen{core_}, token, std::string(channel), how);
    }

    /// The same with the usual limits.
    template <class Token>
    requires(!std::is_convertible_v<Token, notification_limits>) auto async_listen(std::string_view channel,
                                                                                   Token&& token)
    {
        return async_listen(channel, notification_limits{}, std::forward<Token>(token));
    }

    /// What cancels, from any thread, all that is outstanding on this connection.
    [[nodiscard]] cancel_token get_cancel_token() const noexcept { return cancel_token(core_); }

    /// Describes a type: its name and schema, what it is, and what it is made of.
    ///
    /// Built-in types are known without asking. Others cost one query per connection, which brings what they are
    /// made of too; what is known by then is answered without one. What later requests read knows it as well:
    /// `field::as<tusk::range<double>>` on a range type of users, for one.
    ///
    /// Completion: `void(std::error_code, tusk::single<tusk::type_ptr>)`; with the default token a
    /// `tusk::type_ptr`, which is not null.
    /// Errors: errc::unknown_type when the server has no such type; what a query fails with.
    /// Cancellation, concurrency: as that of a query; requests behind it do not wait for it.
    /// \code
    /// tusk::type_ptr mood = co_await db.async_describe_type("app.mood");
    /// for (const std::string& label : mood->labels) std::cout << label << '\n';
    /// \endcode
    template <class Token = default_token>
    auto async_describe_type(oid type, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, single<type_ptr>)>(
            detail::initiate_request<detail::describe_sink>{requests()}, token, type);
    }

    /// The same by name, as SQL writes it: with a schema or without, in quotes or not, "mood[]" for arrays; without
    /// modifiers, such as that of "varchar(10)". What it means depends on search_path; a name that means nothing
    /// there may be that of a type of an extension, if it is the only one.
    template <class Token = default_token>
    auto async_describe_type(std::string_view name, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, single<type_ptr>)>(
            detail::initiate_request<detail::describe_sink>{requests()}, token, std::string(name));
    }

    [[nodiscard]] bool is_open() const noexcept;

    /// A parameter that the server reports (ParameterStatus), such as "server_version" or "TimeZone"; empty
    /// when it does not report it. The view lives until the next handler of this connection runs.
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
    /// All of them.
    [[nodiscard]] std::map<std::string, std::string, std::less<>> parameters() const;
    /// As of the last answer that has been read.
    [[nodiscard]] enum transaction_status transaction_status() const noexcept;
    /// The server process, as pg_backend_pid() gives it; 0 when unknown.
    [[nodiscard]] std::int32_t process_id() const noexcept;
    /// The protocol version, for example 0x00030000 for 3.0.
    [[nodiscard]] std::uint32_t protocol_version() const noexcept;
    /// How the client proved who it is: "trust" (also where the server went by the unix user or the client's
    /// certificate), "password", "md5", "scram-sha-256", "oauth", or "scram-sha-256-plus" where the login is bound to
    /// the server's certificate.
    [[nodiscard]] std::string_view authentication_method() const noexcept;
    /// All of that, and the address that was connected; what is in it is empty before the first session.
    [[nodiscard]] session_info session() const;
    /// How the connection is encrypted: protocol, cipher, the server's certificate.
    [[nodiscard]] tls_info tls() const;
    /// Since the session was opened.
    [[nodiscard]] connection_statistics statistics() const noexcept;

    /// Calls `f` for each notice (warnings and the like), on the connection's executor, while answers are
    /// being read. It must not throw. It stays set when the connection is opened again; an empty function
    /// drops notices.
    void on_notice(std::function<void(const diagnostics&)> f);
    /// The same for each ParameterStatus behind the login: a parameter that `parameters()` holds has changed.
    void on_parameter(std::function<void(std::string_view name, std::string_view value)> f);
    /// The same for NOTIFY: the sender's process, channel and payload; of every channel, whether there is a subscription
    /// or SQL listens.
    void on_notification(std::function<void(std::int32_t, std::string_view, std::string_view)> f);

    /// Shows all messages from now on to `sink`, in the form of libpq's PQtrace: see `wire_trace`, also for what is in it.
    /// It is called on the connection's executor while they are sent and received; one that throws ends the trace. It
    /// stays set when the connection is opened again, and then begins with the login.
    /// \code
    /// db.trace(std::clog, tusk::trace_flags::suppress_timestamps);
    /// auto n = co_await db.async_query_one<int>("select 1"); // F  23  Parse  "tusk_..." "select 1" 0 ...
    /// db.untrace();
    /// \endcode
    void trace(trace_sink sink, trace_flags flags = trace_flags::none);
    /// The same into a stream, which lives until untrace() or the end of the connection.
    void trace(std::ostream& to, trace_flags flags = trace_flags::none);
    /// Ends the trace.
    void untrace();

private:
    friend class queries<connection>;
    friend struct detail::listener_session;
    friend void detail::read_on_demand(connection& c) noexcept;
    [[nodiscard]] detail::submitter_ptr requests() const;

    std::shared_ptr<detail::connection_core> core_;
};

} // namespace tusk
