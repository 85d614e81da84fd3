// Distributed under the Boost Software License, Version 1.0.
// libpq non-blocking under epoll, one thread: the next request goes out as soon as one is answered. In pipeline
// mode where a connection has more than one statement under way.
#include "compare/arms/libpq_common.hpp"
#include "compare/waiting_line.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <system_error>

namespace bench {
namespace {

class loop final : public arm {
public:
    explicit loop(const job& j)
        : job_(j)
        , pipelined_(j.what->kind == shape::batch || slots_of(j) > j.what->connections)
        , parameters_(j)
        , decoder_(*j.what)
        , poll_(::epoll_create1(0))
    {
        if (poll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
        for (std::size_t i = 0; i < j.what->connections; ++i) links_.push_back(std::make_unique<link>(j));
        for (const auto& l : links_) {
            if (::PQsetnonblocking(l->pg(), 1) != 0) pg_fail(l->pg());
            if (pipelined_ && ::PQenterPipelineMode(l->pg()) != 1) pg_fail(l->pg());
            watch(*l, EPOLL_CTL_ADD, false);
        }
    }
    ~loop() override { ::close(poll_); }
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    void run(std::uint64_t requests, meter& m) override
    {
        meter_ = &m;
        left_ = requests;
        pending_ = 0;
        const auto begin = m.now();
        waiting_line line(job_, begin);
        line_ = &line;
        for (std::size_t i = 0; i < slots_of(job_) && left_ > 0; ++i) send(*links_[i % links_.size()], begin);
        for (const auto& l : links_) flush(*l);
        while (pending_ > 0) {
            std::array<epoll_event, 64> events;
            const int n = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < n; ++i)
                receive(*static_cast<link*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
    }

private:
    struct link {
        explicit link(const job& j)
            : connection(pg_open(j))
        {
        }
        [[nodiscard]] PGconn* pg() const noexcept { return connection.get(); }

        pg_connection connection;
        std::deque<meter::clock::time_point> under_way; ///< when each request became due
        bool awaits_room = false;
    };

    void watch(link& l, int operation, bool writing)
    {
        epoll_event e{};
        e.events = writing ? EPOLLIN | EPOLLOUT : EPOLLIN;
        e.data.ptr = &l;
        if (::epoll_ctl(poll_, operation, ::PQsocket(l.pg()), &e) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
        l.awaits_room = writing;
    }

    void flush(link& l)
    {
        const int rest = ::PQflush(l.pg());
        if (rest < 0) pg_fail(l.pg());
        if ((rest > 0) != l.awaits_room) watch(l, EPOLL_CTL_MOD, rest > 0);
    }

    void send(link& l, meter::clock::time_point since)
    {
        --left_;
        ++pending_;
        l.under_way.push_back(since);
        for (std::size_t i = 0; i < job_.what->batch_size; ++i) {
            parameters_.next(number_++);
            if (!parameters_.send(l.pg())) pg_fail(l.pg());
        }
        if (pipelined_ && ::PQpipelineSync(l.pg()) != 1) pg_fail(l.pg());
    }

    void receive(link& l)
    {
        if (::PQconsumeInput(l.pg()) != 1) pg_fail(l.pg());
        while (!l.under_way.empty() && !::PQisBusy(l.pg())) {
            const pg_result r(::PQgetResult(l.pg()));
            if (r && ::PQresultStatus(r.get()) != PGRES_PIPELINE_SYNC)
                meter_->add(decoder_.sum(l.pg(), r.get()));
            else if (r ||
                     !pipelined_) // a request ends with its Sync, without pipeline mode with a null pointer
                finish(l);
        }
        flush(l);
    }

    void finish(link& l)
    {
        const auto now = meter_->done(l.under_way.front());
        l.under_way.pop_front();
        --pending_;
        const auto since = line_->next(now);
        if (left_ > 0) send(l, since);
    }

    job job_;
    bool pipelined_;
    pg_parameters parameters_;
    pg_decoder decoder_;
    int poll_;
    std::vector<std::unique_ptr<link>> links_;
    meter* meter_ = nullptr;
    waiting_line* line_ = nullptr;
    std::uint64_t left_ = 0, number_ = 0;
    std::size_t pending_ = 0;
};

class connects final : public arm {
public:
    explicit connects(const job& j)
        : where_(j.where.conninfo())
    {
    }

    void run(std::uint64_t requests, meter& m) override
    {
        for (; requests > 0; --requests) {
            const auto since = m.now();
            const pg_connection c(::PQconnectStart(where_.c_str()));
            for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
                 state = ::PQconnectPoll(c.get())) {
                if (state == PGRES_POLLING_FAILED) pg_fail(c.get());
                const bool reading = state == PGRES_POLLING_READING;
                pollfd p{::PQsocket(c.get()), static_cast<short>(reading ? POLLIN : POLLOUT), 0};
                ::poll(&p, 1, -1);
            }
            m.done(since);
        }
    }

private:
    std::string where_;
};

} // namespace

const std::string_view arm_name = "libpq-epoll";
const std::string_view arm_note =
    "non-blocking sockets under epoll, one thread; pipeline mode where more than one statement is under way";

std::string arm_version() { return pg_version(); }

bool arm_supports(const workload& w) { return !w.is_copy(); }

std::unique_ptr<arm> make_arm(const job& j)
{
    if (j.what->kind == shape::connect) return std::make_unique<connects>(j);
    return std::make_unique<loop>(j);
}

} // namespace bench
