// Distributed under the Boost Software License, Version 1.0.
#include "session/notification_queue.hpp"

#include <new>
#include <utility>

namespace tusk::session {

namespace {

[[nodiscard]] std::size_t size_of(const notification& n) noexcept
{
    return n.channel.size() + n.payload.size();
}

} // namespace

void notification_queue::push(std::int32_t pid, std::string_view channel, std::string_view payload) noexcept
try {
    const std::size_t bytes = channel.size() + payload.size();
    const bool room = items_.empty() || (items_.size() < limits_.messages && bytes_ <= limits_.bytes &&
                                         bytes <= limits_.bytes - bytes_);
    notification item;
    if (room) {
        item.channel = channel;
        item.payload = payload;
        item.process_id = pid;
    }
    if (!room || !append(std::move(item))) ++dropped_;
} catch (const std::bad_alloc&) {
    ++dropped_;
}

void notification_queue::push_gap(const diagnostics& cause) noexcept
{
    notification item;
    item.kind = notification::what::gap;
    item.cause = cause;
    if (!items_.empty() && items_.back().is_gap())
        items_.back().cause = cause;
    else if (!append(std::move(item)))
        ++dropped_;
}

bool notification_queue::append(notification&& item) noexcept
try {
    const std::size_t bytes = size_of(item);
    item.lost = dropped_;
    items_.push_back(std::move(item));
    dropped_ = 0;
    bytes_ += bytes;
    return true;
} catch (const std::bad_alloc&) {
    return false;
}

notification notification_queue::pop() noexcept
{
    notification next;
    std::uint64_t& lost = items_.empty() ? dropped_ : items_.front().lost;
    if (lost > 0) {
        next.kind = notification::what::lost;
        next.lost = std::exchange(lost, 0);
        return next;
    }
    next = std::move(items_.front());
    items_.pop_front();
    bytes_ -= size_of(next);
    return next;
}

void notification_queue::clear() noexcept
{
    items_.clear();
    bytes_ = 0;
    dropped_ = 0;
}

} // namespace tusk::session
