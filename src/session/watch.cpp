// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"
#include "session/observation.hpp"

/// What is shown to who observes: messages to a trace, and what becomes of a request. Nothing here runs without one.
namespace tusk::session {

void conversation::set_trace(const wire_trace& to)
{
    if (tracer_) tracer_->stop();
    tracer_ = to.sink ? std::make_shared<wire::tracer>(to) : nullptr;
    watched_ = tracer_ || options_.on_request_event;
}

/// What commit() does, message by message.
bool conversation::take_in_watched()
{
    wire::frame f;
    auto got = inbox_.next(f);
    for (; got == wire::framing::message; got = inbox_.next(f)) {
        show(f);
        // who was shown it may have given the connection up
        if (error_ || !handle(f) || error_) return false;
    }
    return got == wire::framing::need_more || stop(inbox_.error(), inbox_.diag());
}

void conversation::show(const wire::frame& f)
{
    if (const auto tracer = tracer_) tracer->received(f);
    const bool aside = f.type == wire::parameter_status::type || f.type == wire::notice_response::type ||
                       f.type == wire::notification_response::type;
    detail::request* const owner = aside || slots_.empty() ? nullptr : slots_.front().owner;
    if (owner && owner->observed) owner->observed->received(*owner, f.type, f.body);
}

/// The request was written, as the slots and bytes behind these.
void conversation::note_sent(detail::request& r, std::size_t slots, std::size_t bytes)
{
    bool cached = true;
    for (std::size_t i = slots; i < slots_.size(); ++i) {
        const slot& s = slots_.at(i);
        cached = cached && (s.begin || (s.entry && !s.parse));
    }
    r.observed->sent(r, out_.size() - bytes, cached && !slots_.back().begin);
}

} // namespace tusk::session
