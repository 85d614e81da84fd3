// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include "session/touched.hpp"
#include "wire/frontend.hpp"

#include <tusk/error.hpp>

#include <algorithm>
#include <utility>

namespace tusk::session {

namespace {

constexpr std::size_t closes_per_write = 1000;
constexpr int cached_heals = 2; // a request that went stale more often is sent unnamed: that cannot go stale

[[nodiscard]] bool refuse(detail::request& r, errc why, const char* sentence)
{
    r.fail(why, diagnostics::client(sentence, outcome::not_sent));
    for (std::size_t part = 0; part < r.size(); ++part) r.fail_part(part, r.ec, r.diag);
    return false;
}

/// The format of all columns, where it is one.
[[nodiscard]] inline std::span<const format> one_for_all(result_formats asked) noexcept
{
    static constexpr format all_text = format::text;
    static constexpr format all_binary = format::binary;
    return {asked == result_formats::text ? &all_text : &all_binary, 1};
}

/// Whether it is the same piece of memory, as what equal statements of a batch have is.
template <class View>
[[nodiscard]] bool same(const View& a, const View& b) noexcept
{
    return a.data() == b.data() && a.size() == b.size();
}

} // namespace

conversation::conversation(const connection_options& options, server_state state, wire::inbox inbox,
                           std::string name_prefix)
    : options_(options)
    , server_(std::move(state))
    , inbox_(std::move(inbox))
    , cache_(options.statement_cache_capacity, std::move(name_prefix))
    , style_(server_.text_style())
{
    options_.max_in_flight = std::max<std::size_t>(options_.max_in_flight, 1);
    options_.write_size = std::max<std::size_t>(options_.write_size, 1);
    inbox_.set_limits({.max_message = options.max_message_size, .authenticated = true});
    set_trace(options.trace);
}

void conversation::submit(detail::request& r)
{
    if (!admit(r))
        finished_.push(r);
    else if (r.step == detail::transaction_step::outside && transaction_ != 0 && !ends_transaction())
        [[unlikely]]
        give_up(r, errc::already_in_transaction,
                diagnostics::client("a transaction is under way", outcome::not_sent));
    else if (r.transaction == 0)
        waiting_.push(r);
    else if (r.transaction == transaction_)
        reserved_.push(r);
    else
        give_up(r, errc::transaction_over, diagnostics::client("the transaction is over", outcome::not_sent));
}

/// False when the request can be answered without the server; it then holds why.
bool conversation::admit(detail::request& r) const
{
    if (error_) {
        r.fail(error_, diag_.with_outcome(outcome::not_sent));
        return false;
    }
    std::error_code wrong;
    diagnostics why;
    if (const std::size_t bad = r.bad_part(wrong, why); bad != r.none) {
        refuse_part(r, bad, wrong, why);
        return false;
    }
    if (options_.mode == statement_mode::simple) {
        if (r.kind == detail::request_kind::batch || r.kind == detail::request_kind::prepare)
            return refuse(r, errc::needs_extended_protocol,
                          "statement_mode::simple knows no batches and no prepared statements");
        if (r.kind == detail::request_kind::open_portal)
            return refuse(r, errc::needs_extended_protocol, "statement_mode::simple knows no cursors");
        if (r.part(0).parameters)
            return refuse(r, errc::needs_extended_protocol, "statement_mode::simple carries no parameters");
    }
    return r.size() != 0 || r.kind == detail::request_kind::types;
}

bool conversation::fill()
{
    if (error_) return false;
    if (barrier_ || refuse_copy_) [[unlikely]]
        send_piece();
    while (!fenced_ && !barrier_ && out_.size() < options_.write_size &&
           in_flight_ < options_.max_in_flight) {
        detail::request_queue& from = !healing_.empty() ? healing_ : transaction_ ? reserved_ : waiting_;
        detail::request* const r = from.front();
        if (!r) break;
        if (r->transaction || r->step != detail::transaction_step::none) [[unlikely]] {
            const turn next = turn_in_transaction(*r, from);
            if (next == turn::hold) break;
            if (next == turn::gone) continue;
        }
        if (r->names_types) [[unlikely]] {
            const turn next = turn_of(*r, from);
            if (next == turn::hold) break;
            if (next == turn::gone) continue;
        }
        (void)from.pop();
        send(*r);
    }
    if (!fenced_ && !awaiting_.empty()) [[unlikely]]
        look_up();
    if (tracer_ && !out_.empty()) [[unlikely]]
        std::shared_ptr(tracer_)->sent(out_.bytes());
    return !out_.empty();
}

void conversation::written() noexcept
{
    out_.clear();
    out_.release_above(4 * options_.write_size);
}

/// Writes all messages of the request, or none and gives it the reason.
void conversation::send(detail::request& r)
{
    const std::size_t bytes = out_.size();
    const std::size_t slots = slots_.size();
    wire::writer out(out_);
    bool copy_inside = false;
    group_start_ = slots;
    const bool begin = begins_transaction(r);
    if (begin) [[unlikely]]
        send_begin(r, out);
    if (r.kind == detail::request_kind::reset)
        send_reset(r, out);
    else if (r.kind == detail::request_kind::script || options_.mode == statement_mode::simple)
        send_script(r, out);
    else if (r.kind == detail::request_kind::prepare)
        send_prepare(r, out);
    else if (r.kind >= detail::request_kind::ping)
        r.kind == detail::request_kind::ping ? send_ping(r, out) : send_portal(r, out);
    else
        copy_inside = !send_statements(r, out);
    if (copy_inside || out.error()) {
        unsend(slots, bytes);
        give_up(r, copy_inside ? make_error_code(errc::unexpected_copy) : out.error(),
                diagnostics::client(copy_inside ? "a COPY can only be the last part of a batch"
                                                : "the request does not fit the protocol",
                                    outcome::not_sent));
        return;
    }
    if (const std::uint16_t closes = slots_.at(slots).closes) {
        auto& closed = cache_.to_close();
        closed.erase(closed.begin(), closed.begin() + closes);
    }
    if (begin) [[unlikely]] {
        begun_ = true;
        barrier_ = true; // what follows would run outside of a transaction if BEGIN failed
    }
    slots_.back().ends = r.step == detail::transaction_step::end;
    ++in_flight_;
    ++statistics_.requests;
    if (r.observed) [[unlikely]]
        note_sent(r, slots, bytes);
    if (slots == 0) start_head();
}

/// Takes back what was written since, and the statements that it would have prepared.
void conversation::unsend(std::size_t slots, std::size_t bytes)
{
    out_.truncate(bytes);
    barrier_ = false; // nothing is sent while it stands
    while (slots_.size() > slots) {
        slot& s = slots_.back();
        if (s.entry) {
            if (s.parse) cache_.drop(*s.entry, false);
            cache_.release(*s.entry);
        }
        slots_.pop_back();
    }
}

/// `repeated`: the statement is that of the slot before.
slot& conversation::push_slot(detail::request& r, const statement_view& b, std::uint32_t part, bool repeated)
{
    prepared* const known = repeated ? slots_.back().entry : nullptr;
    slot& s = slots_.push();
    s.owner = &r;
    s.part = part;
    s.formats = b.text_results || r.text_only ? result_formats::text : result_formats::binary;
    if (options_.mode != statement_mode::cached || cache_.capacity() == 0 || r.heals >= cached_heals ||
        r.unnamed) {
        s.parse = true;
        touched_ |= touched_by_text(b.sql);
        return s;
    }
    s.entry = known ? known : cache_.find(b.sql, b.declared);
    if (s.entry) {
        ++statistics_.cache_hits;
    } else {
        s.parse = true;
        ++statistics_.cache_misses;
        s.entry = &cache_.insert(b.sql, b.declared);
        statistics_.cache_evictions = cache_.evictions();
    }
    cache_.acquire(*s.entry);
    touched_ |= s.entry->touches;
    if (s.formats == result_formats::binary) s.formats = s.entry->formats;
    return s;
}

/// False where a COPY stands before the end: it would swallow what is sent behind it.
bool conversation::send_statements(detail::request& r, wire::writer& out)
{
    const auto count = static_cast<std::uint32_t>(r.size());
    std::string_view sql;
    std::span<const oid> declared;
    for (std::uint32_t part = 0; part < count && !out.error(); ++part) {
        statement_view b = r.part(part);
        const bool repeated = part > 0 && !b.places && same(b.sql, sql) && same(b.declared, declared);
        sql = b.sql;
        declared = b.declared;
        if (b.places) [[unlikely]]
            named_.put(b, catalogue_);
        slot& s = push_slot(r, b, part, repeated);
        send_statement(s, b, part + 1 == count, out);
        if (barrier_ && !s.last) return false;
    }
    return true;
}

void conversation::send_statement(slot& s, const statement_view& b, bool last, wire::writer& out)
{
    s.describe = s.parse;
    s.execute = true;
    s.last = last;
    send_closes(s, out);
    if (s.parse) {
        const std::string_view name = s.entry ? std::string_view(s.entry->name) : std::string_view{};
        write(out, wire::parse{.name = name, .sql = b.sql, .parameter_types = b.declared});
        write(out, wire::describe{.kind = 'S', .name = name});
    }
    send_execute(s, b, out);
    if (s.entry ? s.entry->is_copy : is_copy_statement(b.sql)) barrier_ = true;
    if (s.owner->kind == detail::request_kind::copy_in) barrier_ = true; // whatever the statement looks like
}

void conversation::send_prepare(detail::request& r, wire::writer& out)
{
    statement_view b = r.part(0);
    if (b.places) [[unlikely]]
        named_.put(b, catalogue_);
    slot& s = push_slot(r, b, 0, false);
    s.describe = true;
    s.last = true;
    const std::string_view name = s.entry ? std::string_view(s.entry->name) : std::string_view{};
    send_closes(s, out);
    if (s.parse) write(out, wire::parse{.name = name, .sql = b.sql, .parameter_types = b.declared});
    write(out, wire::describe{.kind = 'S', .name = name});
    write(out, wire::sync{});
}

/// Nothing is executed: the rows come when they are fetched.
void conversation::send_open_portal(detail::request& r, wire::writer& out)
{
    statement_view b = r.part(0);
    if (b.places) [[unlikely]]
        named_.put(b, catalogue_);
    slot& s = push_slot(r, b, 0, false);
    s.portal = portal_action::open;
    s.describe = s.parse;
    s.last = true;
    send_closes(s, out);
    const std::string_view name = s.entry ? std::string_view(s.entry->name) : std::string_view{};
    if (s.parse) {
        write(out, wire::parse{.name = name, .sql = b.sql, .parameter_types = b.declared});
        write(out, wire::describe{.kind = 'S', .name = name});
    }
    std::span<const format> wanted = one_for_all(s.formats);
    if (s.formats == result_formats::per_column && s.entry->columns) wanted = formats_of(*s.entry->columns);
    write(out, wire::bind{.portal = r.with_portal().which->name,
                          .statement = name,
                          .parameter_formats = b.formats,
                          .count = b.parameters,
                          .values = b.values,
                          .result_formats = wanted});
    write(out, wire::sync{});
}

void conversation::send_script(detail::request& r, wire::writer& out)
{
    slot& s = slots_.push();
    s.owner = &r;
    s.simple = true;
    s.last = true;
    const std::string_view sql = r.part(0).sql;
    touched_ |= touched_by_text(sql);
    write(out, wire::query{.sql = sql});
    barrier_ = true; // any of its statements may be a COPY
}

/// A Sync alone: the server answers it in every state, also in a transaction block that has failed.
void conversation::send_ping(detail::request& r, wire::writer& out)
{
    slot& s = slots_.push();
    s.owner = &r;
    s.last = true;
    send_closes(s, out);
    write(out, wire::sync{});
}

/// Nothing else is on the wire, so that all that was touched is known.
void conversation::send_reset(detail::request& r, wire::writer& out)
{
    slot& s = slots_.push();
    s.owner = &r;
    s.simple = true;
    s.last = true;
    const std::string_view fixed = r.part(0).sql;
    if (fixed.empty())
        write(out, wire::query{.sql = reset_text(touched_)});
    else
        write(out, wire::query{.sql = fixed});
    barrier_ = true;
    resetting_ = std::exchange(touched_, std::uint8_t{0}) | reset_under_way;
}

void conversation::send_closes(slot& s, wire::writer& out)
{
    if (slots_.size() - 1 != group_start_) return; // only at the front of a group can no failure skip it
    const auto& names = cache_.to_close();         // they leave the list once the request is written
    if (names.empty()) return;
    const std::size_t count = std::min(names.size(), closes_per_write);
    for (std::size_t i = 0; i < count; ++i) write(out, wire::close{.kind = 'S', .name = names[i]});
    s.closes = static_cast<std::uint16_t>(count);
}

/// Those of `columns`, good until they are asked for again.
std::span<const format> conversation::formats_of(const columns& of)
{
    codes_.clear();
    for (const column& c : of) codes_.push_back(c.format);
    return codes_;
}

void conversation::send_execute(const slot& s, const statement_view& b, wire::writer& out)
{
    static constexpr std::string_view unnamed("\0", 2);
    std::span<const format> wanted = one_for_all(s.formats);
    if (s.formats == result_formats::per_column && s.entry->columns) [[unlikely]]
        wanted = formats_of(*s.entry->columns);
    write(out, wire::run{.target = s.entry ? std::string_view(s.entry->target) : unnamed,
                         .parameter_formats = b.formats,
                         .count = b.parameters,
                         .values = b.values,
                         .result_formats = wanted,
                         .sync = s.last});
}

} // namespace tusk::session
