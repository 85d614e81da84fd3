// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include <tusk/error.hpp>

namespace tusk::session {

/// Query: ((RowDescription DataRow*)? CommandComplete | EmptyQueryResponse | CopyOut... | CopyIn...)*
/// ReadyForQuery
bool conversation::on_script(const wire::frame& f)
{
    slot& s = slots_.front();
    switch (f.type) {
    case 'T':
        return script_open_ ? illegal(f) : on_script_columns(f);
    case 'D':
        return script_open_ ? on_data_row(f) : illegal(f);
    case 'C': {
        wire::command_complete message;
        if (!read(f.body, message)) return malformed(f);
        heed_command(message.tag);
        if (!script_open_ && s.owner) s.owner->begin(script_part_, nullptr);
        if (s.owner) s.owner->end(script_part_, message.tag);
        break;
    }
    case 'I':
        if (!f.body.empty()) return malformed(f);
        if (script_open_) return illegal(f);
        if (s.owner) s.owner->begin(script_part_, nullptr);
        if (s.owner) s.owner->end(script_part_, {});
        break;
    case 'G':
    case 'H':
        return script_open_ ? illegal(f) : on_copy(f);
    case 'Z':
        return script_open_ ? illegal(f) : on_ready(f);
    default:
        return illegal(f);
    }
    ++script_part_;
    script_open_ = false;
    columns_ = nullptr;
    return true;
}

bool conversation::on_script_columns(const wire::frame& f)
{
    if (!take_columns(f, result_formats::text)) return malformed(f);
    script_open_ = true;
    slot& s = slots_.front();
    if (s.owner) s.owner->begin(script_part_, columns_);
    return true;
}

/// A COPY came through a query function: it is answered and reported, and the connection stays usable.
bool conversation::on_copy(const wire::frame& f)
{
    slot& s = slots_.front();
    const bool in = f.type == 'G';
    wire::copy_in_response to_server;
    wire::copy_out_response to_client;
    if (!(in ? read(f.body, to_server) : read(f.body, to_client))) return malformed(f);
    failure why;
    why.ec = errc::unexpected_copy;
    why.diag =
        diagnostics::client(in ? "COPY FROM STDIN cannot be run by a query function"
                               : "COPY TO STDOUT cannot be run by a query function; its data were dropped");
    why.part = s.simple ? script_part_ : s.part;
    fail_head(std::move(why));
    refuse_copy_ = in;
    step_ = in ? step::copy_in : step::copy_out;
    return true;
}

/// CopyOutResponse CopyData* CopyDone CommandComplete
bool conversation::on_copy_out(const wire::frame& f)
{
    slot& s = slots_.front();
    if (f.type == 'd') return true;
    if (f.type != 'c') return illegal(f);
    if (!f.body.empty()) return malformed(f);
    step_ = s.simple ? step::script : step::rows;
    return true;
}

} // namespace tusk::session
