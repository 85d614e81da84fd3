// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tusk::net {

/// How long to wait before the next read.
///
/// The server sends the answer to each Sync as a packet of its own. Who reads each packet as it comes pays a wake-up
/// and a system call or two for every answer. With many requests on the wire nobody waits for the next answer alone,
/// since the server is busy with those behind it: a pause in which an eighth of them come takes several answers by
/// one read, and does not let the server run dry. With few requests on the wire there is no pause.
class pace {
public:
    using clock = std::chrono::steady_clock;

    static constexpr std::size_t least_in_flight = 16;
    static constexpr std::chrono::nanoseconds longest = std::chrono::microseconds(250);

    /// A read has brought the last of `answers` answers at `now`, and `in_flight` requests are on the wire. Gives
    /// zero where the next read is due at once.
    [[nodiscard]] std::chrono::nanoseconds after_read(std::size_t answers, std::size_t in_flight,
                                                      clock::time_point now) noexcept
    {
        using std::chrono::nanoseconds;
        if (answers == 0 || in_flight < least_in_flight) {
            last_ = {};
            return nanoseconds::zero();
        }
        if (last_ != clock::time_point()) note(now - last_, answers);
        last_ = now;
        const auto share = static_cast<std::int64_t>(in_flight / share_of_in_flight);
        const nanoseconds pause = std::min(each_ * share, longest);
        return pause >= each_ * least_answers ? pause : nanoseconds::zero();
    }

private:
    static constexpr std::size_t share_of_in_flight = 8;
    static constexpr std::int64_t least_answers = 2; ///< fewer are not worth a timer

    /// Moves the time that an answer takes an eighth of the way. The long silences between two bursts say nothing.
    void note(std::chrono::nanoseconds since, std::size_t answers) noexcept
    {
        if (since > 2 * longest) return;
        const auto sample = since / static_cast<std::int64_t>(answers);
        each_ += (sample - each_) / 8;
    }

    clock::time_point last_;
    std::chrono::nanoseconds each_ = std::chrono::microseconds(10);
};

} // namespace tusk::net
