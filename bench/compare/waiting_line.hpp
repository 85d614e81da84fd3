// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/arm.hpp"

#include <cstddef>
#include <vector>

namespace bench {

/// How many requests may be under way at one time: a slot each, slot i on connection i % connections.
[[nodiscard]] inline std::size_t slots_of(const job& j) noexcept
{
    return j.what->exclusive && j.tasks > j.what->connections ? j.what->connections : j.tasks;
}

/// The tasks that wait for a connection to be lent to them, in their order. Empty unless there are more tasks
/// than slots.
class waiting_line {
public:
    waiting_line(const job& j, meter::clock::time_point begin)
        : since_(j.tasks - slots_of(j), begin)
    {
    }

    /// A task whose request is done joins at `now`; gives when the one that goes next had joined.
    meter::clock::time_point next(meter::clock::time_point now)
    {
        if (since_.empty()) return now;
        const auto joined = since_[head_];
        since_[head_] = now;
        if (++head_ == since_.size()) head_ = 0;
        return joined;
    }

private:
    std::vector<meter::clock::time_point> since_;
    std::size_t head_ = 0;
};

} // namespace bench
