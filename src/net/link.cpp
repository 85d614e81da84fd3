// Distributed under the Boost Software License, Version 1.0.
#include "net/link.hpp"

#include "wire/frontend.hpp"
#include "wire/writer.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace tusk::net {

namespace {

/// The message Terminate.
[[nodiscard]] std::span<const std::byte> terminate()
{
    static const wire::buffer message = [] {
        wire::buffer bytes;
        wire::writer out(bytes);
        write(out, wire::terminate{});
        return bytes;
    }();
    return message.bytes();
}

} // namespace

link::link(const asio::any_io_executor& executor, const connection_options& options, dialled session)
    : executor_(executor)
    , stream_(std::move(session.stream))
    , pause_(executor)
    , expiry_(executor)
    , heal_limit_(executor)
    , next_ask_(executor)
    , talk_(options, std::move(session.server), std::move(session.inbox), session::random_name_prefix())
    , on_close_(options.on_close_event)
    , route_(std::move(session.cancel))
    , request_timeout_(options.request_timeout)
    , cancel_timeout_(options.cancel_timeout)
{
    stream_.set_tracer(nullptr); // the conversation has one of its own
    talk_.on_notification = [this](std::int32_t pid, std::string_view channel, std::string_view payload) {
        subscriptions_.take(pid, channel, payload);
        if (const auto hook = on_notification) hook(pid, channel, payload); // which may set another one
    };
    talk_.on_unlistened = [this] { subscriptions_.check(); };
}

link::~link() { forsake(); }

void link::forsake() noexcept
{
    const bool was_closed = std::exchange(state_, state::closed) == state::closed;
    delivering_ =
        true; // what is asked from destructors is freed with the rest: nothing may be posted any more
    stream_.close();
    deadlines_.clear();
    subscriptions_.forsake();
    talk_.abandon_all(asio::error::operation_aborted, {});
    while (detail::request* r = talk_.finished().pop()) {
        r->end_observation();
        r->destroy();
    }
    while (detail::request* r = closing_.pop()) r->destroy();
    if (!was_closed) tell_close(false);
}

void link::start()
{
    stream_.set_non_blocking();
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
        watch(r);
    }
    submitted();
}

void link::end_transaction(detail::request& rollback)
{
    talk_.submit(rollback);
    submitted();
}

/// Sees to it that what is new is written, and what is finished delivered.
void link::submitted()
{
    if (delivering_) return; // what is finished is delivered, and what waits is written, behind this handler
    if (!talk_.finished().empty()) deliver_later();
    if (writing_) return; // it leaves with what else is requested meanwhile
    if (talk_.in_flight() == 0)
        write();
    else
        write_later();
}

void link::cancel(std::vector<std::uint64_t> ids)
{
    std::ranges::sort(ids);
    for (const detail::request* r = closing_.front(); r; r = r->next)
        if (std::ranges::binary_search(ids, r->id)) return abort(asio::error::operation_aborted, {});
    talk_.cancel(ids, asio::error::operation_aborted);
    subscriptions_.cancel(ids, asio::error::operation_aborted);
    tend_fence(); // before a handler asks for more
    deliver();
    resume();
}

void link::give_up(std::vector<std::uint64_t> ids)
{
    if (ids.empty()) return;
    std::ranges::sort(ids);
    talk_.cancel(ids, asio::error::operation_aborted);
    tend_fence();
    resume();
}

void link::cancel_all()
{
    talk_.cancel_all(asio::error::operation_aborted);
    subscriptions_.cancel_all(asio::error::operation_aborted);
    tend_fence();
    deliver();
    resume();
}

void link::finish(detail::request& r)
{
    talk_.finished().push(r);
    if (!delivering_ && !receiving_) deliver_later();
}

void link::advance()
{
    resume();
    if (!writing_ && !delivering_ && !receiving_ && talk_.may_fill()) write();
}

void link::close(detail::request& done)
{
    closing_.push(done);
    watch(done);
    if (state_ == state::open) state_ = state::closing;
    advance_close();
}

