// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/integer.hpp>
#include <tusk/detail/large_object_sinks.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>
#include <tusk/sql.hpp>
#include <tusk/throwing.hpp>

#include <asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

namespace tusk {

/// What a large object is opened for; the values are the server's.
enum class open_mode : std::int32_t {
    write = 0x20000,
    read = 0x40000, ///< what it was when the transaction's snapshot was taken
    read_write = 0x60000,
};

/// Where `large_object::async_seek` counts from; the values are the server's.
enum class seek_from : std::int32_t { begin = 0, current = 1, end = 2 };

/// An open large object: up to 4 TB, read and written in pieces at a position, what async_open_large_object gives. It has
/// the shape of Asio's AsyncReadStream and AsyncWriteStream, so that asio::async_read and asio::async_write take it.
///
/// **Transactions.** It is open until the end of the transaction in which it was opened, at most. What fails on the
/// server fails the transaction too.
///
/// **Concurrency.** Each operation is a request of the transaction. They are pipelined, in their order, so that several
/// may be under way: but a read or write of fewer bytes than were given moves those behind it.
///
/// **Cancellation.** As that of a query; the position is unknown afterwards, and where it was sent the transaction has
/// probably failed.
///
/// **Lifetimes.** Buffers are the caller's: those of a read live until it completes, those of a write are copied at once.
/// An object that goes out of scope stays open on the server until the transaction's end. One that was moved from, or
/// that was never opened, can only be destroyed or assigned to. Used on the connection's executor.
/// \code
/// auto tx = co_await db.async_begin();
/// auto photo = co_await tx.async_open_large_object(id);
/// std::vector<std::byte> head(512);
/// std::size_t n = co_await photo.async_read_some(std::span(head));
/// \endcode
class large_object {
public:
    using executor_type = asio::any_io_executor;

    large_object() noexcept = default;
    large_object(detail::submitter_ptr to, oid id, std::int32_t descriptor) noexcept
        : to_(std::move(to))
        , id_(id)
        , descriptor_(descriptor)
    {
    }

    [[nodiscard]] executor_type get_executor() const noexcept { return to_->executor(); }
    /// The number by which it is found again.
    [[nodiscard]] oid id() const noexcept { return id_; }

    /// Reads from the position on, which moves, into the first buffer that is not empty: at most 1 MiB, and at most what
    /// is there. `buffer`: a buffer sequence of Asio's, or a `std::span<std::byte>`.
    ///
    /// Completion: `void(std::error_code, tusk::single<std::size_t>)`, which converts to std::size_t; the number of bytes.
    /// Errors: asio::error::eof at the end.
    template <class Buffers, class Token = default_token>
    auto async_read_some(const Buffers& buffer, Token&& token = Token())
    {
        return start<detail::lo_read_sink>(std::forward<Token>(token), descriptor_,
                                           detail::first_buffer<std::byte>(buffer));
    }

    /// Writes at the position, which moves: at most 1 MiB of the first buffer that is not empty. Behind the end, what
    /// lies between becomes zeros.
    ///
    /// Completion: `void(std::error_code, tusk::single<std::size_t>)`, which converts to std::size_t; the number of bytes.
    template <class Buffers, class Token = default_token>
    auto async_write_some(const Buffers& buffer, Token&& token = Token())
    {
        return start<detail::lo_write_sink>(std::forward<Token>(token), descriptor_,
                                            detail::first_buffer<const std::byte>(buffer));
    }

    /// Moves the position, also behind the end.
    ///
    /// Completion: `void(std::error_code, tusk::single<std::int64_t>)`; the new position from the beginning, which behind
    /// `async_seek(0, seek_from::end)` is the size in bytes.
    template <class Token = default_token>
    auto async_seek(std::int64_t offset, seek_from from = seek_from::begin, Token&& token = Token())
    {
        return start<detail::one_sink<std::int64_t>>(
            std::forward<Token>(token), sql("select pg_catalog.lo_lseek64($1, $2, $3)", descriptor_, offset,
                                            static_cast<std::int32_t>(from)));
    }

    /// The position, in bytes from the beginning.
    ///
    /// Completion: `void(std::error_code, tusk::single<std::int64_t>)`.
    template <class Token = default_token>
    auto async_tell(Token&& token = Token())
    {
        return start<detail::one_sink<std::int64_t>>(std::forward<Token>(token),
                                                     sql("select pg_catalog.lo_tell64($1)", descriptor_));
    }

    /// Cuts it to this many bytes, or fills it up with zeros. The position stays.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    template <class Token = default_token>
    auto async_truncate(std::int64_t size, Token&& token = Token())
    {
        return start<detail::lo_done_sink>(std::forward<Token>(token),
                                           sql("select pg_catalog.lo_truncate64($1, $2)", descriptor_, size));
    }

    /// Closes it before the transaction ends. Operations that follow fail.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    template <class Token = default_token>
    auto async_close(Token&& token = Token())
    {
        return start<detail::lo_done_sink>(std::forward<Token>(token),
                                           sql("select pg_catalog.lo_close($1)", descriptor_));
    }

private:
    template <class Sink, class Token, class... Args>
    auto start(Token&& token, Args&&... args)
    {
        using signature = void(std::error_code, typename Sink::value_type);
        return asio::async_initiate<Token, signature>(detail::initiate_request<Sink>{to_}, token,
                                                      std::forward<Args>(args)...);
    }

    detail::submitter_ptr to_;
    oid id_ = oid::none;
    std::int32_t descriptor_ = -1;
};

/// What opening a large object completes with: it, or why there is none.
class opened_large_object {
public:
    opened_large_object() noexcept = default;
    explicit opened_large_object(diagnostics why) noexcept
        : diag_(std::move(why))
    {
    }
    explicit opened_large_object(large_object value) noexcept
        : value_(std::move(value))
    {
    }

    [[nodiscard]] large_object& value() noexcept { return value_; }
    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    /// What the default token gives.
    [[nodiscard]] large_object unwrap() && noexcept { return std::move(value_); }

private:
    large_object value_;
    diagnostics diag_;
};

namespace detail {

/// lo_open, and lo_create in front of it in the same round trip.
class lo_open_sink : public one_sink<std::tuple<oid, std::int32_t>> {
public:
    using value_type = opened_large_object;

    lo_open_sink(submitter_ptr to, oid id, open_mode mode, bool create)
        : one_sink(sql(
              create ? "select id, pg_catalog.lo_open(id, $2) from (select pg_catalog.lo_create($1) as id "
                       "offset 0) as created"
                     : "select $1::oid, pg_catalog.lo_open($1, $2)",
              id, static_cast<std::int32_t>(mode)))
        , to_(std::move(to))
    {
        step = transaction_step::inside;
    }

protected:
    ~lo_open_sink() = default;
    [[nodiscard]] opened_large_object take()
    {
        if (ec) return opened_large_object(std::move(diag));
        const auto [id, descriptor] = *store_.value;
        return opened_large_object(large_object(std::move(to_), id, descriptor));
    }

private:
    submitter_ptr to_;
};

} // namespace detail
} // namespace tusk
