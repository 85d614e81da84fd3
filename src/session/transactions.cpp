// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include "wire/frontend.hpp"

#include <tusk/error.hpp>

/// A transaction reserves the connection: its requests have a queue of their own, and what waits elsewhere waits for its
/// end. BEGIN goes out in front of its first statement, under the same Sync, so that no statement can run where BEGIN has
/// failed; what is behind that waits until it is answered.
namespace tusk::session {

conversation::turn conversation::turn_in_transaction(detail::request& r, detail::request_queue& from)
{
    if (r.step == detail::transaction_step::outside ||
        (r.step == detail::transaction_step::inside && r.transaction == 0))
        return turn_by_status(r, from);
    const bool begin = r.step == detail::transaction_step::begin;
    // nothing of others may be sent within it, such as a request that went stale
    if (begin && (in_flight_ > 0 || !awaiting_.empty())) return turn::hold;
    if (begin) {
        (void)from.pop();
        return reserve(r);
    }
    const bool end = r.step == detail::transaction_step::end;
    if (!slots_.empty() && slots_.back().ends) return turn::hold; // it would run outside of the transaction
    if (over_) {
        (void)from.pop();
        give_up(r, errc::transaction_over,
                diagnostics::client("an SQL statement has ended the transaction", outcome::not_sent));
        if (end) leave_transaction();
        return turn::gone;
    }
    if (begun_) return turn::send;
    const bool by_query = r.kind == detail::request_kind::script || options_.mode == statement_mode::simple;
    if (end) { // nothing was sent, so nothing is to be ended
        (void)from.pop();
        finished_.push(r);
        leave_transaction();
        return turn::gone;
    }
    if (!by_query) return turn::send;
    (void)from.pop();
    send_begin_alone(r); // Query may not share a Sync with other messages
    return turn::gone;
}

/// What depends on whether SQL has begun a transaction block waits until that is known.
conversation::turn conversation::turn_by_status(detail::request& r, detail::request_queue& from)
{
    if (in_flight_ > 0 || !awaiting_.empty()) return turn::hold;
    const bool open = server_.transaction != 'I';
    const bool outside = r.step == detail::transaction_step::outside;
    const bool nothing_to_do =
        outside && r.kind == detail::request_kind::reset && r.part(0).sql.empty() && touched_ == 0;
    if (open != outside && !nothing_to_do) return turn::send;
    (void)from.pop();
    if (open == outside)
        give_up(r, outside ? errc::already_in_transaction : errc::not_in_transaction,
                diagnostics::client(outside ? "a transaction block is open" : "no transaction block is open",
                                    outcome::not_sent));
    else
        finished_.push(r);
    return turn::gone;
}

/// Whether the end of the transaction that reserves the connection has been asked for.
bool conversation::ends_transaction() noexcept
{
    const detail::request* const last = reserved_.back();
    return last ? last->step == detail::transaction_step::end : !slots_.empty() && slots_.back().ends;
}

/// The connection is the transaction's from now on.
conversation::turn conversation::reserve(detail::request& r)
{
    if (server_.transaction != 'I') {
        give_up(r, errc::already_in_transaction,
                diagnostics::client("SQL has begun a transaction block", outcome::not_sent));
        return turn::gone;
    }
    begin_ = r.part(0).sql;
    transaction_ = r.id;
    begun_ = false;
    over_ = false;
    finished_.push(r);
    return turn::gone;
}

/// BEGIN as the first of the request's group, of the unnamed statement, which cannot go stale.
void conversation::send_begin(detail::request& r, wire::writer& out)
{
    static constexpr format binary = format::binary;
    slot& s = slots_.push();
    s.owner = &r;
    s.begin = true;
    s.parse = true;
    s.execute = true;
    send_closes(s, out);
    write(out, wire::parse{.name = {}, .sql = begin_, .parameter_types = {}});
    write(out, wire::run{.target = std::string_view("\0", 2),
                         .parameter_formats = {},
                         .count = 0,
                         .values = {},
                         .result_formats = std::span<const format>(&binary, 1),
                         .sync = false});
}

/// BEGIN as a Query; the request follows when that is answered.
void conversation::send_begin_alone(detail::request& r)
{
    const std::size_t slots = slots_.size();
    const std::size_t bytes = out_.size();
    wire::writer out(out_);
    slot& s = slots_.push();
    s.owner = &r;
    s.simple = true;
    s.begin = true;
    s.last = true;
    write(out, wire::query{.sql = begin_});
    begun_ = true;
    barrier_ = true;
    ++in_flight_;
    if (r.observed) note_sent(r, slots, bytes);
    if (slots == 0) start_head();
}

/// A group has been answered. `at_begin`: BEGIN failed, or was `alone`; `ends`: it was the transaction's end.
void conversation::heed_transaction(bool at_begin, bool alone, bool ends, const detail::request* owner)
{
    const bool open = server_.transaction != 'I';
    // cancelled before it could end the transaction, which its object still can; 0 is the id of an object's last word
    const bool will_end =
        has_failure_ && failure_.ec == sqlstate::query_canceled && !(owner && owner->id == 0);
    if (at_begin)
        begun_ = alone && !has_failure_; // else it is sent in front of the next
    else if (ends && open && will_end)
        return;
    else if (ends && open)
        (void)stop(errc::protocol_violation, diagnostics::client("the server did not end the transaction"));
    else if (ends)
        leave_transaction();
    else if (begun_ && !open)
        over_ = true;
}

void conversation::leave_transaction()
{
    transaction_ = 0;
    begun_ = false;
    over_ = false;
    while (detail::request* r = reserved_.pop())
        give_up(*r, errc::transaction_over,
                diagnostics::client("the transaction is over", outcome::not_sent));
}

} // namespace tusk::session
