// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/batch.hpp>
#include <tusk/bound.hpp>
#include <tusk/bulk.hpp>
#include <tusk/command.hpp>
#include <tusk/copy_in.hpp>
#include <tusk/copy_out.hpp>
#include <tusk/cursor.hpp>
#include <tusk/detail/bulk_flow.hpp>
#include <tusk/detail/care_sinks.hpp>
#include <tusk/detail/large_object_files.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/detail/sinks.hpp>
#include <tusk/detail/typed_sinks.hpp>
#include <tusk/large_object.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/row_stream.hpp>
#include <tusk/rows.hpp>
#include <tusk/script_result.hpp>
#include <tusk/sql.hpp>
#include <tusk/statement.hpp>
#include <tusk/throwing.hpp>

#include <concepts>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// The operations that ask the server something: declared once, for everything that can be asked.
///
/// **Completion.** Every operation completes with `void(std::error_code, Value)`. The value has `diag()`,
/// which tells all that is known about a failure. With the default token, `co_await` gives the plain value
/// and throws `tusk::error`. The handler runs exactly once, through its associated executor, never from
/// within the call.
///
/// **Errors.** An SQLSTATE (`ec == tusk::sqlstate::unique_violation`) when the server refuses; `tusk::errc`
/// when the client does: errc::not_connected, errc::connection_lost, errc::protocol_violation,
/// errc::nul_in_text, errc::too_many_parameters, errc::request_too_large, errc::stale_statement,
/// errc::unexpected_copy, and those of the parameters. Only where `diag().safe_to_retry()` holds has no byte
/// of the request left the client. After an error the connection is usable, unless the error says that it is
/// gone.
///
/// **Cancellation.** All types of cancellation do the same, gently. A request that was not handed to the
/// socket is taken out of the queue and completes with `asio::error::operation_aborted`; the server never
/// sees it. One that was sent completes with the same error at once, its answer is read and dropped, and the
/// connection stays usable. Where nobody waits for anything else on the wire the server is asked to end it, and what is
/// asked meanwhile waits for that. A time limit (`bound::timeout`) does the same, with errc::timed_out.
///
/// **Concurrency.** Any number of requests may be outstanding; they are sent in the order of the calls,
/// without waiting for answers, and each is its own implicit transaction: one that fails harms no other. A
/// request whose cached statement turned out to be stale is sent once more by itself, behind those that were
/// sent meanwhile. A COPY or a script holds back what follows until it is answered.
///
/// **Lifetimes.** Operations own what they need: text and arguments may die as soon as the call returns, also
/// with lazy tokens.
template <class Derived>
class queries {
public:
    /// Runs a statement whose rows have any shape.
    ///
    /// Completion: `void(std::error_code, tusk::result)`; the rows with their columns, or none for a
    /// statement without.
    /// \code
    /// tusk::result r = co_await db.async_query(tusk::sql("select * from users where id = $1", 7));
    /// for (tusk::row row : r) std::cout << row["name"].as<std::string>() << '\n';
    /// \endcode
    template <int = 0, class Token = default_token> // the int keeps async_query<T> away from this one
    auto async_query(bound statement, Token&& token = Token())
    {
        return start<detail::result_sink>(std::forward<Token>(token), std::move(statement));
    }

    /// Runs a statement and reads each row into a T: a struct by the names of its members, a tuple by
    /// position, or a single value.
    ///
    /// Completion: `void(std::error_code, tusk::rows<T>)`.
    /// Errors: also errc::column_mismatch, errc::unexpected_null, errc::invalid_value,
    /// errc::value_not_representable; the message names the column, its SQL type and the C++ type. The
    /// statement has run all the same.
    /// \code
    /// struct user { std::int64_t id; std::string name; std::optional<std::string> email; };
    /// tusk::rows<user> all = co_await db.async_query<user>("select id, name, email from users");
    /// \endcode
    template <class T, class Token = default_token>
    auto async_query(bound statement, Token&& token = Token())
    {
        return start<detail::rows_sink<T>>(std::forward<Token>(token), std::move(statement));
    }

