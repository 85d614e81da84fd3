// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include <tusk/error.hpp>

#include <string>
#include <utility>

/// Types that are known at run time only. A request whose parameters name some is held at the head of its queue, and one
/// that waits to read its rows, or for a description, is put aside; one look-up at a time is sent for them all.
namespace tusk::session {

conversation::turn conversation::turn_of(detail::request& r, detail::request_queue& from)
{
    if (r.kind == detail::request_kind::types) {
        (void)from.pop();
        r.awaits_types = true;
        awaiting_.push(r);
        return turn::gone;
    }
    detail::type_wants missing;
    for (std::size_t part = 0; part < r.size(); ++part) missing.add(missing_names(r.part(part), catalogue_));
    if (!missing.empty()) return hold(r, std::move(missing));
    diagnostics why;
    for (std::size_t part = 0; part < r.size(); ++part) {
        if (fits_types(r.part(part), catalogue_, why)) continue;
        (void)from.pop();
        refuse_part(r, part, errc::parameter_mismatch, why);
        finished_.push(r);
        return turn::gone;
    }
    return turn::send;
}

/// The request stays where it is, with all behind it, until the look-up in front of it is answered.
conversation::turn conversation::hold(detail::request& r, detail::type_wants missing)
{
    if (lookup_.on_its_way) return turn::hold; // for others; this one is next
    lookup_.held = &r;
    send_lookup(std::move(missing));
    return turn::hold;
}

/// The look-up was answered: the request goes out, unless it cannot.
void conversation::release_held()
{
    detail::request* const r = std::exchange(lookup_.held, nullptr);
    if (!r) return;
    std::size_t bad = 0;
    detail::type_wants missing;
    for (; bad < r->size() && missing.empty(); ++bad) missing = missing_names(r->part(bad), catalogue_);
    if (missing.empty()) return;
    if (!waiting_.remove(r->id) && !reserved_.remove(r->id)) (void)healing_.remove(r->id);
    if (lookup_.ec)
        refuse_part(*r, bad - 1, lookup_.ec, lookup_.diag);
    else
        refuse_part(*r, bad - 1, errc::unknown_type,
                    diagnostics::client("the server has no type " + missing.names.front()));
    finished_.push(*r);
}

detail::type_wants conversation::unknown_of(const detail::type_wants& wants) const
{
    detail::type_wants unknown;
    for (const oid type : wants.types)
        if (!catalogue_.find(type)) unknown.types.push_back(type);
    for (const std::string& name : wants.names)
        if (catalogue_.find(name) == oid::none) unknown.names.push_back(name);
    return unknown;
}

/// Goes on with what waits, as far as its types are known, and asks for those of the rest.
void conversation::look_up()
{
    if (lookup_.on_its_way) return;
    settle_awaiting();
    if (awaiting_.empty() || barrier_) return;
    detail::type_wants wants;
    for (const detail::request* r = awaiting_.front(); r; r = r->next) wants.add(unknown_of(r->wanted()));
    send_lookup(std::move(wants));
}

void conversation::send_lookup(detail::type_wants wants)
{
    lookup_.ask(std::move(wants));
    ++statistics_.type_lookups;
    --statistics_.requests; // it is none of the user's
    send(lookup_);
    if (lookup_answered_) on_types(); // it could not be sent
}

/// The request has left the wire: what it received waits for types.
void conversation::put_aside(detail::request& r)
{
    if (&r == &lookup_) {
        lookup_answered_ = true;
    } else if (has_failure_) { // there is nothing to wait for
        r.awaits_types = false;
        finished_.push(r);
    } else {
        awaiting_.push(r);
    }
}

/// The look-up was answered.
void conversation::on_types()
{
    lookup_answered_ = false;
    lookup_.on_its_way = false;
    if (!lookup_.ec) catalogue_.learn(lookup_.take());
    release_held();
    settle_awaiting();
    lookup_.ask_no_more();
}

/// Finishes what waits for types that are known, or do not exist, or could not be looked up.
void conversation::settle_awaiting()
{
    detail::request_queue all = std::exchange(awaiting_, {});
    while (detail::request* r = all.pop()) {
        if (error_) { // a function that was shown a row gave the connection up
            finish_unread(*r, error_, diag_);
            continue;
        }
        const detail::type_wants unknown = unknown_of(r->wanted());
        if (!unknown.empty() && !lookup_.asked(unknown))
            awaiting_.push(*r);
        else if (!unknown.empty() && lookup_.ec)
            finish_unread(*r, lookup_.ec, lookup_.diag);
        else
            read_now(*r); // which may find that some do not exist
    }
}

void conversation::read_now(detail::request& r)
{
    const detail::type_wants& wants = r.wanted();
    type_ptr first;
    if (!wants.names.empty())
        first = catalogue_.find(catalogue_.find(wants.names.front()));
    else if (!wants.types.empty())
        first = catalogue_.find(wants.types.front());
    r.awaits_types = false;
    r.ec = {};
    r.diag = {};
    r.take_types(catalogue_.known(), first);
    if (!r.awaits_types)
        finished_.push(r);
    else if (error_)
        finish_unread(r, error_, diag_);
    else
        awaiting_.push(r);
}

/// Ends a request that waits for types.
void conversation::finish_unread(detail::request& r, std::error_code why, const diagnostics& what)
{
    r.awaits_types = false;
    r.ec = why;
    r.diag =
        what.with_outcome(r.kind == detail::request_kind::types ? outcome::not_sent : outcome::completed);
    finished_.push(r);
}

} // namespace tusk::session
