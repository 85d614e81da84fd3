// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include <tusk/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

/// Requests that are given up before their answers have come. What is on the wire leaves its slots behind, whose answers
/// are read and dropped.
namespace tusk::session {

namespace {

/// "cancelled before it was sent"
[[nodiscard]] diagnostics given_up(std::error_code why, const char* when, outcome what)
{
    return diagnostics::client(
        (why == errc::timed_out ? "the time limit ran out " : "cancelled ") + std::string(when), what);
}

} // namespace

void conversation::drop_unsent(detail::request& r, std::error_code why, outcome what)
{
    give_up(r, why, given_up(why, "before it was sent", what));
}

/// The request is off the wire, and waits for types.
void conversation::drop_awaiting(detail::request& r, std::error_code why)
{
    const bool asked = r.kind != detail::request_kind::types;
    finish_unread(r, why,
                  given_up(why,
                           asked ? "after it was answered, while types in its rows were looked up"
                                 : "while a type was looked up",
                           outcome::completed));
}

/// The slot has no owner any more. Behind its group's last one the request is finished.
void conversation::leave_slot(slot& s, std::error_code why)
{
    detail::request& owner = *std::exchange(s.owner, nullptr);
    s.drains = owner.spares_transaction && (transaction_ != 0 || server_.transaction != 'I');
    owner.ec = why; // rather than what the client may have found wrong with the rows
    owner.diag = given_up(why, "after it was sent: it may have run", outcome::unknown);
    owner.fail_part(s.part, why, owner.diag);
    if (!s.last) return;
    owner.awaits_types = false;
    if (!s.drains) ++abandoned_;
    if (step_ == step::sending && !slots_.front().owner) { // the server waits for its data
        step_ = step::copy_in;
        refuse_copy_ = true;
    }
    finished_.push(owner);
}

void conversation::cancel(std::uint64_t id, std::error_code why)
{
    for (detail::request_queue* queue : {&waiting_, &reserved_, &healing_})
        if (detail::request* r = queue->remove(id))
            return drop_unsent(*r, why, queue == &healing_ ? outcome::completed : outcome::not_sent);
    if (detail::request* r = awaiting_.remove(id)) return drop_awaiting(*r, why);
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slot& s = slots_.at(i); s.owner && s.owner->id == id) leave_slot(s, why);
}

template <class Which>
void conversation::mark_unwanted(Which which)
{
    for (const detail::request_queue* queue : {&waiting_, &reserved_, &healing_, &awaiting_})
        for (detail::request* r = queue->front(); r; r = r->next)
            if (which(*r)) r->unwanted = true;
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (detail::request* r = slots_.at(i).owner; r && which(*r)) r->unwanted = true;
}

void conversation::cancel(std::span<const std::uint64_t> ids, std::error_code why)
{
    if (ids.size() == 1) return cancel(ids.front(), why);
    mark_unwanted([&](const detail::request& r) { return std::ranges::binary_search(ids, r.id); });
    cancel_unwanted(why);
}

void conversation::cancel_unwanted(std::error_code why)
{
    for (detail::request_queue* queue : {&waiting_, &reserved_, &healing_, &awaiting_}) {
        detail::request_queue all = std::exchange(*queue, {});
        while (detail::request* r = all.pop()) {
            if (!r->unwanted)
                queue->push(*r);
            else if (queue == &awaiting_)
                drop_awaiting(*r, why);
            else
                drop_unsent(*r, why, queue == &healing_ ? outcome::completed : outcome::not_sent);
        }
    }
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slot& s = slots_.at(i); s.owner && s.owner->unwanted) leave_slot(s, why);
}

void conversation::cancel_all(std::error_code why)
{
    mark_unwanted([](const detail::request& r) { return r.id != 0; }); // 0: the session's own
    cancel_unwanted(why);
}

} // namespace tusk::session
