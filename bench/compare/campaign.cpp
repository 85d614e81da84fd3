// Distributed under the Boost Software License, Version 1.0.
#include "compare/campaign.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace bench {
namespace {

class campaign {
public:
    campaign(const runner& with, const plan& p, results& into)
        : runner_(with)
        , plan_(p)
        , results_(into)
    {
    }

    bool run()
    {
        for (const auto* w : plan_.workloads) {
            const auto arms = arms_of(*w);
            if (arms.empty()) continue;
            if (plan_.instructions) count_instructions(*w, arms);
            if (!plan_.times) continue;
            time(*w, arms);
            count(*w, arms);
        }
        for (const auto n : plan_.in_flight) sweep(n);
        if (::isatty(2)) std::fputs("\r\033[K", stderr);
        return agreed_;
    }

private:
    using arms = std::vector<const client*>;

    /// Those that do the workload, the floor first: the others are compared with it.
    [[nodiscard]] arms arms_of(const workload& w) const
    {
        arms found;
        for (const auto& c : plan_.clients)
            if (c.supports(w.name)) found.push_back(&c);
        std::stable_partition(found.begin(), found.end(), [](const client* c) { return c->name == "floor"; });
        return found;
    }

    void progress(std::string_view what, std::string_view arm)
    {
        if (::isatty(2)) {
            std::fprintf(stderr, "\r\033[K%.*s %.*s", static_cast<int>(what.size()), what.data(),
                         static_cast<int>(arm.size()), arm.data());
        } else if (what != last_) {
            std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
            last_ = what;
        }
    }

    [[nodiscard]] extent timed_extent(const workload& w) const
    {
        extent e;
        e.requests = plan_.quick ? w.requests.quick : w.requests.normal;
        if (plan_.quick && w.rows_per_request > 100'000) e.rows = 200'000;
        e.warm_up = std::max<std::uint64_t>(warm_up_of(w), w.kind == shape::single ? e.requests / 10 : 0);
        return e;
    }

    /// Every connection's statement has been used, and there are all the buffers that are wanted.
    [[nodiscard]] static std::uint64_t warm_up_of(const workload& w)
    {
        if (w.kind == shape::connect || w.rows_per_request > 100'000) return 1;
        return std::max<std::uint64_t>(2 * w.tasks, 3);
    }

    void count_instructions(const workload& w, const arms& all)
    {
        extent e;
        e.requests = w.requests.counted;
        e.warm_up = warm_up_of(w);
        if (w.rows_per_request > 20'000) e.rows = 20'000;
        for (const auto* c : all) {
            progress(std::string(w.name) + " instructions", c->name);
            if (const auto n = runner_.instructions(*c, w, e))
                results_.add(w.name, c->name, "instructions", *n);
        }
    }

    void time(const workload& w, const arms& all)
    {
        const extent e = timed_extent(w);
        std::set<const client*> failed;
        for (int round = 1; round <= plan_.rounds; ++round) {
            std::optional<double> floor;
            std::string sum, sum_of;
            for (const auto* c : all) {
                if (failed.contains(c)) continue;
                progress(std::string(w.name) + " round " + std::to_string(round) + "/" +
                             std::to_string(plan_.rounds),
                         c->name);
                const auto values = runner_.time(*c, w, e);
                if (!values) {
                    failed.insert(c);
                    continue;
                }
                take(w.name, *c, *values, floor);
                if (c->name != "floor") compare_sums(w, *c, values->sum, sum, sum_of);
            }
        }
    }

    void take(std::string_view name, const client& c, const run_values& values, std::optional<double>& floor)
    {
        for (const auto& [metric, value] : values.numbers)
            if (metric != "units" && metric != "allocations") results_.add(name, c.name, metric, value);
        const auto cpu = values.numbers.find("cpu_us");
        if (cpu == values.numbers.end()) return;
        if (c.name == "floor") floor = cpu->second;
        if (floor && *floor > 0) results_.add(name, c.name, "x_floor", cpu->second / *floor);
    }

    void compare_sums(const workload& w, const client& c, const std::string& sum, std::string& first,
                      std::string& first_of)
    {
        if (first.empty()) {
            first = sum;
            first_of = c.name;
        } else if (sum != first) {
            tell(std::string(w.name) + ": " + c.name + " decoded other values than " + first_of);
            agreed_ = false;
        }
    }

    /// System calls and allocations, in runs of their own.
    void count(const workload& w, const arms& all)
    {
        extent e = timed_extent(w);
        if (plan_.quick)
            e.requests = std::max<std::uint64_t>(1, e.requests / 2);
        else if (w.kind == shape::single)
            e.requests = w.requests.quick;
        for (const auto* c : all) {
            progress(std::string(w.name) + " system calls and allocations", c->name);
            if (runner_.counts_system_calls())
                if (const auto n = runner_.system_calls(*c, w, e))
                    results_.add(w.name, c->name, "syscalls", *n);
            if (const auto n = runner_.allocations(*c, w, e))
                results_.add(w.name, c->name, "allocations", *n);
        }
    }

    /// One connection with `n` in flight, each with its own Sync.
    void sweep(std::size_t n)
    {
        const workload* w = find_workload("W2-64");
        extent e = timed_extent(*w);
        e.tasks = n;
        e.requests = std::max<std::uint64_t>(e.requests / (n < 8 ? 8 : 2), 8 * n);
        const int rounds = std::min(plan_.rounds, 3);
        for (int round = 1; round <= rounds; ++round) {
            std::optional<double> floor;
            for (const auto* c : arms_of(*w)) {
                progress(sweep_name(n) + " round " + std::to_string(round) + "/" + std::to_string(rounds),
                         c->name);
                if (const auto values = runner_.time(*c, *w, e)) take(sweep_name(n), *c, *values, floor);
            }
        }
    }

    const runner& runner_;
    const plan& plan_;
    results& results_;
    std::string last_;
    bool agreed_ = true;
};

} // namespace

bool measure(const runner& with, const plan& p, results& into) { return campaign(with, p, into).run(); }

} // namespace bench
