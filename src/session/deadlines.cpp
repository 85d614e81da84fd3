// Distributed under the Boost Software License, Version 1.0.
#include "session/deadlines.hpp"

namespace tusk::session {

void deadlines::add(detail::request& r, time_point when)
{
    heap_.push_back(&r);
    r.deadline = when;
    r.deadline_place = heap_.size() - 1;
    move_up(r.deadline_place);
}

void deadlines::remove(detail::request& r) noexcept
{
    const std::size_t place = r.deadline_place;
    if (place == r.none) return;
    r.deadline_place = r.none;
    detail::request& last = *heap_.back();
    heap_.pop_back();
    if (&last == &r) return;
    put(place, last);
    move_up(place);
    move_down(last.deadline_place);
}

void deadlines::put(std::size_t place, detail::request& r) noexcept
{
    heap_[place] = &r;
    r.deadline_place = place;
}

void deadlines::move_up(std::size_t place) noexcept
{
    detail::request& r = *heap_[place];
    while (place > 0) {
        const std::size_t above = (place - 1) / 2;
        if (heap_[above]->deadline <= r.deadline) break;
        put(place, *heap_[above]);
        place = above;
    }
    put(place, r);
}

void deadlines::move_down(std::size_t place) noexcept
{
    detail::request& r = *heap_[place];
    for (std::size_t below = 2 * place + 1; below < heap_.size(); below = 2 * place + 1) {
        if (below + 1 < heap_.size() && heap_[below + 1]->deadline < heap_[below]->deadline) ++below;
        if (r.deadline <= heap_[below]->deadline) break;
        put(place, *heap_[below]);
        place = below;
    }
    put(place, r);
}

} // namespace tusk::session
