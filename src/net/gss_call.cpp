// Distributed under the Boost Software License, Version 1.0.
#include "net/gss_call.hpp"

#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tusk::net {

namespace {

/// What the thread and the coroutine share. The coroutine's side may go at any time.
class call {
public:
    call(std::shared_ptr<auth::gss_client> client, std::span<const std::byte> token,
         transport::socket_type& socket)
        : client_(std::move(client))
        , token_(token.begin(), token.end())
        , socket_(&socket)
    {
    }

    /// On the thread. `self`: what the wake-up keeps alive.
    void run(const std::shared_ptr<call>& self) noexcept
    {
        auth::gss_answer answer;
        try {
            answer = client_->feed(token_);
        } catch (const std::bad_alloc&) {
            answer.ec = make_error_code(std::errc::not_enough_memory);
        }
        const std::scoped_lock lock(mutex_);
        answer_ = std::move(answer);
        ended_ = true;
        if (!socket_) return; // under the lock: as long as somebody waits, the executor is there
        try {
            asio::post(socket_->get_executor(), [self] { self->wake(); });
        } catch (const std::bad_alloc&) {
            // the time limit ends the waiting
        }
    }

    /// Nobody waits any more.
    void abandon() noexcept
    {
        const std::scoped_lock lock(mutex_);
        socket_ = nullptr;
    }

    [[nodiscard]] bool ended() noexcept
    {
        const std::scoped_lock lock(mutex_);
        return ended_;
    }
    /// When it has ended.
    [[nodiscard]] auth::gss_answer take_answer() noexcept { return std::move(answer_); }

private:
    /// On the executor: ends the wait for the socket.
    void wake() noexcept
    {
        std::error_code ignored;
        if (socket_) socket_->cancel(ignored);
    }

    std::shared_ptr<auth::gss_client> client_;
    std::vector<std::byte> token_;
    std::mutex mutex_;
    transport::socket_type* socket_; // null: abandoned; changed on the executor alone
    auth::gss_answer answer_;
    bool ended_ = false;
};

/// The threads. Those whose call has ended are joined, at the latest when the process ends.
class threads {
public:
    static threads& all()
    {
        static threads t;
        return t;
    }

    ~threads()
    {
        for (auto& r : running_) r.thread.join();
    }

    void start(const std::shared_ptr<call>& c)
    {
        const std::scoped_lock lock(mutex_);
        running_.push_back({c, {}});
        try {
            running_.back().thread = std::thread([c] { c->run(c); });
        } catch (...) {
            running_.pop_back();
            throw;
        }
    }

    /// Joins all that have ended: none of them has more to do than to return.
    void reap() noexcept
    {
        const std::scoped_lock lock(mutex_);
        for (auto r = running_.begin(); r != running_.end();) {
            const auto next = std::next(r);
            if (r->what->ended()) {
                r->thread.join();
                running_.erase(r);
            }
            r = next;
        }
    }

private:
    struct running {
        std::shared_ptr<call> what;
        std::thread thread;
    };

    std::mutex mutex_;
    std::list<running> running_;
};

/// The coroutine's side, which also goes when the execution context drops it.
struct waiting {
    explicit waiting(std::shared_ptr<call> c)
        : what(std::move(c))
    {
        threads::all().start(what);
    }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;
    ~waiting()
    {
        what->abandon();
        threads::all().reap();
    }
    std::shared_ptr<call> what;
};

} // namespace

asio::awaitable<gss_called> call_gss(transport::socket_type& socket, std::shared_ptr<auth::gss_client> client,
                                     std::span<const std::byte> token)
{
    gss_called result;
    try {
        const waiting w(std::make_shared<call>(std::move(client), token, socket));
        std::error_code ec;
        // the wait is for the thread, which cancels it; should the server go meanwhile, that is told as well
        co_await socket.async_wait(transport::socket_type::wait_error,
                                   asio::redirect_error(asio::use_awaitable, ec));
        if (w.what->ended())
            result.answer = w.what->take_answer();
        else
            result.interrupted = ec ? ec : make_error_code(asio::error::connection_reset);
    } catch (const std::system_error& no_thread) {
        result.interrupted = no_thread.code();
    }
    co_return result;
}

} // namespace tusk::net
