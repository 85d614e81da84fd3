// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include "wire/frontend.hpp"

#include <cstddef>
#include <utility>

/// Cursors: named portals, which stay open behind their Sync until the transaction block ends. Opening, each fetch and
/// closing have a Sync of their own, so that other requests may come between them.
namespace tusk::session {

namespace {

/// A well-formed DataRow, of columns that nobody knows.
[[nodiscard]] bool is_row(std::span<const std::byte> body) noexcept
{
    wire::reader from(body);
    const std::size_t fields = from.u16();
    return !from.fault() && detail::row_fits(body, fields);
}

} // namespace

void conversation::send_portal(detail::request& r, wire::writer& out)
{
    if (r.kind == detail::request_kind::open_portal) return send_open_portal(r, out);
    slot& s = slots_.push();
    s.owner = &r;
    s.last = true;
    send_closes(s, out);
    const detail::portal_use use = r.with_portal();
    if (r.kind == detail::request_kind::fetch) {
        s.portal = portal_action::fetch;
        write(out, wire::execute{.portal = use.which->name, .max_rows = use.limit});
    } else {
        s.portal = portal_action::close;
        write(out, wire::close{.kind = 'P', .name = use.which->name});
    }
    write(out, wire::sync{});
}

conversation::step conversation::portal_step(const slot& s) noexcept
{
    switch (s.portal) {
    case portal_action::none:
        break;
    case portal_action::open:
    case portal_action::close:
        return step::portal;
    case portal_action::fetch:
        return step::fetch;
    }
    return step::ready;
}

/// BindComplete | CloseComplete, which also comes for a portal that there is not
bool conversation::on_portal(const wire::frame& f)
{
    const slot& s = slots_.front();
    const bool opens = s.portal == portal_action::open;
    if (f.type != (opens ? '2' : '3')) return illegal(f);
    if (!f.body.empty()) return malformed(f);
    step_ = step::ready;
    if (!opens || undescribed() || !s.owner) return true;
    begin_rows();
    detail::portal& opened = *s.owner->with_portal().which;
    opened.columns = columns_;
    opened.types_version = catalogue_.version();
    opened.formats = static_cast<std::uint8_t>(s.formats);
    s.owner->end(s.part, {});
    return true;
}

/// DataRow* (PortalSuspended | CommandComplete), of which this is the first
bool conversation::on_fetch(const wire::frame& f)
{
    if (detail::request* const owner = slots_.front().owner) {
        begin_fetch(*owner);
    } else { // who left took the columns along
        columns_ = nullptr;
        if (f.type == 'D') return is_row(f.body) || malformed(f);
    }
    step_ = step::rows;
    return on_rows(f);
}

/// The columns as they were bound; but more may be known of their types since, and the style of texts is that of now.
void conversation::begin_fetch(detail::request& owner)
{
    detail::portal& from = *owner.with_portal().which;
    if (from.columns && (from.types_version != catalogue_.version() || !in_style(*from.columns, style_))) {
        columns renewed = *from.columns;
        for (column& c : renewed)
            if (c.format == format::text) c.style = style_;
        from.columns = share(std::move(renewed), catalogue_.known());
        from.types_version = catalogue_.version();
    }
    columns_ = from.columns;
    owner.begin(slots_.front().part, columns_);
}

/// As many rows as were wanted have come. Whether there are more only the next fetch tells.
bool conversation::on_suspended(const wire::frame& f)
{
    if (slots_.front().portal != portal_action::fetch) return illegal(f);
    if (!f.body.empty()) return malformed(f);
    end_rows({});
    return true;
}

} // namespace tusk::session