    /// Runs a statement that gives exactly one row.
    ///
    /// Completion: `void(std::error_code, tusk::single<T>)`; with the default token a plain T.
    /// Errors: as `async_query<T>`, and errc::no_rows, errc::too_many_rows.
    /// \code
    /// auto count = co_await db.async_query_one<std::int64_t>("select count(*) from users");
    /// \endcode
    template <class T, class Token = default_token>
    auto async_query_one(bound statement, Token&& token = Token())
    {
        return start<detail::one_sink<T>>(std::forward<Token>(token), std::move(statement));
    }

    /// Runs a statement that gives one row or none.
    ///
    /// Completion: `void(std::error_code, tusk::maybe<T>)`; with the default token a `std::optional<T>`.
    /// Errors: as `async_query<T>`, and errc::too_many_rows.
    /// \code
    /// std::optional<user> ada = co_await db.async_query_optional<user>(
    ///     tusk::sql("select id, name, email from users where name = $1", "Ada"));
    /// \endcode
    template <class T, class Token = default_token>
    auto async_query_optional(bound statement, Token&& token = Token())
    {
        return start<detail::optional_sink<T>>(std::forward<Token>(token), std::move(statement));
    }

    /// Runs a statement and shows each row to a function as it comes, in constant memory: for results that are too
    /// large, or too short-lived, to be kept.
    ///
    /// `visit` is called with a `T&`, read as in `async_query<T>`, or with a `tusk::row` when T is that. Both are
    /// good for the call alone, so that T may look into the received bytes (`std::string_view`); a T that owns is
    /// used again for the next row, and may be moved from. It runs on the connection's executor while answers are
    /// being read, also when the handler belongs to another one. What it may not do is wait: requests behind this
    /// one wait with it.
    ///
    /// Completion: `void(std::error_code, tusk::command)`; when all rows have been shown.
    /// Errors: as `async_query<T>`. A failure may come after rows that were shown. When `visit` throws, no more
    /// rows are shown; the error is that of a `std::system_error`, and errc::visitor_failed for others.
    /// Cancellation: no row is shown afterwards.
    /// Lifetimes: `visit` is moved into the operation.
    /// \code
    /// std::size_t total = 0;
    /// co_await db.async_for_each<std::tuple<int, std::string_view>>(
    ///     "select id, name from users", [&](auto& user) { total += std::get<1>(user).size(); });
    /// \endcode
    template <class T = row, class Visit, class Token = default_token>
    requires std::invocable<Visit&, std::conditional_t<std::is_same_v<T, row>, row, T&>> auto
    async_for_each(bound statement, Visit visit, Token&& token = Token())
    {
        return start<detail::visit_sink<T, Visit>>(std::forward<Token>(token), std::move(statement),
                                                   std::move(visit));
    }

    /// Runs a statement for its effect. Rows that it gives are dropped.
    ///
    /// Completion: `void(std::error_code, tusk::command)`; the command tag and the number of rows affected.
    /// \code
    /// tusk::command done = co_await db.async_execute(tusk::sql("delete from users where id = $1", 7));
    /// if (done.rows_affected() == 0) std::cout << "there was no such user\n";
    /// \endcode
    template <class Token = default_token>
    auto async_execute(bound statement, Token&& token = Token())
    {
        return start<detail::command_sink>(std::forward<Token>(token), std::move(statement));
    }

    /// Runs several statements, separated by semicolons, by the simple query protocol: for migrations and the
    /// like.
    ///
    /// Without BEGIN and COMMIT of its own the script is one implicit transaction. It takes no parameters,
    /// and its results are text.
    ///
    /// Completion: `void(std::error_code, tusk::script_result)`; with the default token a
    /// `std::vector<tusk::result>`. After a failure the value holds the results up to the statement that
    /// failed.
    /// \code
    /// co_await db.async_script("create table a(id int); create index on a(id); insert into a values (1)");
    /// \endcode
    template <class Token = default_token>
    auto async_script(std::string text, Token&& token = Token())
    {
        return start<detail::script_sink>(std::forward<Token>(token), bound(std::string_view(text)));
    }

