// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/workloads.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Where the server is. Plain pieces, so that each arm connects in its own way.
struct server {
    std::string host, port, database, user, password;

    /// As libpq's keyword/value string, which tusk and libpqxx read too.
    [[nodiscard]] std::string conninfo() const
    {
        return "host=" + host + " port=" + port + " dbname=" + database + " user=" + user +
               (password.empty() ? "" : " password=" + password) + " sslmode=disable gssencmode=disable";
    }
};

/// What one run does: a workload, perhaps scaled.
struct job {
    const workload* what;
    server where;
    std::size_t tasks; ///< in flight; the workload's own, unless a sweep wants another number
    std::size_t rows;  ///< rows per request; fewer than the workload's under callgrind
};

/// Takes latencies and the sum of what was decoded, which must be the same for all arms.
///
/// A thread has its own meter.
class meter {
public:
    using clock = std::chrono::steady_clock;

    meter() = default;
    explicit meter(bool taking) noexcept
        : taking_(taking)
    {
    }

    /// Room for latencies, touched now so that it does not count as memory of the run.
    void reserve(std::size_t latencies)
    {
        latencies_.resize(latencies);
        latencies_.clear();
    }

    /// The time, or nothing at all when latencies are not taken (counting instructions).
    [[nodiscard]] clock::time_point now() const { return taking_ ? clock::now() : clock::time_point(); }
    /// A request is done that began at `since`. Gives the time.
    clock::time_point done(clock::time_point since)
    {
        if (!taking_) return {};
        const auto end = clock::now();
        latencies_.push_back(static_cast<std::uint32_t>((end - since).count() / 10));
        return end;
    }
    void add(std::uint64_t decoded) noexcept { sum_ += decoded; }

    void merge(const meter& other)
    {
        sum_ += other.sum_;
        latencies_.insert(latencies_.end(), other.latencies_.begin(), other.latencies_.end());
    }
    [[nodiscard]] bool taking() const noexcept { return taking_; }
    [[nodiscard]] std::uint64_t sum() const noexcept { return sum_; }
    /// In units of 10 ns.
    [[nodiscard]] std::vector<std::uint32_t>& latencies() noexcept { return latencies_; }

private:
    std::vector<std::uint32_t> latencies_;
    std::uint64_t sum_ = 0;
    bool taking_ = false;
};

/// A client library at work.
class arm {
public:
    virtual ~arm() = default;
    /// Does this many requests, none of which is in flight afterwards.
    virtual void run(std::uint64_t requests, meter& m) = 0;
};

// Each arm is a program of its own; its file defines these.

extern const std::string_view arm_name;
/// How it does its work, for the report: "text results", "threads".
extern const std::string_view arm_note;
/// Of the client library.
[[nodiscard]] std::string arm_version();
[[nodiscard]] bool arm_supports(const workload& w);
/// Connects and prepares. Throws std::exception.
[[nodiscard]] std::unique_ptr<arm> make_arm(const job& j);

} // namespace bench
