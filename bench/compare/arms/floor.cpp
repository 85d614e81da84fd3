// Distributed under the Boost Software License, Version 1.0.
// The wire floor: request bytes made beforehand, answers of which only the message headers are looked at. What
// may be in flight on a connection is sent by one write, then all answers are read.
#include "compare/arms/floor_wire.hpp"
#include "compare/waiting_line.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <system_error>

namespace bench {
namespace {

/// The same for every connection: `waves` requests after each other, each of `per_wave` Syncs.
struct script {
    std::vector<char> bytes;
    std::vector<std::size_t> starts; ///< of each request, and the end

    script(const job& j, std::size_t requests)
    {
        const auto& w = *j.what;
        const std::size_t statements = w.kind == shape::batch ? w.batch_size : 1;
        for (std::size_t i = 0; i < requests; ++i) {
            starts.push_back(bytes.size());
            for (std::size_t k = 0; k < statements; ++k) append_execution(bytes, j, i * statements + k);
            append_sync(bytes);
        }
        starts.push_back(bytes.size());
    }
};

class replay final : public arm {
public:
    explicit replay(const job& j)
        : job_(j)
        , wave_(std::max<std::size_t>(1, slots_of(j) / j.what->connections))
        , script_(j, std::max<std::size_t>(wave_, 1024 / j.what->units() / wave_ * wave_))
    {
        for (std::size_t i = 0; i < j.what->connections; ++i) {
            links_.push_back(std::make_unique<link>(j));
            if (j.what->connections > 1) watch(*links_.back());
        }
    }
    ~replay() override
    {
        if (poll_ >= 0) ::close(poll_);
    }
    replay(const replay&) = delete;
    replay& operator=(const replay&) = delete;

    void run(std::uint64_t requests, meter& m) override
    {
        left_ = requests;
        pending_ = 0;
        auto now = m.now();
        waiting_line line(job_, now);
        line_ = &line;
        for (const auto& l : links_) send(*l, now);
        while (pending_ > 0) {
            if (links_.size() == 1)
                receive(*links_[0], m);
            else
                wait(m);
        }
    }

private:
    struct link {
        explicit link(const job& j)
            : wire(j)
        {
        }
        wire_link wire;
        std::uint64_t expected = 0; ///< ReadyForQuery of the wave under way
        std::size_t next = 0;       ///< request of the script
        meter::clock::time_point since;
    };

    void watch(link& l)
    {
        if (poll_ < 0) poll_ = ::epoll_create1(0);
        epoll_event e{};
        e.events = EPOLLIN;
        e.data.ptr = &l;
        if (::epoll_ctl(poll_, EPOLL_CTL_ADD, l.wire.fd(), &e) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    void send(link& l, meter::clock::time_point since)
    {
        const std::size_t n = std::min<std::uint64_t>(wave_, left_);
        if (n == 0) return;
        const std::size_t from = script_.starts[l.next];
        l.wire.write(script_.bytes.data() + from, script_.starts[l.next + n] - from);
        l.next += n;
        if (l.next + wave_ >= script_.starts.size()) l.next = 0;
        l.expected = n;
        l.since = since;
        left_ -= n;
        ++pending_;
    }

    void receive(link& l, meter& m)
    {
        auto now = l.since;
        for (std::uint64_t ready = l.wire.read(); ready > 0; --ready) {
            --l.expected;
            now = m.done(l.since);
        }
        if (l.expected > 0) return;
        --pending_;
        send(l, line_->next(now));
    }

    void wait(meter& m)
    {
        std::array<epoll_event, 64> events;
        const int n = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i)
            receive(*static_cast<link*>(events[static_cast<std::size_t>(i)].data.ptr), m);
    }

    job job_;
    std::size_t wave_;
    script script_;
    std::vector<std::unique_ptr<link>> links_;
    int poll_ = -1;
    waiting_line* line_ = nullptr;
    std::uint64_t left_ = 0;
    std::size_t pending_ = 0;
};

} // namespace

const std::string_view arm_name = "floor";
const std::string_view arm_note =
    "raw sockets: prepared bytes, one write for what may be in flight, headers of the answers only";

std::string arm_version() { return "plain sockets"; }

bool arm_supports(const workload& w) { return w.kind != shape::connect && !w.is_copy(); }

std::unique_ptr<arm> make_arm(const job& j) { return std::make_unique<replay>(j); }

} // namespace bench