    /// Lets the server parse a statement and describe its parameters and columns, and keeps it in the
    /// statement cache.
    ///
    /// Queries prepare by themselves: this is for who wants to know the types, to have parameters encoded
    /// for them, or to meet errors early. A `statement` needs no closing.
    ///
    /// Completion: `void(std::error_code, tusk::statement)`.
    /// \code
    /// tusk::statement s = co_await db.async_prepare("insert into users(name) values ($1) returning id");
    /// auto id = co_await db.async_query_one<std::int64_t>(s.bind("Ada"));
    /// \endcode
    template <class Token = default_token>
    auto async_prepare(bound statement, Token&& token = Token())
    {
        return start<detail::prepare_sink>(std::forward<Token>(token), std::move(statement));
    }

    /// Sends several statements together, under one Sync: one round trip, one implicit transaction.
    ///
    /// Completion: `void(std::error_code, tusk::batch_result)`; a part for each statement. The error is that
    /// of the first part that failed; the parts behind it are errc::skipped, what those before it did was
    /// undone. An empty batch completes without asking the server.
    /// \code
    /// tusk::batch b;
    /// for (const user& u : users) b.add(tusk::sql("insert into users(id, name) values ($1, $2)", u.id, u.name));
    /// tusk::batch_result done = co_await db.async_run(std::move(b));
    /// \endcode
    template <class Token = default_token>
    auto async_run(batch parts, Token&& token = Token())
    {
        return start<detail::batch_sink>(std::forward<Token>(token), std::move(parts));
    }

    /// Runs a statement and hands its rows out as they come, in constant memory, with back-pressure: see `row_stream`.
    /// `async_for_each` is the form with a function, which the server's speed drives.
    ///
    /// Completion: `void(std::error_code, tusk::row_stream<T>)`, when the first row is here, or it is known that there
    /// is none.
    /// Errors: as `async_query<T>`. Types of users that nothing is known of yet cannot be looked up meanwhile: where
    /// reading them needs that it is errc::unknown_type, unless async_describe_type was asked before.
    /// Cancellation: as that of a query.
    /// \code
    /// auto users = co_await db.async_stream<user>("select id, name from users");
    /// while (std::optional<user> u = co_await users.async_next()) greet(*u);
    /// \endcode
    template <class T = row, class Token = default_token>
    auto async_stream(bound statement, Token&& token = Token())
    {
        return open<detail::typed_stream<T>, detail::open_stream_op<T>>(std::forward<Token>(token),
                                                                        std::move(statement));
    }

