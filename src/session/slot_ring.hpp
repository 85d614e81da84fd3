// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/request.hpp>

#include "session/statement_cache.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tusk::session {

/// What is done with a named portal.
enum class portal_action : std::uint8_t { none, open, fetch, close };

/// A statement on the wire whose answers have not all come. It outlives the request that it was sent for.
struct slot {
    detail::request* owner = nullptr; ///< null when the caller has left
    prepared* entry = nullptr;        ///< null for the unnamed statement and for scripts
    std::uint32_t part = 0;
    std::uint16_t closes = 0; ///< Close messages in front
    result_formats formats = result_formats::binary;
    portal_action portal = portal_action::none; ///< in place of `execute`
    bool parse = false;                         ///< sends Parse
    bool describe = false;                      ///< sends Describe(statement)
    bool execute = false;                       ///< sends Bind and Execute
    bool simple = false;                        ///< sent as Query
    bool begin =
        false; ///< BEGIN in front of the owner's own: nothing of its answer is the owner's but a failure
    bool drains = false; ///< its owner has left, and it is read to its end all the same
    bool ends = false;   ///< ends the transaction that reserves the connection
    bool last = false;   ///< a Sync follows (or, for Query, is implied)
};

/// A growing ring of slots: first in, first out, no allocation once it has its size.
class slot_ring {
public:
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] slot& front() noexcept { return at(0); }
    [[nodiscard]] const slot& front() const noexcept { return slots_[head_]; }
    [[nodiscard]] slot& back() noexcept { return at(size_ - 1); }
    [[nodiscard]] slot& at(std::size_t i) noexcept { return slots_[(head_ + i) & (slots_.size() - 1)]; }

    slot& push()
    {
        if (size_ == slots_.size()) grow();
        slot& s = at(size_++);
        s = slot{};
        return s;
    }

    void pop_front() noexcept
    {
        head_ = (head_ + 1) & (slots_.size() - 1);
        --size_;
    }

    void pop_back() noexcept { --size_; }

private:
    void grow()
    {
        std::vector<slot> larger(slots_.empty() ? 16 : slots_.size() * 2);
        for (std::size_t i = 0; i < size_; ++i) larger[i] = at(i);
        slots_.swap(larger);
        head_ = 0;
    }

    std::vector<slot> slots_; // a power of two
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

} // namespace tusk::session
