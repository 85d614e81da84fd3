// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"
#include "session/observation.hpp"

#include "session/touched.hpp"

#include <tusk/error.hpp>

#include <utility>

namespace tusk::session {

bool conversation::commit(std::size_t n)
{
    inbox_.commit(n);
    if (n) {
        ++statistics_.reads;
        statistics_.bytes_received += n;
    }
    if (error_) return false;
    if (watched_) [[unlikely]]
        return take_in_watched();
    wire::frame f;
    auto got = inbox_.next(f);
    while (got == wire::framing::message) {
        if (f.type == 'D' && step_ == step::rows) [[likely]] { // there is a slot then
            if (!on_data_rows(f, got)) return false;
        } else {
            if (!handle(f)) return false;
            got = inbox_.next(f);
        }
    }
    return got == wire::framing::need_more || stop(inbox_.error(), inbox_.diag());
}

bool conversation::handle(const wire::frame& f)
{
    switch (f.type) {
    case 'S':
        return on_parameter_status(f);
    case 'N':
        return on_notice_response(f);
    case 'A':
        return on_notification_response(f);
    case 'E':
        return on_error(f);
    default:
        return slots_.empty() ? illegal(f) : handle_in_step(f);
    }
}

bool conversation::handle_in_step(const wire::frame& f)
{
    switch (step_) {
    case step::rows:
        return on_rows(f);
    case step::close:
        return on_empty_message(f, '3');
    case step::parse:
        return on_empty_message(f, '1');
    case step::parameters:
        return on_parameters(f);
    case step::columns:
        return on_columns(f);
    case step::bind:
        return on_bound(f);
    case step::portal:
        return on_portal(f);
    case step::fetch:
        return on_fetch(f);
    case step::script:
        return on_script(f);
    case step::sending:
    case step::copy_in:
        return illegal(f);
    case step::copy_out:
        return on_copy_out(f);
    case step::ready:
    case step::skipping:
        return on_ready(f);
    }
    return illegal(f);
}

/// The first step of the slot that came to the head.
void conversation::start_head() noexcept
{
    const slot& s = slots_.front();
    if (s.describe || s.simple || s.begin)
        columns_ = nullptr; // else they are still those of the statement before
    closes_left_ = s.closes;
    if (s.simple) {
        step_ = step::script;
        script_part_ = 0;
        script_open_ = false;
    } else if (s.closes) {
        step_ = step::close;
    } else {
        step_ = first_step(s);
    }
}

/// Of a slot of the extended protocol, behind what it closes. A Sync alone has nothing in front of it.
conversation::step conversation::first_step(const slot& s) noexcept
{
    return s.parse ? step::parse : s.describe ? step::parameters : s.execute ? step::bind : portal_step(s);
}

/// CloseComplete* ParseComplete? (ParameterDescription (RowDescription | NoData))? (BindComplete rows | a portal's)?
void conversation::next_step() noexcept
{
    const slot& s = slots_.front();
    switch (step_) {
    case step::close:
        if (--closes_left_ == 0) step_ = first_step(s);
        return;
    case step::parse:
        step_ = s.describe ? step::parameters : step::bind; // BEGIN is not described
        return;
    case step::parameters:
        step_ = step::columns;
        return;
    default:
        step_ = s.execute ? step::bind : portal_step(s);
        return;
    }
}

bool conversation::on_empty_message(const wire::frame& f, char expected)
{
    if (f.type != expected) return illegal(f);
    if (!f.body.empty()) return malformed(f);
    slot& s = slots_.front();
    if (step_ == step::parse && s.entry) s.entry->state = prepared::status::ready;
    next_step();
    return true;
}

bool conversation::on_bound(const wire::frame& f)
{
    if (f.type != '2') return illegal(f);
    if (!f.body.empty()) return malformed(f);
    begin_rows();
    step_ = step::rows;
    return true;
}

bool conversation::on_parameters(const wire::frame& f)
{
    if (f.type != 't') return illegal(f);
    wire::parameter_description message;
    if (!read(f.body, message)) return malformed(f);
    parameters_ = std::move(message.types);
    next_step();
    return true;
}

bool conversation::on_columns(const wire::frame& f)
{
    slot& s = slots_.front();
    if (f.type == 'n') {
        if (!f.body.empty()) return malformed(f);
        columns_ = nullptr;
    } else if (f.type == 'T') {
        // Describe of a statement always says format 0: what counts is what was asked for
        if (!take_columns(f, s.formats)) return malformed(f);
    } else {
        return illegal(f);
    }
    if (s.entry && s.entry->state == prepared::status::foreign) {
        (void)undescribed();
    } else if (s.entry) {
        s.entry->described = true;
        s.entry->parameters = parameters_;
        s.entry->types_version = catalogue_.version();
        s.entry->columns = s.formats == s.entry->formats
                               ? columns_
                               : with_formats(columns_, s.entry->formats, style_, catalogue_.known());
    }
    if (!s.execute && s.owner) s.owner->describe(parameters_, columns_);
    next_step();
    return true;
}

bool conversation::take_columns(const wire::frame& f, result_formats as)
{
    columns described;
    if (!wire::read(f.body, described)) return false;
    set_formats(described, as, style_);
    columns_ = share(std::move(described), catalogue_.known());
    return true;
}

/// The statement is bound: its columns are known, and in which formats they come.
void conversation::begin_rows()
{
    slot& s = slots_.front();
    if (s.entry && !s.parse) {
        columns_ptr& known = s.entry->columns;
        if (s.formats != s.entry->formats) {
            columns_ = with_formats(known, s.formats, style_, catalogue_.known());
        } else {
            // DateStyle or TimeZone has changed since, or more types are known
            if ((s.formats != result_formats::binary && known && !in_style(*known, style_)) ||
                s.entry->types_version != catalogue_.version()) [[unlikely]] {
                known = with_formats(known, s.formats, style_, catalogue_.known());
                s.entry->types_version = catalogue_.version();
            }
            if (columns_ != known) columns_ = known; // the same again costs no reference
        }
    }
    if (s.owner && !s.begin) s.owner->begin(s.part, columns_);
}

bool conversation::on_rows(const wire::frame& f)
{
    switch (f.type) {
    case 'D':
        return on_data_row(f);
    case 'C':
        return on_command_complete(f);
    case 'I':
        if (columns_) return illegal(f);
        if (!f.body.empty()) return malformed(f);
        end_rows({});
        return true;
    case 's':
        return on_suspended(f);
    case 'G':
    case 'H':
        return columns_ || slots_.front().begin ? illegal(f) : on_copy(f);
    default:
        return illegal(f);
    }
}

bool conversation::on_data_row(const wire::frame& f)
{
    if (!columns_) [[unlikely]]
        return undescribed() || illegal(f);
    detail::request* const owner = slots_.front().owner;
    const bool fits = owner ? owner->row(inbox_.block(), f.body) : detail::row_fits(f.body, columns_->size());
    return fits || malformed(f);
}

/// The rows that have been received of the statement at the head, without a look at anything else in between. `f` and
/// `got` become what comes behind them.
bool conversation::on_data_rows(wire::frame& f, wire::framing& got)
{
    detail::request* const owner = columns_ ? slots_.front().owner : nullptr;
    do {
        if (!owner ? !on_data_row(f) : !owner->row(inbox_.block(), f.body))
            return owner ? malformed(f) : false;
        if (error_) return false; // a function that was shown the row gave the connection up
        got = inbox_.next(f);
    } while (got == wire::framing::message && f.type == 'D');
    return true;
}

bool conversation::on_command_complete(const wire::frame& f)
{
    wire::command_complete message;
    if (!read(f.body, message)) return malformed(f);
    heed_command(message.tag);
    end_rows(message.tag);
    return true;
}

/// What a command did to things that are remembered. What it may have done to DateStyle and TimeZone the server
/// reports at the end of the group only; until then nothing is read that hangs on them.
void conversation::heed_command(std::string_view tag)
{
    if (tag == "DISCARD ALL" || tag == "DEALLOCATE ALL") cache_.forget_all();
    if (!resetting_) touched_ |= touched_by_tag(tag, columns_ != nullptr);
    if (tag == "DISCARD ALL") touched_ = 0;
    if (tag == "UNLISTEN" || tag == "DISCARD ALL") ++unlistened_;
    const bool of_types = tag.starts_with("ALTER ") || tag.starts_with("DROP ");
    if (!of_types && tag != "SET" && tag != "RESET" && tag != "COMMIT" && tag != "ROLLBACK" &&
        tag != "DISCARD ALL")
        return;
    catalogue_.heed(tag, !server_.parameter("search_path").empty());
    if (of_types) return;
    style_ = {.order = text_style::date_order::unknown, .zones = text_style::zone_names::unknown};
    style_in_doubt_ = true;
}

/// True when nobody knows the columns of what was sent behind its Parse. Either the Describe failed, and it
/// could still be bound: its rows cannot be read, and what it did stays done. Or the Parse failed for the
/// name was already somebody else's: theirs was run, and ours is still to be run.
bool conversation::undescribed()
{
    const slot& s = slots_.front();
    if (!s.entry || s.parse || s.entry->described) return false;
    const bool foreign = s.entry->state == prepared::status::foreign;
    fail_head({.ec = errc::stale_statement,
               .diag = diagnostics::client(
                   foreign ? "a statement of the same name, which is somebody else's, was run"
                           : "the statement ran, but its columns are unknown"),
               .part = s.part,
               .stale = foreign,
               .stale_name = foreign});
    return true;
}

/// A statement of the extended protocol has completed; its group may still fail at its Sync.
void conversation::end_rows(std::string_view tag)
{
    slot& s = slots_.front();
    if (!s.entry || s.parse || s.entry->described || !undescribed() ||
        s.entry->state != prepared::status::foreign)
        group_ran_ = true;
    if (s.owner && !s.begin) s.owner->end(s.part, tag);
    if (s.last) {
        step_ = step::ready;
        return;
    }
    pop_slot();
    start_head();
}

void conversation::pop_slot() noexcept
{
    if (prepared* entry = slots_.front().entry) cache_.release(*entry);
    slots_.pop_front();
}

bool conversation::on_ready(const wire::frame& f)
{
    if (f.type != 'Z') return illegal(f);
    wire::ready_for_query message;
    if (!read(f.body, message)) return malformed(f);
    server_.transaction = message.status;
    if (std::exchange(style_in_doubt_, false)) style_ = server_.text_style();
    if (message.status == 'I') catalogue_.settled();
    finish_group();
    if (unlistened_ && message.status == 'I' && !error_) [[unlikely]] {
        unlistened_ = 0;
        if (on_unlistened) on_unlistened();
    }
    if (!encoding_changed_) return !error_; // a function that was shown a row gave the connection up
    return stop(errc::client_encoding_changed,
                diagnostics::client("the server's client_encoding was changed to " +
                                    std::string(server_.parameter("client_encoding")) + "; tusk needs UTF8"));
}

/// ReadyForQuery: the group at the head leaves the pipeline, and its request is finished or sent anew.
void conversation::finish_group()
{
    detail::request* owner = slots_.front().owner;
    const bool at_begin = slots_.front().begin; // where it failed, or by itself
    const bool alone = at_begin && slots_.front().last;
    bool ends = false;
    const bool abandoned = !owner && !slots_.front().drains;
    const bool heal = has_failure_ && owner && may_heal(*owner) && owner->restart();
    if (owner && has_failure_ && !heal) settle(*owner);
    for (bool last = false, head = true; !last; head = false) {
        slot& s = slots_.front();
        last = s.last;
        ends = s.ends;
        if (has_failure_ && !head && s.owner && !heal && s.part != failure_.part)
            s.owner->fail_part(s.part, errc::skipped, {});
        if (has_failure_) fail_skipped(s);
        pop_slot();
    }
    if (heal) {
        ++owner->heals;
        ++statistics_.heals;
        owner->ec = {};
        owner->diag = {};
        if (owner->observed) owner->observed->restart();
        healing_.push(*owner);
    } else if (owner) {
        if (alone && !has_failure_) [[unlikely]]
            healing_.push(*owner); // its own turn comes now
        else if (owner->awaits_types) [[unlikely]]
            put_aside(*owner);
        else
            finished_.push(*owner);
    }
    if (abandoned) --abandoned_;
    --in_flight_;
    ++answered_;
    barrier_ = barrier_ && !slots_.empty(); // what raised it is the last that was sent
    refuse_copy_ = false;
    copied_ = false;
    sync_due_ = false;
    if (transaction_) [[unlikely]]
        heed_transaction(at_begin, alone, ends, owner);
    if (resetting_) [[unlikely]] // what has failed is done by the next
        touched_ |= has_failure_ ? resetting_ & ~reset_under_way : 0;
    resetting_ = 0;
    group_ran_ = false;
    if (has_failure_) failure_ = {};
    has_failure_ = false;
    if (slots_.empty())
        step_ = step::ready;
    else
        start_head();
    if (lookup_answered_) [[unlikely]]
        on_types();
}

} // namespace tusk::session