    /// Opens a cursor, inside a transaction: its rows are fetched as many at a time as are asked for, and other requests
    /// of the transaction run in between. See `cursor`.
    ///
    /// Completion: `void(std::error_code, tusk::cursor<T>)`, when the statement is ready to run; no row has been computed
    /// yet.
    /// Errors: errc::not_in_transaction outside of a transaction block; errc::returns_no_rows for a statement without, such
    /// as an INSERT without RETURNING, which then has not run; errc::unexpected_copy; errc::needs_extended_protocol with
    /// statement_mode::simple. A time limit (`bound::timeout`) holds for the opening and for each fetch by itself.
    /// Cancellation: as that of a query; a cursor that was opened all the same is closed.
    /// Concurrency: on a connection, where SQL has begun the block, it waits until all that was requested before is
    /// answered. In a `transaction` it is pipelined like a query.
    /// \code
    /// auto tx = co_await db.async_begin();
    /// auto users = co_await tx.async_cursor<user>("select id, name from users order by id");
    /// for (auto some = co_await users.async_fetch(100); !some.empty(); some = co_await users.async_fetch(100))
    ///     for (const user& u : some) co_await tx.async_execute(tusk::sql("insert into greeted values ($1)", u.id));
    /// co_await tx.async_commit();
    /// \endcode
    template <class T = row, class Token = default_token>
    auto async_cursor(bound statement, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, cursor<T>)>(
            detail::initiate_cursor<T>{static_cast<Derived&>(*this).requests()}, token, std::move(statement));
    }

    /// Begins a COPY FROM STDIN: see `copy_in`. With T it takes rows, and the statement has the form
    /// `copy table (columns) from stdin (format binary)`; the types of the columns are asked for in the same round trip.
    ///
    /// Completion: `void(std::error_code, tusk::copy_in<T>)`, when the server is ready for data.
    /// Errors: errc::wrong_copy for a statement that is no COPY FROM STDIN, or whose format is not binary where there is
    /// a T; errc::column_mismatch when the columns do not fit T.
    /// Cancellation: as that of a query; a COPY that has begun is ended without effect.
    template <class T = void, class Token = default_token>
    auto async_copy_in(bound statement, Token&& token = Token())
    {
        return open<detail::typed_copy_in<T>, detail::open_copy_in_op<T>>(std::forward<Token>(token),
                                                                          std::move(statement));
    }

    /// Begins a COPY TO STDOUT: see `copy_out`. With T it reads rows, and the statement has the form
    /// `copy table (columns) to stdout (format binary)` or `copy (query) to stdout (format binary)`; the types of the
    /// columns are asked for in the same round trip.
    ///
    /// Completion: `void(std::error_code, tusk::copy_out<T>)`, when the server is about to send.
    /// Errors: as those of async_copy_in.
    /// Cancellation: as that of a query.
    template <class T = void, class Token = default_token>
    auto async_copy_out(bound statement, Token&& token = Token())
    {
        return open<detail::typed_copy_out<T>, detail::open_copy_out_op<T>>(std::forward<Token>(token),
                                                                            std::move(statement));
    }

    /// Runs one statement for each item of a range: a tuple or pair whose elements are $1, $2, ..., a struct whose
    /// members are, in their order, or a single value for $1.
    ///
    /// bulk::atomic sends all in one piece, as a batch: one implicit transaction, held in memory as a whole.
    /// bulk::independent keeps 256 items on their way, each a transaction of its own, and asks the range for the next
    /// when one is answered: memory stays small however many there are.
    ///
    /// Completion: `void(std::error_code, tusk::bulk_result)`; how many rows each item affected, and which failed.
    /// Errors: atomic: that of the first item that failed. Independent: none for items that fail, see
    /// `bulk_result::failures()`; what ended the connection, or the exception of the range (errc::visitor_failed).
    /// Cancellation: as that of a query; of independent items those that were answered are done.
    /// Lifetimes: a range given as an lvalue is the caller's, and lives until it completes (atomic: until it is
    /// started); an rvalue is moved into the operation.
    /// \code
    /// std::vector<std::tuple<int, std::string>> users = ...;
    /// auto done = co_await db.async_execute_many("insert into users values ($1, $2)", users, tusk::bulk::independent);
    /// for (const tusk::bulk_failure& f : done.failures()) report(users[f.item], f.diag);
    /// \endcode
    template <class Range, class Token = default_token>
    auto async_execute_many(std::string text, Range&& items, bulk how = bulk::atomic, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, bulk_result)>(
            detail::initiate_many{static_cast<Derived&>(*this).requests()}, token, std::move(text),
            detail::kept_range<Range>(std::forward<Range>(items)), how);
    }

    /// Asks the server for a sign of life: the cheapest round trip there is, a Sync alone. It works in a transaction
    /// block that has failed, too.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    template <class Token = default_token>
    auto async_ping(Token&& token = Token())
    {
        return start<detail::ping_sink>(std::forward<Token>(token));
    }

    /// Opens a large object: see `large_object`.
    ///
    /// Completion: `void(std::error_code, tusk::opened_large_object)`; with the default token a `tusk::large_object`.
    /// Errors: errc::not_in_transaction outside of a transaction, where it would be closed at once; what the server
    /// refuses (sqlstate::undefined_object for one that is not there).
    template <class Token = default_token>
    auto async_open_large_object(oid id, open_mode mode = open_mode::read, Token&& token = Token())
    {
        return open_large_object(std::forward<Token>(token), id, mode, false);
    }

    /// Makes a new large object and opens it for reading and writing, in one round trip. `id`: oid::none for the next
    /// free number.
    ///
    /// Completion: as that of async_open_large_object.
    /// Errors: errc::not_in_transaction, and then nothing was made; sqlstate::unique_violation where the number is taken.
    template <class Token = default_token>
    auto async_create_large_object(oid id = oid::none, Token&& token = Token())
    {
        return open_large_object(std::forward<Token>(token), id, open_mode::read_write, true);
    }

    /// Removes a large object, inside a transaction or outside.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    template <class Token = default_token>
    auto async_unlink_large_object(oid id, Token&& token = Token())
    {
        return start<detail::lo_done_sink>(std::forward<Token>(token),
                                           sql("select pg_catalog.lo_unlink($1)", id));
    }

    /// Makes a large object out of a file of the client's, in constant memory; libpq's lo_import. `id`: as that of
    /// async_create_large_object. The file is read in pieces of 256 KiB on the executor's thread, which waits meanwhile as
    /// for any disk.
    ///
    /// Completion: `void(std::error_code, tusk::single<tusk::oid>)`; with the default token a `tusk::oid`.
    /// Errors: those of async_create_large_object; those of the system when the file cannot be opened or read, and then
    /// there is no large object and the transaction goes on.
    /// Cancellation: as that of a query, and the transaction has probably failed.
    /// Concurrency: one piece is on its way at a time; what is requested meanwhile runs in between.
    /// \code
    /// tusk::oid photo = co_await tx.async_import_large_object("/home/ada/photo.jpg");
    /// \endcode
    template <class Token = default_token>
    auto async_import_large_object(std::string path, oid id = oid::none, Token&& token = Token())
    {
        return transfer<detail::import_op>(std::forward<Token>(token), std::move(path), id);
    }

    /// Writes a large object into a file of the client's, in constant memory; libpq's lo_export. The file is made, or
    /// replaced, once the object is known to be there; after a failure it holds what had been written by then.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: those of async_open_large_object; those of the system when the file cannot be opened or written, and then
    /// the transaction goes on.
    /// Cancellation, concurrency: as those of async_import_large_object.
    template <class Token = default_token>
    auto async_export_large_object(oid id, std::string path, Token&& token = Token())
    {
        return transfer<detail::export_op>(std::forward<Token>(token), std::move(path), id);
    }

