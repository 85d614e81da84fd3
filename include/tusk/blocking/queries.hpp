// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/batch.hpp>
#include <tusk/blocking/copy.hpp>
#include <tusk/blocking/cursor.hpp>
#include <tusk/blocking/large_object.hpp>
#include <tusk/blocking/row_stream.hpp>
#include <tusk/bound.hpp>
#include <tusk/detail/waiting.hpp>
#include <tusk/queries.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace tusk::blocking {

/// The operations of `tusk::queries` without `async_`: each waits for its end. What they do, and with which errors, stands
/// there.
///
/// Each throws `tusk::error`, and gives the plain value; or, with a `std::error_code` behind its arguments, sets that and
/// gives what the asynchronous operation completes with, which has `diag()`.
///
/// Time limits: `bound::timeout` and `batch::timeout`, or else that of the connection.
/// \code
/// auto n = db.query_one<std::int64_t>("select count(*) from users");
/// std::error_code ec;
/// tusk::command done = db.execute("drop table users", ec);
/// if (ec) std::cerr << done.diag().message() << '\n';
/// \endcode
template <class Derived>
class queries {
public:
    template <int = 0, detail::error_target... Ec> // the int keeps query<T> away from this one
    auto query(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().async_query(std::move(statement), token);
    }
    template <class T, detail::error_target... Ec>
    auto query(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().template async_query<T>(std::move(statement), token);
    }
    template <class T, detail::error_target... Ec>
    auto query_one(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().template async_query_one<T>(std::move(statement), token);
    }
    template <class T, detail::error_target... Ec>
    auto query_optional(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().template async_query_optional<T>(std::move(statement), token);
    }
    template <class T = row, class Visit, detail::error_target... Ec>
    auto for_each(bound statement, Visit visit, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().template async_for_each<T>(std::move(statement), std::move(visit), token);
    }
    template <detail::error_target... Ec>
    auto execute(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().async_execute(std::move(statement), token);
    }
    template <detail::error_target... Ec>
    auto script(std::string text, Ec&... ec)
    {
        return async().async_script(std::move(text), wait(ec...));
    }
    template <detail::error_target... Ec>
    auto prepare(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return async().async_prepare(std::move(statement), token);
    }
    template <detail::error_target... Ec>
    auto run(batch parts, Ec&... ec)
    {
        const auto token = wait(parts.timeout(), ec...);
        return async().async_run(std::move(parts), token);
    }
    template <class Range, detail::error_target... Ec>
    auto execute_many(std::string text, Range&& items, bulk how = bulk::atomic, Ec&... ec)
    {
        return async().async_execute_many(std::move(text), std::forward<Range>(items), how, wait(ec...));
    }
    /// A range of rows: see `blocking::row_stream`.
    template <class T = row, detail::error_target... Ec>
    row_stream<T> stream(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return {loop(), async().template async_stream<T>(std::move(statement), token)};
    }
    template <class T = row, detail::error_target... Ec>
    blocking::cursor<T> cursor(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return {loop(), async().template async_cursor<T>(std::move(statement), token)};
    }
    template <class T = void, detail::error_target... Ec>
    blocking::copy_in<T> copy_in(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return {loop(), async().template async_copy_in<T>(std::move(statement), token)};
    }
    template <class T = void, detail::error_target... Ec>
    blocking::copy_out<T> copy_out(bound statement, Ec&... ec)
    {
        const auto token = wait(statement.timeout(), ec...);
        return {loop(), async().template async_copy_out<T>(std::move(statement), token)};
    }
    template <detail::error_target... Ec>
    auto ping(Ec&... ec)
    {
        return async().async_ping(wait(ec...));
    }

    template <detail::error_target... Ec>
    large_object open_large_object(oid id, open_mode mode = open_mode::read, Ec&... ec)
    {
        return opened(async().async_open_large_object(id, mode, wait(ec...)), ec...);
    }
    template <detail::error_target... Ec>
    large_object create_large_object(oid id = oid::none, Ec&... ec)
    {
        return opened(async().async_create_large_object(id, wait(ec...)), ec...);
    }
    template <detail::error_target... Ec>
    auto import_large_object(std::string path, oid id = oid::none, Ec&... ec)
    {
        return async().async_import_large_object(std::move(path), id, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto export_large_object(oid id, std::string path, Ec&... ec)
    {
        return async().async_export_large_object(id, std::move(path), wait(ec...));
    }
    template <detail::error_target... Ec>
    auto unlink_large_object(oid id, Ec&... ec)
    {
        return async().async_unlink_large_object(id, wait(ec...));
    }

    /// The completion token of all that: it makes any other operation of this connection, and of what hangs on it, block.
    /// \code
    /// tusk::row_stream<user> users = db.async().async_stream<user>("select id, name from users", db.wait());
    /// std::optional<user> first = users.async_next(db.wait());
    /// \endcode
    template <detail::error_target... Ec>
    [[nodiscard]] auto wait(Ec&... ec)
    {
        return wait(std::chrono::milliseconds(-1), ec...);
    }

protected:
    queries() = default;
    ~queries() = default;

    /// `own`: the limit that the request has itself; negative: none.
    template <detail::error_target... Ec>
    requires(sizeof...(Ec) < 2) [[nodiscard]] auto wait(std::chrono::milliseconds own, Ec&... ec)
    {
        const detail::own_loop::how how{own.count() < 0 ? loop()->limit : std::chrono::milliseconds(0)};
        return detail::waiting<sizeof...(Ec) == 0>{loop().get(), how, &ec...};
    }

private:
    [[nodiscard]] large_object opened(tusk::large_object&& lo) { return {loop(), std::move(lo)}; }
    [[nodiscard]] large_object opened(opened_large_object&& lo, const std::error_code& ec)
    {
        return ec ? large_object(lo.diag()) : large_object(loop(), std::move(lo.value()));
    }
    [[nodiscard]] auto& async() { return static_cast<Derived&>(*this).async(); }
    [[nodiscard]] const std::shared_ptr<detail::own_loop>& loop()
    {
        return static_cast<Derived&>(*this).loop_;
    }
};

} // namespace tusk::blocking
