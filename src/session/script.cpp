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
        return script_open_ || slots_.front().begin ? illegal(f) : on_script_columns(f);
    case 'D':
        return script_open_ ? on_data_row(f) : illegal(f);
    case 'C': {
        wire::command_complete message;
        if (!read(f.body, message)) return malformed(f);
        heed_command(message.tag);
        if (s.begin) break;
        if (!script_open_ && s.owner) s.owner->begin(script_part_, nullptr);
        if (s.owner) s.owner->end(script_part_, message.tag);
        break;
    }
    case 'I':
        if (!f.body.empty()) return malformed(f);
        if (script_open_ || s.begin) return illegal(f);
        if (s.owner) s.owner->begin(script_part_, nullptr);
        if (s.owner) s.owner->end(script_part_, {});
        break;
    case 'G':
    case 'H':
        return script_open_ || s.begin ? illegal(f) : on_copy(f);
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

} // namespace tusk::session
