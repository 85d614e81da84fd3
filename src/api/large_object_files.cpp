// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/large_object_files.hpp>

#include "conninfo/descriptor.hpp"
#include "net/request_owner.hpp"

#include <tusk/error.hpp>
#include <tusk/large_object.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk::detail {

namespace {

/// What is in memory of a file, and once more in the request that carries it.
constexpr std::size_t file_piece = std::size_t{256} * 1024;

/// A file of the client's, and what the system says about it.
class client_file {
public:
    client_file(const std::string& path, int flags)
        : path_(path)
        , fd_(open(path, flags))
    {
        if (fd_.get() < 0) fail(flags == O_RDONLY ? "opened" : "written");
    }

    /// Fills `to` unless the file ends before.
    [[nodiscard]] std::size_t read(std::span<std::byte> to)
    {
        std::size_t n = 0;
        while (n < to.size()) {
            const ::ssize_t some = ::read(fd_.get(), to.data() + n, to.size() - n);
            if (some == 0) break;
            if (some > 0)
                n += static_cast<std::size_t>(some);
            else if (errno != EINTR)
                fail("read");
        }
        return n;
    }

    void write(std::span<const std::byte> from)
    {
        while (!from.empty()) {
            const ::ssize_t some = ::write(fd_.get(), from.data(), from.size());
            if (some >= 0)
                from = from.subspan(static_cast<std::size_t>(some));
            else if (errno != EINTR)
                fail("written");
        }
    }

    /// Some file systems tell only now that there was no room.
    void close()
    {
        if (::close(fd_.release()) != 0) fail("written");
    }

private:
    [[nodiscard]] static int open(const std::string& path, int flags)
    {
        if (path.find('\0') != path.npos)
            throw error(errc::nul_in_text, diagnostics::client("the name of a file holds a NUL byte"));
        constexpr ::mode_t mode = 0666; // less what umask says
        return ::open(path.c_str(), flags | O_CLOEXEC, mode);
    }

    [[noreturn]] void fail(const char* what) const
    {
        const std::error_code why(errno, std::generic_category());
        throw error(
            why, diagnostics::client("the file \"" + path_ + "\" cannot be " + what + ": " + why.message()));
    }

    const std::string& path_;
    conn::descriptor fd_;
};

/// What a function that touches the file throws.
template <class Function>
[[nodiscard]] std::exception_ptr attempt(const Function& f)
{
    try {
        f();
        return nullptr;
    } catch (const error&) {
        return std::current_exception();
    }
}

/// What carries out one operation, as a coroutine.
class transfer : public submitter, public std::enable_shared_from_this<transfer> {
public:
    transfer(submitter_ptr to, std::string path, oid id) noexcept
        : to_(std::move(to))
        , path_(std::move(path))
        , id_(id)
    {
    }

    [[nodiscard]] const asio::any_io_executor& executor() const noexcept final { return to_->executor(); }
    [[nodiscard]] std::uint64_t next_id() noexcept final { return to_->next_id(); }
    void submit(request& op) noexcept final
    try {
        asio::co_spawn(executor(), run(op),
                       asio::bind_cancellation_slot(
                           stop_.slot(),
                           [self = shared_from_this(), owner = request_owner(&op)](
                               const std::exception_ptr& why) mutable { self->end(*owner.release(), why); }));
    } catch (const std::bad_alloc&) {
        std::terminate(); // not even the failure can be reported
    }
    void cancel(std::uint64_t) noexcept final
    try {
        asio::post(executor(), [self = weak_from_this()] {
            if (const auto alive = self.lock()) alive->stop_.emit(asio::cancellation_type::terminal);
        });
    } catch (const std::bad_alloc&) {
        // it goes on
    }
    void finish(request& op) noexcept final { to_->finish(op); }
    void advance() noexcept final {}

protected:
    ~transfer() = default;

    /// Throws why it cannot be.
    virtual asio::awaitable<void> run(request& op) = 0;

    template <class Sink, class... Args>
    [[nodiscard]] auto ask(Args&&... args)
    {
        default_token token;
        return asio::async_initiate<default_token, void(std::error_code, typename Sink::value_type)>(
            initiate_request<Sink>{to_}, token, std::forward<Args>(args)...);
    }

    submitter_ptr to_;
    std::string path_;
    oid id_;

private:
    static void end(request& op, const std::exception_ptr& why)
    {
        try {
            if (why) std::rethrow_exception(why);
        } catch (const error& e) {
            op.fail(e.code(), e.diag());
        } catch (const std::system_error& e) {
            op.fail(e.code(), diagnostics::client(e.code().message()));
        } catch (const std::bad_alloc&) {
            op.fail(make_error_code(std::errc::not_enough_memory));
        }
        op.complete();
    }

    asio::cancellation_signal stop_;
};

/// The first piece is read before anything is asked of the server, which so hears nothing of most failures.
class import_transfer final : public transfer {
public:
    using transfer::transfer;

private:
    asio::awaitable<void> run(request& op) override
    {
        client_file file(path_, O_RDONLY);
        std::vector<std::byte> piece(file_piece);
        std::size_t n = file.read(piece);
        large_object lo = co_await ask<lo_open_sink>(to_, id_, open_mode::write, true);
        std::exception_ptr failure;
        while (n > 0 && !failure) {
            for (std::size_t written = 0; written < n;)
                written += co_await lo.async_write_some(std::span(piece).first(n).subspan(written));
            failure = attempt([&] { n = n < piece.size() ? 0 : file.read(piece); });
        }
        co_await lo.async_close();
        if (failure) {
            co_await ask<lo_done_sink>(sql("select pg_catalog.lo_unlink($1)", lo.id()));
            std::rethrow_exception(failure);
        }
        static_cast<import_op&>(op).give(lo.id());
    }
};

/// The file is made once the object is known to be there.
class export_transfer final : public transfer {
public:
    using transfer::transfer;

private:
    asio::awaitable<void> run(request&) override
    {
        large_object lo = co_await ask<lo_open_sink>(to_, id_, open_mode::read, false);
        std::optional<client_file> file;
        std::exception_ptr failure = attempt([&] { file.emplace(path_, O_WRONLY | O_CREAT | O_TRUNC); });
        std::vector<std::byte> piece(file_piece);
        for (bool more = true; more && !failure;) {
            const std::size_t n = co_await read(lo, piece);
            more = n > 0;
            failure = attempt([&] { more ? file->write(std::span(piece).first(n)) : file->close(); });
        }
        co_await lo.async_close(); // also where the file failed: the transaction goes on
        if (failure) std::rethrow_exception(failure);
    }

    /// 0 at the end.
    static asio::awaitable<std::size_t> read(large_object& lo, std::vector<std::byte>& piece)
    {
        try {
            const std::size_t n = co_await lo.async_read_some(std::span(piece));
            co_return n;
        } catch (const error& e) {
            if (e.code() != asio::error::eof) throw;
        }
        co_return 0;
    }
};

} // namespace

submitter_ptr make_import(submitter_ptr to, std::string path, oid id)
{
    return std::make_shared<import_transfer>(std::move(to), std::move(path), id);
}

submitter_ptr make_export(submitter_ptr to, std::string path, oid id)
{
    return std::make_shared<export_transfer>(std::move(to), std::move(path), id);
}

} // namespace tusk::detail
