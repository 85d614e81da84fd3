// Distributed under the Boost Software License, Version 1.0.
#include "net/link.hpp"

#include "wire/frontend.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <array>
#include <new>
#include <string>

namespace tusk::net {

namespace {

constexpr std::array<std::byte, 5> terminate{std::byte{'X'}, std::byte{0}, std::byte{0}, std::byte{0},
                                             std::byte{4}};

[[nodiscard]] diagnostics lost(const char* how, std::error_code ec)
{
    return diagnostics::client(std::string("the connection was lost: ") + how +
                                   (ec ? ": " + ec.message() : std::string()),
                               outcome::unknown);
}

/// The handler of the posted read. Dropped without having run, it tells that the execution context is gone.
struct read_handler {
    explicit read_handler(std::shared_ptr<link> l)
        : self(std::move(l))
    {
    }
    read_handler(read_handler&&) = default;
    read_handler& operator=(read_handler&&) = delete;
    ~read_handler()
    {
        if (self) self->forsake();
    }
    void operator()(std::error_code ec, std::size_t n)
    {
        const std::shared_ptr<link> alive = std::move(self);
        alive->on_read(ec, n);
    }

    std::shared_ptr<link> self;
};

} // namespace

link::link(const asio::any_io_executor& executor, transport stream, const connection_options& options,
           session::server_state server, wire::inbox inbox)
    : executor_(executor)
    , stream_(std::move(stream))
    , talk_(options, std::move(server), std::move(inbox), session::random_name_prefix())
{
}

link::~link() { forsake(); }

void link::forsake() noexcept
{
    state_ = state::closed;
    stream_.close();
    talk_.abandon_all(asio::error::operation_aborted, {});
    while (detail::request* r = talk_.finished().pop()) r->destroy();
    while (detail::request* r = closing_.pop()) r->destroy();
}

void link::start()
{
    if (!talk_.drain())
        lose(talk_.error(), talk_.diag());
    else
        read();
}

void link::submit(detail::request& r)
{
    if (state_ == state::closing || state_ == state::terminating) {
        r.fail(errc::not_connected, diagnostics::client("the connection is being closed", outcome::not_sent));
        talk_.finished().push(r);
    } else {
        talk_.submit(r);
    }
    if (!talk_.finished().empty()) deliver_later();
    if (!delivering_) write();
}

void link::cancel(std::uint64_t id)
{
    if (detail::request* r = closing_.remove(id)) {
        closing_.push(*r);
        return abort(asio::error::operation_aborted, {});
    }
    talk_.cancel(id, asio::error::operation_aborted);
    deliver();
}

void link::close(detail::request& done)
{
    closing_.push(done);
    if (state_ == state::open) state_ = state::closing;
    advance_close();
}

/// Terminate goes out once nothing else is on its way.
void link::advance_close()
{
    if (state_ != state::closing || writing_ || !talk_.idle()) return;
    state_ = state::terminating;
    writing_ = true;
    stream_.async_write_some(terminate, [self = shared_from_this()](std::error_code, std::size_t) {
        self->writing_ = false;
        self->stream_.shutdown_send(); // the server answers with the end of its stream
    });
}

void link::abort(std::error_code why, const diagnostics& what)
{
    lose(why, what);
    deliver();
}

void link::orphan()
{
    if (state_ == state::closed) return;
    if (!writing_) stream_.send_last(terminate);
    // the read that is always posted ends now, and delivers
    lose(asio::error::operation_aborted,
         diagnostics::client("the connection object was destroyed", outcome::unknown));
}

void link::lose(std::error_code why, const diagnostics& what)
{
    if (state_ == state::closed) return;
    const bool on_purpose = state_ == state::terminating && why != asio::error::operation_aborted;
    state_ = state::closed;
    stream_.close();
    if (on_purpose)
        talk_.abandon_all(errc::not_connected, diagnostics::client("the connection was closed"));
    else
        talk_.abandon_all(why, what);
    if (on_purpose) return;
    for (detail::request* r = closing_.front(); r; r = r->next) r->fail(why, what);
}

void link::read()
{
    try {
        const auto room = talk_.prepare();
        stream_.async_read_some(room, read_handler(shared_from_this()));
    } catch (const std::bad_alloc&) {
        lose(make_error_code(std::errc::not_enough_memory), lost("no memory for what the server sends", {}));
    }
}

void link::on_read(std::error_code ec, std::size_t n)
{
    if (state_ == state::closed) return deliver();
    if (ec == asio::error::eof)
        lose(errc::connection_lost, lost("the server closed it", {}));
    else if (ec)
        lose(errc::connection_lost, lost("reading failed", ec));
    else if (!talk_.commit(n))
        lose(talk_.error(), talk_.diag());
    else
        read();
    deliver();
}

void link::write()
{
    if (writing_ || write_failed_ || state_ > state::closing) return;
    const bool anything = talk_.fill();
    if (!talk_.finished().empty()) deliver_later();
    if (!anything) return advance_close();
    writing_ = true;
    written_ = 0;
    write_rest();
}

void link::write_rest()
{
    ++talk_.statistics().writes;
    stream_.async_write_some(
        talk_.output().subspan(written_),
        [self = shared_from_this()](std::error_code ec, std::size_t n) { self->on_written(ec, n); });
}

void link::on_written(std::error_code ec, std::size_t n)
{
    if (state_ == state::closed) return;
    if (ec) { // the reader finds out how the connection ended, the server's farewell included
        writing_ = false;
        write_failed_ = true;
        return;
    }
    talk_.statistics().bytes_sent += n;
    written_ += n;
    if (written_ < talk_.output().size()) return write_rest();
    writing_ = false;
    talk_.written();
    write();
}

/// Completes what is finished. Handlers run here, one after the other; what they request leaves afterwards.
void link::deliver()
{
    if (delivering_) return;
    const auto self = shared_from_this(); // a handler may let go of the connection
    struct guard {
        link& l;
        bool thrown = true;
        ~guard()
        {
            l.delivering_ = false;
            if (thrown) l.deliver_later(); // those behind the handler that threw still get their answers
        }
    } finally{*this};
    delivering_ = true;
    while (detail::request* r = talk_.finished().pop()) r->complete();
    while (detail::request* r = state_ == state::closed ? closing_.pop() : nullptr) r->complete();
    finally.thrown = false;
    delivering_ = false;
    write();
}

void link::deliver_later()
{
    if (delivery_posted_) return;
    delivery_posted_ = true;
    asio::post(executor_, [self = shared_from_this()] {
        self->delivery_posted_ = false;
        self->deliver();
    });
}

} // namespace tusk::net
