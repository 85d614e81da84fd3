// Distributed under the Boost Software License, Version 1.0.
#include "net/link.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <system_error>
#include <utility>

/// Reading: when, and what becomes of it.
namespace tusk::net {

namespace {

constexpr int paused_low_water = 64 * 1024;

[[nodiscard]] diagnostics lost(const char* how, const std::string& why = {})
{
    return diagnostics::client(
        std::string("the connection was lost: ") + how + (why.empty() ? why : ": " + why), outcome::unknown);
}

/// The handler of the posted read, or of the pause before it. Dropped without having run, it tells that the
/// execution context is gone; but not while it is being posted, which can fail for want of memory.
struct pump_handler {
    explicit pump_handler(std::shared_ptr<link> l)
        : self(std::move(l))
    {
    }
    pump_handler(pump_handler&&) = default;
    pump_handler& operator=(pump_handler&&) = delete;
    ~pump_handler()
    {
        if (self && !self->posting()) self->forsake();
    }
    void operator()(std::error_code ec, std::size_t n)
    {
        const std::shared_ptr<link> alive = std::move(self);
        alive->on_read(ec, n);
    }
    void operator()(std::error_code)
    {
        const std::shared_ptr<link> alive = std::move(self);
        alive->on_paused();
    }

    std::shared_ptr<link> self;
};

} // namespace

/// Runs `f`, which posts a pump_handler; false when there is no memory for it.
template <class F>
bool link::post_pump(const F& f)
{
    struct guard {
        bool& posting;
        ~guard() { posting = false; }
    } finally{posting_ = true};
    try {
        f();
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

bool link::post_read()
{
    if (post_pump([this] { stream_.async_read_some(talk_.prepare(), pump_handler(shared_from_this())); }))
        return true;
    lose(make_error_code(std::errc::not_enough_memory), lost("no memory for what the server sends"));
    return false;
}

void link::read()
{
    if (!post_read()) deliver();
}

void link::look()
{
    if (std::exchange(read_due_, false) && !post_read()) deliver_later();
}

/// Whether nothing is on the wire, nor anybody interested in what comes by itself.
bool link::nobody_waits() const noexcept
{
    return talk_.in_flight() == 0 && state_ == state::open && !fence_ && !subscriptions_.is_awaited();
}

/// The next read, perhaps a little later, when others come in the meantime.
void link::read_after(std::size_t answers)
{
    if (talk_.holds_reading()) [[unlikely]]
        return hold();
    const std::size_t in_flight = talk_.in_flight();
    if (on_demand_ && nobody_waits()) {
        read_due_ = true;
        return;
    }
    const auto now = in_flight < pace::least_in_flight ? pace::clock::time_point() : pace::clock::now();
    const auto pause = pace_.after_read(answers, in_flight, now);
    const auto wait = [&] {
        pause_.expires_at(now + pause);
        pause_.async_wait(pump_handler(shared_from_this()));
    };
    if (pause == pause.zero() || !post_pump(wait)) return read();
    stream_.set_receive_low_water(paused_low_water); // else each packet wakes the event loop
}

void link::on_paused()
{
    if (state_ == state::closed) return deliver();
    if (!std::exchange(held_, false)) stream_.set_receive_low_water(1);
    if (talk_.holds_reading()) return hold();
    read();
}

/// A pause without an end: what was received is to be taken first. The server stops sending when the socket is full.
void link::hold()
{
    held_ = true;
    const auto wait = [this] {
        pause_.expires_at(pace::clock::time_point::max());
        pause_.async_wait(pump_handler(shared_from_this()));
    };
    if (post_pump(wait)) return;
    held_ = false;
    read();
}

void link::resume()
{
    look();
    if (held_ && !talk_.holds_reading()) pause_.cancel(); // on_paused() goes on
}

bool link::take_in(std::size_t n)
{
    receiving_ = true;
    const bool sound = talk_.commit(n);
    receiving_ = false;
    return sound;
}

/// What the answers let be sent leaves before the next read, which so finds more.
void link::on_read(std::error_code ec, std::size_t n)
{
    const std::uint64_t answered = talk_.answered();
    if (state_ == state::closed) return deliver();
    if (ec == asio::error::eof)
        lose(errc::connection_lost, lost("the server closed it"));
    else if (ec)
        lose(errc::connection_lost, lost("reading failed", stream_.explain(ec)));
    else if (!take_in(n))
        lose(talk_.error(), talk_.diag());
    tend_fence();
    std::exception_ptr thrown; // by a handler: the connection goes on
    try {
        deliver();
    } catch (...) {
        thrown = std::current_exception();
    }
    if (state_ != state::closed) read_after(static_cast<std::size_t>(talk_.answered() - answered));
    if (thrown) std::rethrow_exception(thrown);
}

} // namespace tusk::net
