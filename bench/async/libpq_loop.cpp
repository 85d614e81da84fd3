// Distributed under the Boost Software License, Version 1.0.
// Many connections of libpq under epoll, non-blocking, with or without libpq's pipeline mode.

#include "async/clients.hpp"
#include "async/libpq_support.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <system_error>
#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace async_bench {

namespace {

class libpq_loop final : public loop_client {
public:
    explicit libpq_loop(const cell& c)
        : pipelined_(c.who.how == arm::style::pipelined)
    {
        if (epoll_ < 0 || event_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
        watch(EPOLL_CTL_ADD, event_, wake_up, EPOLLIN);
        for (int i = 0; i < c.connections; ++i) {
            slot& s = slots_.emplace_back();
            s.db.reset(open_libpq(c));
            use_once(s.db.get());
            if (PQsetnonblocking(s.db.get(), 1) != 0) libpq_failed(s.db.get());
            if (pipelined_ && PQenterPipelineMode(s.db.get()) != 1) libpq_failed(s.db.get());
            watch(EPOLL_CTL_ADD, PQsocket(s.db.get()), static_cast<std::uint64_t>(i), EPOLLIN);
        }
    }
    ~libpq_loop() override
    {
        ::close(event_);
        ::close(epoll_);
    }

    void ask(std::size_t connection, std::int32_t number, double wait_seconds) override
    {
        slot& s = slots_[connection];
        PGconn* db = s.db.get();
        const libpq_parameters p(number, wait_seconds);
        if (PQsendQueryPrepared(db, "s", 2, p.values.data(), p.lengths.data(), p.formats.data(), 1) != 1)
            libpq_failed(db);
        if (pipelined_ && PQpipelineSync(db) != 1) libpq_failed(db);
        s.asked.push_back(number);
        flush(s, connection);
    }

    void run(listener& l) override
    {
        std::array<epoll_event, 64> events;
        stopped_ = false;
        while (!stopped_) {
            const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            if (n < 0 && errno != EINTR)
                throw std::system_error(errno, std::generic_category(), "epoll_wait");
            for (int i = 0; i < n; ++i) serve(events[static_cast<std::size_t>(i)], l);
        }
    }

    void stop() override { stopped_ = true; }

    void wake() override
    {
        if (!woken_.exchange(true)) ::eventfd_write(event_, 1);
    }

private:
    struct slot {
        connection_ptr db;
        std::deque<std::int32_t> asked;
        bool wants_write = false;
        bool answer_seen = false; // of the request at the head; the end of its answers is still to come
    };
    static constexpr std::uint64_t wake_up = ~std::uint64_t{0};

    static void use_once(PGconn* db)
    {
        const libpq_parameters p(0, 0);
        const result_ptr r(
            PQexecPrepared(db, "s", 2, p.values.data(), p.lengths.data(), p.formats.data(), 1));
        if (answer_of(r.get()) != 0) throw std::runtime_error("libpq: the answer of another request");
    }

    void watch(int operation, int fd, std::uint64_t key, std::uint32_t what) const
    {
        epoll_event e{};
        e.events = what;
        e.data.u64 = key;
        if (::epoll_ctl(epoll_, operation, fd, &e) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    void flush(slot& s, std::size_t connection) const
    {
        const int left = PQflush(s.db.get());
        if (left < 0) libpq_failed(s.db.get());
        if ((left > 0) == s.wants_write) return;
        s.wants_write = left > 0;
        watch(EPOLL_CTL_MOD, PQsocket(s.db.get()), connection,
              s.wants_write ? EPOLLIN | EPOLLOUT : std::uint32_t{EPOLLIN});
    }

    void serve(const epoll_event& e, listener& l)
    {
        if (e.data.u64 == wake_up) {
            eventfd_t ignored;
            ::eventfd_read(event_, &ignored);
            woken_ = false;
            return l.woken();
        }
        const auto connection = static_cast<std::size_t>(e.data.u64);
        slot& s = slots_[connection];
        if ((e.events & EPOLLOUT) != 0) flush(s, connection);
        if ((e.events & ~std::uint32_t{EPOLLOUT}) == 0) return;
        if (PQconsumeInput(s.db.get()) != 1) libpq_failed(s.db.get());
        while (!s.asked.empty() && PQisBusy(s.db.get()) == 0) take(s, connection, l);
    }

    /// One step of: result, end of results (null), and in pipeline mode the answer to Sync.
    void take(slot& s, std::size_t connection, listener& l) const
    {
        const result_ptr r(PQgetResult(s.db.get()));
        if (r && PQresultStatus(r.get()) != PGRES_PIPELINE_SYNC) {
            if (answer_of(r.get()) != s.asked.front())
                throw std::runtime_error("libpq: the answer of another request");
            s.answer_seen = true;
        } else if (s.answer_seen && pipelined_ == static_cast<bool>(r)) {
            const std::int32_t number = s.asked.front();
            s.asked.pop_front();
            s.answer_seen = false;
            l.answered(connection, number);
        }
    }

    bool pipelined_;
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    int event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::deque<slot> slots_;
    bool stopped_ = false;
    std::atomic<bool> woken_ = false;
};

} // namespace

std::unique_ptr<loop_client> make_libpq_loop(const cell& c) { return std::make_unique<libpq_loop>(c); }

std::unique_ptr<loop_client> make_loop_client(const cell& c)
{
    return c.who.lib == arm::library::libpq ? make_libpq_loop(c) : make_tusk_loop(c);
}

} // namespace async_bench