protected:
    queries() = default;
    ~queries() = default;

private:
    template <class Token>
    auto open_large_object(Token&& token, oid id, open_mode mode, bool create)
    {
        const detail::submitter_ptr to = static_cast<Derived&>(*this).requests();
        return start<detail::lo_open_sink>(std::forward<Token>(token), to, id, mode, create);
    }

    template <class Op, class Token>
    auto transfer(Token&& token, std::string path, oid id)
    {
        using signature = void(std::error_code, typename Op::value_type);
        return asio::async_initiate<Token, signature>(
            detail::initiate_transfer<Op>{static_cast<Derived&>(*this).requests()}, token, std::move(path),
            id);
    }

    template <class Flow, class Open, class Token>
    auto open(Token&& token, bound&& statement)
    {
        using signature = void(std::error_code, typename Open::value_type);
        return asio::async_initiate<Token, signature>(
            detail::initiate_flow<Flow, Open>{static_cast<Derived&>(*this).requests()}, token,
            std::move(statement));
    }

    template <class Sink, class Token, class... Args>
    auto start(Token&& token, Args&&... args)
    {
        using signature = void(std::error_code, typename Sink::value_type);
        return asio::async_initiate<Token, signature>(
            detail::initiate_request<Sink>{static_cast<Derived&>(*this).requests()}, token,
            std::forward<Args>(args)...);
    }
};

} // namespace tusk
