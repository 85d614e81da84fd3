// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/copy_in.hpp>
#include <tusk/copy_out.hpp>
#include <tusk/detail/waiting.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <memory>
#include <string>
#include <utility>

namespace tusk::blocking {

/// What the operations of a COPY have in common: they wait on the loop of their connection.
template <class Async>
class copy_operations {
public:
    /// Gives the COPY up, as destroying it does.
    void close() noexcept { on_.async.close(); }
    [[nodiscard]] bool is_open() const noexcept { return on_.async.is_open(); }
    /// The number of columns.
    [[nodiscard]] std::size_t width() const noexcept { return on_.async.width(); }
    [[nodiscard]] bool is_binary() const noexcept { return on_.async.is_binary(); }
    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return on_.async.diag(); }

protected:
    copy_operations() noexcept = default;
    copy_operations(std::shared_ptr<detail::own_loop> loop, Async async) noexcept
        : on_(std::move(loop), std::move(async))
    {
    }
    ~copy_operations() = default;
    copy_operations(copy_operations&&) noexcept = default;
    copy_operations& operator=(copy_operations&&) noexcept = default;

    [[nodiscard]] detail::waiting<true> wait() const
    {
        if (!on_.async.is_open()) throw error(errc::already_ended);
        return {on_.loop.get(), {on_.loop->limit}};
    }

    detail::on_loop<Async> on_;
};

/// `tusk::copy_in` for a blocking connection, with the same operations; they throw.
/// \code
/// auto copy = db.copy_in<user>("copy users (id, name) from stdin (format binary)");
/// copy.write_rows(users);
/// copy.finish();
/// \endcode
template <class T = void>
class copy_in : public copy_operations<tusk::copy_in<T>> {
public:
    copy_in() noexcept = default;
    copy_in(std::shared_ptr<detail::own_loop> loop, tusk::copy_in<T> async) noexcept
        : copy_operations<tusk::copy_in<T>>(std::move(loop), std::move(async))
    {
    }

    /// A `std::span<const std::byte>` or text.
    template <class Data>
    void write(const Data& data)
    {
        this->on_.async.async_write(data, this->wait());
    }
    void write_file(std::string path) { this->on_.async.async_write_file(std::move(path), this->wait()); }
    template <class Range>
    void write_rows(Range&& rows)
    {
        this->on_.async.async_write_rows(std::forward<Range>(rows), this->wait());
    }
    template <class Row>
    void write_row(Row&& row)
    {
        this->on_.async.async_write_row(std::forward<Row>(row), this->wait());
    }
    command finish() { return this->on_.async.async_finish(this->wait()); }
    void abort(std::string reason = "given up by the client")
    {
        this->on_.async.async_abort(std::move(reason), this->wait());
    }
};

/// `tusk::copy_out` for a blocking connection, with the same operations; they throw.
/// \code
/// auto copy = db.copy_out("copy users to stdout (format csv)");
/// for (auto some = copy.read(); !some.empty(); some = copy.read()) keep(some);
/// \endcode
template <class T = void>
class copy_out : public copy_operations<tusk::copy_out<T>> {
public:
    copy_out() noexcept = default;
    copy_out(std::shared_ptr<detail::own_loop> loop, tusk::copy_out<T> async) noexcept
        : copy_operations<tusk::copy_out<T>>(std::move(loop), std::move(async))
    {
    }

    [[nodiscard]] auto read() { return this->on_.async.async_read(this->wait()); }
    command read_to_file(std::string path)
    {
        return this->on_.async.async_read_to_file(std::move(path), this->wait());
    }
    [[nodiscard]] auto read_row() { return this->on_.async.async_read_row(this->wait()); }
    [[nodiscard]] auto read_rows() { return this->on_.async.async_read_rows(this->wait()); }
    template <class Visit>
    command for_each(Visit visit)
    {
        return this->on_.async.async_for_each(std::move(visit), this->wait());
    }
    /// The command tag, "COPY 42", once the end has been seen.
    [[nodiscard]] command done() const { return this->on_.async.done(); }
};

} // namespace tusk::blocking
