// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include <tusk/error.hpp>

#include <string>
#include <utility>

namespace tusk::session {

namespace {

constexpr int heals_per_request = 4;

[[nodiscard]] bool is_fatal(const diagnostics& what) noexcept
{
    return what.severity() == "FATAL" || what.severity() == "PANIC";
}

/// A type without a send function was asked for in binary: the error comes from where the value is written.
[[nodiscard]] bool lacks_binary_output(std::error_code ec, const diagnostics& what) noexcept
{
    return ec == sqlstate::undefined_function &&
           (what.routine() == "getTypeBinaryOutputInfo" || what.routine().ends_with("_send"));
}

} // namespace

bool conversation::on_error(const wire::frame& f)
{
    wire::error_response message;
    if (!read(f.body, message)) return malformed(f);
    diagnostics what = diagnostics::server(message.body);
    if (slots_.empty()) return stop(errc::connection_lost, std::move(what)); // a farewell: it answers nothing
    const bool fatal = is_fatal(what);
    if (fatal && diag_.empty()) diag_ = what;
    if (step_ == step::skipping) return true; // the first one counts

    slot& s = slots_.front();
    failure why;
    why.ec = sqlstate_error(what.sqlstate());
    why.part = s.simple ? script_part_ : s.part;
    why.at_sync = step_ == step::ready;
    const bool copying = step_ == step::sending || step_ == step::copy_in || step_ == step::copy_out;
    if (!why.at_sync && !fatal && !copying) {
        if (went_stale(s, what, why)) {
            // the entry has been dealt with
        } else if (step_ == step::parse && s.entry) {
            s.entry->state = prepared::status::failed;
            s.entry->error = why.ec;
            s.entry->diag = what;
            cache_.drop(*s.entry, false);
        } else if (s.entry && s.parse && !s.entry->described) {
            cache_.drop(*s.entry, true); // parsed, but not described: it is of no use
        }
    }
    why.diag = fatal ? what.with_outcome(outcome::unknown) : what;
    // a request behind the failing Parse of the same SQL
    if (s.entry && s.entry->state == prepared::status::failed &&
        why.ec == sqlstate::invalid_sql_statement_name) {
        why.ec = s.entry->error;
        why.diag = s.entry->diag;
    }
    if (failure_.ec == errc::stale_statement) has_failure_ = false; // see undescribed(): this one is worse
    fail_head(std::move(why));
    step_ = step::skipping;
    return true;
}

/// The first failure of the group at the head counts.
void conversation::fail_head(failure why)
{
    if (has_failure_) return;
    has_failure_ = true;
    failure_ = std::move(why);
}

/// Whether the error says that what was remembered of the statement is out of date, never that the request is
/// wrong. The entry is dropped, or told to ask for other formats.
bool conversation::went_stale(slot& s, const diagnostics& what, failure& why)
{
    if (s.simple) return false; // nothing is remembered of it
    if (s.portal == portal_action::fetch) {
        heed_fetch_failure(s, why.ec, what);
        return false;
    }
    if (types_went_stale(s, why) || needs_text(s, what, why)) return true;
    if (!s.entry || s.entry->state == prepared::status::failed) return false;
    if (s.entry->state == prepared::status::foreign) { // whatever the error, it is not about our statement
        why.stale = true;
        why.stale_name = true;
        return true;
    }

    const bool unknown_name = why.ec == sqlstate::invalid_sql_statement_name && step_ != step::rows;
    // at Execute it is not ours but one that an SQL EXECUTE ran
    const bool new_columns = why.ec == sqlstate::feature_not_supported &&
                             what.routine() == "RevalidateCachedQuery" && step_ != step::rows;
    const bool name_taken = why.ec == sqlstate::duplicate_prepared_statement && step_ == step::parse;
    const bool type_gone = why.ec == sqlstate::internal_error && !s.parse &&
                           (step_ != step::rows || what.routine().starts_with("getType"));
    if (!unknown_name && !new_columns && !name_taken && !type_gone) return false;

    if (type_gone) catalogue_.forget();
    if (name_taken) cache_.rename();
    s.entry->state = name_taken ? prepared::status::foreign : prepared::status::gone;
    cache_.drop(*s.entry, new_columns || type_gone);
    why.stale = true;
    why.stale_name = true;
    return true;
}

/// Whether the error says that a type of the rows has no binary form. They are asked for as text from then on.
bool conversation::needs_text(slot& s, const diagnostics& what, failure& why)
{
    // only rows are written in a format: the same error from within a DO block is the user's own
    if (!lacks_binary_output(why.ec, what) || step_ != step::rows || !columns_ ||
        s.formats == result_formats::text)
        return false;
    why.stale = true;
    if (s.entry) {
        if (s.formats != s.entry->formats) return true; // a request in front has seen to it
        ask_for_text(*s.entry);
        if (s.owner && s.entry->formats == result_formats::text)
            s.owner->text_only = true; // it may be sent without the entry
    } else if (s.owner) {
        s.owner->text_only = true;
    }
    return true;
}

/// Of the columns that may need it; where that was not enough, of all.
void conversation::ask_for_text(prepared& entry)
{
    entry.formats =
        entry.formats == result_formats::binary ? result_formats::per_column : result_formats::text;
    entry.columns = with_formats(entry.columns, entry.formats, style_, catalogue_.known());
    entry.types_version = catalogue_.version();
}

/// Fetching says what running the statement would have: the next portal of the statement is bound otherwise.
void conversation::heed_fetch_failure(const slot& s, std::error_code why, const diagnostics& what)
{
    if (!s.owner || !lacks_binary_output(why, what)) return;
    const statement_view b = s.owner->part(0);
    prepared* const entry = cache_.find(b.sql, b.declared);
    const auto asked = static_cast<result_formats>(s.owner->with_portal().which->formats);
    if (entry && entry->columns && entry->formats == asked && asked != result_formats::text)
        ask_for_text(*entry);
}

/// Whether the error may come of what was known of named types. It is forgotten then, and looked up once more.
bool conversation::types_went_stale(slot& s, failure& why)
{
    if (!s.owner || !s.owner->names_types || step_ == step::rows) return false;
    const bool gone =
        why.ec == sqlstate::internal_error || (why.ec == sqlstate::undefined_object && step_ == step::parse);
    const bool changed = why.ec == sqlstate::datatype_mismatch && step_ == step::bind;
    if (!gone && !changed) return false;
    catalogue_.forget();
    if (s.owner->types_renewed) return false;
    s.owner->types_renewed = true;
    why.stale = true;
    if (s.entry) {
        s.entry->state = prepared::status::gone;
        cache_.drop(*s.entry, step_ != step::parse);
    }
    return true;
}

/// Sending anew is safe only when the failure has undone everything: outside a transaction block, and nothing
/// of the group had completed.
bool conversation::may_heal(const detail::request& r) const noexcept
{
    return failure_.stale && !group_ran_ && server_.transaction == 'I' && r.heals < heals_per_request;
}

/// Tells the request of its group's failure.
void conversation::settle(detail::request& r)
{
    if (failure_.stale_name) failure_.ec = errc::stale_statement;
    r.ec = failure_.ec; // before what the client may have found wrong with the rows
    r.diag = failure_.diag;
    if (!failure_.at_sync) {
        r.fail_part(failure_.part, failure_.ec, failure_.diag);
        return;
    }
    for (std::uint32_t part = 0; part < r.size(); ++part) r.fail_part(part, failure_.ec, failure_.diag);
}

/// A slot whose Parse was skipped, or never answered, prepared nothing.
void conversation::fail_skipped(slot& s)
{
    if (!s.parse || !s.entry || s.entry->state != prepared::status::preparing) return;
    s.entry->state = prepared::status::gone;
    cache_.drop(*s.entry, false);
}

/// One statement cannot be sent, so that none is.
void conversation::refuse_part(detail::request& r, std::size_t bad, std::error_code why,
                               const diagnostics& what)
{
    r.fail(why, what.with_outcome(outcome::not_sent));
    for (std::size_t part = 0; part < r.size(); ++part) {
        if (part == bad)
            r.fail_part(part, r.ec, r.diag);
        else
            r.fail_part(part, errc::skipped, {});
    }
}

/// Finishes a request that is not on the wire.
void conversation::give_up(detail::request& r, std::error_code why, const diagnostics& what)
{
    r.fail(why, what);
    if (lookup_.held == &r) lookup_.held = nullptr;
    if (&r == &lookup_) {
        lookup_answered_ = true;
        return;
    }
    for (std::size_t part = 0; part < r.size(); ++part) r.fail_part(part, r.ec, r.diag);
    finished_.push(r);
}

void conversation::abandon_all(std::error_code why, const diagnostics& diag)
{
    if (!error_) error_ = why;
    if (diag_.empty()) diag_ = diag;
    const diagnostics sent = diag_.with_outcome(outcome::unknown);
    const diagnostics unsent = diag_.with_outcome(outcome::not_sent);
    if (!slots_.empty() && slots_.front().owner && has_failure_) settle(*slots_.front().owner);
    bool failed = has_failure_; // the server has said what became of the group at the head
    for (bool head = true; !slots_.empty(); head = false) {
        const slot s = slots_.front();
        pop_slot();
        if (s.owner && failed && !head) s.owner->fail_part(s.part, errc::skipped, {});
        if (s.owner && !failed) {
            s.owner->ec = error_; // rather than what the client may have found wrong with the rows
            s.owner->diag = sent;
            s.owner->fail_part(s.part, error_, sent);
        }
        if (s.owner && s.last && s.owner != &lookup_) finished_.push(*s.owner);
        failed = failed && !s.last;
    }
    while (detail::request* r = awaiting_.pop()) finish_unread(*r, error_, diag_);
    while (detail::request* r = healing_.pop()) give_up(*r, error_, sent);
    while (detail::request* r = reserved_.pop()) give_up(*r, error_, unsent);
    while (detail::request* r = waiting_.pop()) give_up(*r, error_, unsent);
    transaction_ = 0;
    in_flight_ = 0;
    abandoned_ = 0;
    has_failure_ = false;
    lookup_answered_ = false;
    lookup_.held = nullptr;
    step_ = step::ready;
}

bool conversation::stop(std::error_code why, diagnostics what)
{
    if (!error_) error_ = why;
    if (diag_.empty()) diag_ = std::move(what);
    return false;
}

bool conversation::illegal(const wire::frame& f)
{
    static constexpr const char* names[] = {"CloseComplete",
                                            "ParseComplete",
                                            "ParameterDescription",
                                            "RowDescription",
                                            "BindComplete",
                                            "the answer to Bind or Close of a portal",
                                            "the answer to a fetch",
                                            "rows",
                                            "a script's answers",
                                            "the end of COPY data",
                                            "the end of a refused COPY",
                                            "COPY data",
                                            "ReadyForQuery",
                                            "ReadyForQuery after an error"};
    const char* waits = slots_.empty() ? "nothing" : names[static_cast<std::size_t>(step_)];
    return stop(errc::protocol_violation,
                diagnostics::client("the server sent " + std::string(wire::message_name(f.type)) +
                                    " while the client waited for " + waits));
}

bool conversation::malformed(const wire::frame& f)
{
    return stop(errc::protocol_violation, diagnostics::client("the server sent a malformed " +
                                                              std::string(wire::message_name(f.type))));
}

} // namespace tusk::session
