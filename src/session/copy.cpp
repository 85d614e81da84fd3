// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"
#include "session/observation.hpp"

#include "wire/frontend.hpp"

#include <tusk/error.hpp>

#include <algorithm>
#include <utility>

/// COPY: its data, and what is to be done when nobody wants to send or receive any. Nothing else is sent meanwhile.
namespace tusk::session {

bool conversation::has_piece() const noexcept
{
    return refuse_copy_ || (sync_due_ && step_ == step::skipping) ||
           (step_ == step::sending && slots_.front().owner->has_output);
}

/// What goes out in the middle of a request.
void conversation::send_piece()
{
    const std::size_t before = out_.size();
    send_next_piece();
    detail::request* const owner = slots_.empty() ? nullptr : slots_.front().owner;
    if (owner && owner->observed) owner->observed->sent_more(out_.size() - before);
}

void conversation::send_next_piece()
{
    if (refuse_copy_) return send_copy_refusal();
    if (step_ == step::sending) return send_copy_data();
    if (!sync_due_ || step_ != step::skipping) return;
    wire::writer out(
        out_); // the COPY failed while data were being sent: the server drops what comes before a Sync
    end_copy_in(out);
}

/// A piece that is alone goes out from the memory that it was gathered in. A huge one is cut, since the server takes no
/// message of its size.
void conversation::send_data(detail::copy_buffer& piece, wire::writer& out)
{
    constexpr std::size_t longest = std::size_t{1} << 20;
    std::span<const std::byte> left = piece.bytes().subspan(detail::copy_output::header);
    if (out_.empty() && left.size() <= longest) {
        wire::write_copy_data_header(piece.data(), left.size());
        out_.swap(piece);
        return;
    }
    while (!left.empty()) {
        const auto some = left.first(std::min(left.size(), longest));
        write(out, wire::copy_data{.bytes = some});
        left = left.subspan(some.size());
    }
}

/// CopyData* (CopyDone | CopyFail)
void conversation::send_copy_data()
{
    using what = detail::copy_output::what;
    wire::writer out(out_);
    detail::request& owner = *slots_.front().owner; // cancel() makes a refusal of one that has left
    while (owner.has_output && out_.size() < options_.write_size) {
        const detail::copy_output next = owner.next_output();
        switch (next.kind) {
        case what::nothing:
            return;
        case what::data:
            send_data(*next.data, out);
            break;
        case what::done:
            write(out, wire::copy_done{});
            step_ = slots_.front().simple ? step::script : step::rows;
            return end_copy_in(out);
        case what::fail:
            write(out, wire::copy_fail{.reason = next.reason});
            step_ = step::copy_in;
            return end_copy_in(out);
        }
    }
}

/// The extended protocol needs another Sync: that which was sent with the request was swallowed in copy mode.
void conversation::end_copy_in(wire::writer& out)
{
    if (std::exchange(sync_due_, false)) write(out, wire::sync{});
}

/// CopyInResponse | CopyOutResponse
bool conversation::on_copy(const wire::frame& f)
{
    slot& s = slots_.front();
    const bool in = f.type == 'G';
    wire::copy_in_response to_server;
    wire::copy_out_response to_client;
    if (!(in ? read(f.body, to_server) : read(f.body, to_client))) return malformed(f);
    sync_due_ = in && !s.simple;
    const auto wanted = in ? detail::request_kind::copy_in : detail::request_kind::copy_out;
    if (!s.owner || s.owner->kind != wanted || copied_) {
        refuse_copy(s, in);
        return true;
    }
    copied_ = true;
    step_ = in ? step::sending : step::copy_out;
    s.owner->copy_begin(in ? to_server.columns : to_client.columns);
    return true;
}

/// It is answered and reported, and the connection stays usable.
void conversation::refuse_copy(const slot& s, bool in)
{
    using detail::request_kind;
    failure why;
    if (s.owner && (s.owner->kind == request_kind::copy_in || s.owner->kind == request_kind::copy_out)) {
        why.ec = errc::wrong_copy;
        why.diag = diagnostics::client(copied_ ? "a request runs one COPY at most"
                                       : in    ? "COPY FROM STDIN is run by async_copy_in"
                                               : "COPY TO STDOUT is run by async_copy_out");
    } else {
        why.ec = errc::unexpected_copy;
        why.diag = diagnostics::client(
            in ? "COPY FROM STDIN cannot be run by a query function"
               : "COPY TO STDOUT cannot be run by a query function; its data were dropped");
    }
    why.part = s.simple ? script_part_ : s.part;
    fail_head(std::move(why));
    refuse_copy_ = in;
    step_ = in ? step::copy_in : step::copy_out;
}

/// The server waits for data that nobody will send.
void conversation::send_copy_refusal()
{
    refuse_copy_ = false;
    wire::writer out(out_);
    const bool wanted = slots_.front().owner && has_failure_; // by whoever did not know that it is a COPY
    write(out, wire::copy_fail{.reason = wanted ? "COPY FROM STDIN is not run by a query function"
                                                : "the client has given the COPY up"});
    end_copy_in(out);
}

/// CopyOutResponse CopyData* CopyDone CommandComplete
bool conversation::on_copy_out(const wire::frame& f)
{
    slot& s = slots_.front();
    if (f.type == 'd') {
        if (s.owner && !has_failure_) s.owner->copy_data(inbox_.block(), f.body); // else it is refused
        return true;
    }
    if (f.type != 'c') return illegal(f);
    if (!f.body.empty()) return malformed(f);
    step_ = s.simple ? step::script : step::rows;
    return true;
}

} // namespace tusk::session