/// Terminate goes out once nothing else is on its way.
void link::advance_close()
{
    if (state_ != state::closing || writing_ || !talk_.idle()) return;
    state_ = state::terminating;
    writing_ = true;
    show_sent(terminate());
    stream_.async_write_some(terminate(), [self = shared_from_this()](std::error_code, std::size_t) {
        self->writing_ = false;
        self->stream_.shutdown_send(); // the server answers with the end of its stream
    });
    look();
}

void link::abort(std::error_code why, const diagnostics& what)
{
    lose(why, what);
    deliver();
}

void link::orphan()
{
    if (state_ == state::closed) return;
    std::error_code ignored;
    if (!writing_) {
        show_sent(terminate());
        (void)stream_.write_some(terminate(), ignored);
    }
    if (read_due_) deliver_later();
    // else the read that is posted ends now, and delivers
    lose(asio::error::operation_aborted,
         diagnostics::client("the connection object was destroyed", outcome::unknown));
}

void link::lose(std::error_code why, const diagnostics& what)
{
    if (state_ == state::closed) return;
    const bool on_purpose = state_ == state::terminating && why != asio::error::operation_aborted;
    state_ = state::closed;
    read_due_ = false;
    stream_.close();
    pause_.cancel();
    stop_asking();
    const std::error_code ec = on_purpose ? make_error_code(errc::not_connected) : why;
    const diagnostics diag = on_purpose ? diagnostics::client("the connection was closed") : what;
    talk_.abandon_all(ec, diag);
    tell_close(on_purpose);
    const diagnostics& farewell = talk_.diag(); // the server's, where there was one
    subscriptions_.end(ec, farewell);
    if (subscriptions_.on_end) subscriptions_.on_end(ec, farewell);
    if (on_purpose) return;
    for (detail::request* r = closing_.front(); r; r = r->next) r->fail(why, what);
}

/// Writes what may go out: at once as far as the socket takes it, so that a request costs no turn of the event loop.
void link::write()
{
    if (writing_ || write_failed_ || state_ > state::closing) return;
    const bool anything = talk_.fill();
    if (!talk_.finished().empty()) deliver_later();
    if (!anything) return advance_close();
    writing_ = true;
    written_ = 0;
    std::error_code ec;
    const std::size_t n = stream_.write_some(talk_.output(), ec);
    look();
    if (ec == asio::error::would_block || ec == asio::error::try_again) return write_rest();
    if (!took(ec, n)) return;
    if (written_ < talk_.output().size()) return write_rest();
    finish_write();
    if (talk_.may_fill())
        write_later(); // others have their turn in between
    else
        advance_close();
}

void link::write_rest()
{
    stream_.async_write_some(
        talk_.output().subspan(written_),
        [self = shared_from_this()](std::error_code ec, std::size_t n) { self->on_written(ec, n); });
}

void link::write_later()
{
    writing_ = true;
    asio::post(executor_, [self = shared_from_this()] {
        self->writing_ = false;
        self->write();
    });
}

void link::on_written(std::error_code ec, std::size_t n)
{
    if (state_ == state::closed || !took(ec, n)) return;
    if (written_ < talk_.output().size()) return write_rest();
    finish_write();
    write();
}

/// The socket has taken `n` bytes, or has failed.
bool link::took(std::error_code ec, std::size_t n) noexcept
{
    if (ec) { // the reader finds out how the connection ended, the server's farewell included
        writing_ = false;
        write_failed_ = true;
        return false;
    }
    ++talk_.statistics().writes;
    talk_.statistics().bytes_sent += n;
    written_ += n;
    return true;
}

void link::finish_write()
{
    writing_ = false;
    talk_.written();
    tend_fence();
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
    while (detail::request* r = talk_.finished().pop()) {
        deadlines_.remove(*r);
        r->complete();
    }
    while (detail::request* r = state_ == state::closed ? closing_.pop() : nullptr) {
        deadlines_.remove(*r);
        r->complete();
    }
    finally.thrown = false;
    delivering_ = false;
    if (!talk_.finished().empty()) deliver_later(); // asked by who waited for the end
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
