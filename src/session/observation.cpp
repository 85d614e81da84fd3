// Distributed under the Boost Software License, Version 1.0.
#include "session/observation.hpp"

#include <tusk/command.hpp>

#include "wire/backend.hpp"

#include <memory>
#include <system_error>
#include <utility>

namespace tusk {

std::string_view request_event::sql(std::size_t statement) const noexcept
{
    return statement < of_.size() ? of_.part(statement).sql : std::string_view();
}

namespace detail {

namespace {

constexpr std::size_t header_size = 5;

[[nodiscard]] enum request_event::kind kind_of(const request& r) noexcept
{
    using kind = enum request_event::kind;
    if (r.step == transaction_step::begin) return kind::begin_transaction;
    if (r.step == transaction_step::end) return kind::end_transaction;
    switch (r.kind) {
    case request_kind::query:
        return kind::query;
    case request_kind::batch:
        return kind::batch;
    case request_kind::prepare:
        return kind::prepare;
    case request_kind::script:
        return kind::script;
    case request_kind::types:
        return kind::describe_type;
    case request_kind::copy_in:
        return kind::copy_in;
    case request_kind::copy_out:
        return kind::copy_out;
    case request_kind::ping:
        return kind::ping;
    case request_kind::reset:
        return kind::reset;
    case request_kind::open_portal:
        return kind::open_cursor;
    case request_kind::fetch:
        return kind::fetch;
    case request_kind::close_portal:
        return kind::close_cursor;
    }
    return kind::query;
}

const diagnostics nothing_said;

} // namespace

observation::observation(std::shared_ptr<const hook> tell, std::int32_t process_id) noexcept
    : tell_(std::move(tell))
    , process_id_(process_id)
{
}

void observation::begin(const request& of) noexcept
{
    id_ = of.id;
    kind_ = kind_of(of);
    tell(request_event::step::begin, of, {}, nothing_said);
}

void observation::sent(const request& of, std::size_t bytes, bool cached) noexcept
{
    if (!sent_) sent_ = elapsed();
    bytes_sent_ += bytes;
    cached_ = cached;
    resent_ = of.heals;
}

void observation::received(const request& of, char type, std::span<const std::byte> body) noexcept
{
    bytes_received_ += header_size + body.size();
    if (type == wire::data_row::type) ++rows_;
    if (type == wire::command_complete::type) {
        wire::command_complete message;
        if (read(body, message)) rows_affected_ += affected_rows(message.tag);
    }
    if (first_answer_) return;
    first_answer_ = elapsed();
    tell(request_event::step::first_answer, of, {}, nothing_said);
}

void observation::restart() noexcept
{
    rows_ = 0;
    rows_affected_ = 0;
}

void observation::end(const request& of) noexcept { tell(request_event::step::end, of, of.ec, of.diag); }

/// What a hook throws is nobody's business: the request goes on.
void observation::tell(enum request_event::step what, const request& of, std::error_code ec,
                       const diagnostics& diag) noexcept
try {
    request_event e(of, context_, diag);
    e.step = what;
    e.kind = kind_;
    e.id = id_;
    e.process_id = process_id_;
    e.statements = of.size();
    e.begun = begun_;
    e.sent = sent_;
    e.first_answer = first_answer_;
    if (what != request_event::step::begin) e.elapsed = elapsed();
    e.bytes_sent = bytes_sent_;
    e.bytes_received = bytes_received_;
    e.rows = rows_;
    e.rows_affected = rows_affected_;
    e.cached = cached_;
    e.resent = resent_;
    e.ec = ec;
    (*tell_)(e);
} catch (...) {
    // see above
}

void request::tell_end() noexcept
{
    const std::unique_ptr<observation> last(std::exchange(observed, nullptr));
    last->end(*this);
}

} // namespace detail
} // namespace tusk
