// Distributed under the Boost Software License, Version 1.0.
#include <tusk/conninfo.hpp>

#include "conninfo/environment.hpp"
#include "conninfo/failure.hpp"
#include "conninfo/merge.hpp"
#include "conninfo/model.hpp"
#include "conninfo/parse.hpp"

#include <tusk/error.hpp>

#include <algorithm>

namespace tusk {
namespace {

void throw_if(std::error_code ec, diagnostics diag)
{
    if (ec) throw error(ec, std::move(diag));
}

/// A value in the keyword/value form, quoted where it must be.
void append_value(std::string& to, std::string_view value)
{
    const bool plain = !value.empty() && value.find_first_of(" \t\n\v\f\r'\\") == std::string_view::npos;
    if (plain) {
        to += value;
        return;
    }
    to += '\'';
    for (const char c : value) {
        if (c == '\'' || c == '\\') to += '\\';
        to += c;
    }
    to += '\'';
}

} // namespace

conninfo::conninfo() noexcept = default;
conninfo::conninfo(const conninfo& other) = default;
conninfo::conninfo(conninfo&& other) noexcept = default;
conninfo& conninfo::operator=(const conninfo& other) = default;
conninfo& conninfo::operator=(conninfo&& other) noexcept = default;
conninfo::~conninfo() = default;

conninfo conninfo::parse(std::string_view text, std::error_code& ec, diagnostics& diag)
{
    conninfo parsed;
    const conn::failure why = conn::parse(text, parsed);
    why.report(ec, diag);
    return why ? conninfo() : parsed;
}

conninfo conninfo::parse(std::string_view text, std::error_code& ec)
{
    diagnostics unused;
    return parse(text, ec, unused);
}

conninfo conninfo::parse(std::string_view text)
{
    std::error_code ec;
    diagnostics diag;
    conninfo parsed = parse(text, ec, diag);
    throw_if(ec, std::move(diag));
    return parsed;
}

void conninfo::set(std::string_view keyword, std::string_view value, std::error_code& ec, diagnostics& diag)
{
    conn::store(*this, keyword, value, conn::mention::by_name).report(ec, diag);
}

void conninfo::set(std::string_view keyword, std::string_view value)
{
    std::error_code ec;
    diagnostics diag;
    set(keyword, value, ec, diag);
    throw_if(ec, std::move(diag));
}

void conninfo::set_dbname(std::string_view name_or_string, std::error_code& ec, diagnostics& diag)
{
    if (!conn::is_connection_string(name_or_string)) return set("dbname", name_or_string, ec, diag);
    conninfo expanded = *this;
    const conn::failure why = conn::parse(name_or_string, expanded);
    why.report(ec, diag);
    if (!why) *this = std::move(expanded);
}

void conninfo::set_dbname(std::string_view name_or_string)
{
    std::error_code ec;
    diagnostics diag;
    set_dbname(name_or_string, ec, diag);
    throw_if(ec, std::move(diag));
}

void conninfo::unset(std::string_view keyword) noexcept
{
    const std::size_t index = conn::find_parameter(keyword);
    const auto at =
        std::find_if(items_.begin(), items_.end(), [&](const item& i) { return i.index == index; });
    if (at != items_.end()) items_.erase(at);
}

std::string_view conninfo::get(std::string_view keyword) const noexcept
{
    const std::size_t index = conn::find_parameter(keyword);
    return index == conn::no_parameter ? std::string_view() : conn::access::get(*this, conn::key(index));
}

bool conninfo::has(std::string_view keyword) const noexcept
{
    const std::size_t index = conn::find_parameter(keyword);
    return index != conn::no_parameter && conn::access::has(*this, conn::key(index));
}

bool conninfo::empty() const noexcept { return items_.empty(); }

std::vector<conninfo::entry> conninfo::list() const
{
    std::vector<entry> out;
    out.reserve(items_.size());
    for (const item& i : items_) {
        const conn::parameter& row = conn::parameters[i.index];
        out.push_back({row.keyword, row.is_secret() ? "********" : i.value.str(), i.source, row.is_secret()});
    }
    return out;
}

conninfo conninfo::effective(std::error_code& ec, diagnostics& diag) const
{
    conninfo merged;
    const conn::failure why = conn::merge_with_passfile(*this, conn::process_environment(), merged);
    why.report(ec, diag);
    return why ? conninfo() : merged;
}

conninfo conninfo::effective() const
{
    std::error_code ec;
    diagnostics diag;
    conninfo merged = effective(ec, diag);
    throw_if(ec, std::move(diag));
    return merged;
}

std::string conninfo::to_string() const
{
    std::string out;
    for (const item& i : items_) {
        const conn::parameter& row = conn::parameters[i.index];
        if (row.is_secret()) continue;
        if (!out.empty()) out += ' ';
        out += row.keyword;
        out += '=';
        append_value(out, i.value);
    }
    return out;
}

bool operator==(const conninfo& a, const conninfo& b) noexcept
{
    return std::equal(a.items_.begin(), a.items_.end(), b.items_.begin(), b.items_.end(),
                      [](const conninfo::item& x, const conninfo::item& y) {
                          return x.index == y.index && x.value.view() == y.value.view();
                      });
}

const conninfo::item* detail::conninfo_access::find(const conninfo& in, conn::key which) noexcept
{
    for (const conninfo::item& i : in.items_)
        if (i.index == which.index()) return &i;
    return nullptr;
}

void detail::conninfo_access::put(conninfo& to, conn::key which, std::string_view value, source from)
{
    conn::secret copy(value); // first: the value may lie in the item that it replaces
    const auto at = std::find_if(to.items_.begin(), to.items_.end(),
                                 [&](const conninfo::item& i) { return i.index >= which.index(); });
    if (at != to.items_.end() && at->index == which.index()) {
        at->source = from;
        at->value = std::move(copy);
    } else {
        to.items_.insert(at, conninfo::item{which.index(), from, std::move(copy)});
    }
}

bool detail::conninfo_access::has(const conninfo& in, conn::key which) noexcept
{
    return find(in, which) != nullptr;
}

std::string_view detail::conninfo_access::get(const conninfo& in, conn::key which) noexcept
{
    const conninfo::item* found = find(in, which);
    return found ? found->value.view() : std::string_view();
}

enum conninfo::source detail::conninfo_access::source_of(const conninfo& in, conn::key which) noexcept
{
    const conninfo::item* found = find(in, which);
    return found ? found->source : source::default_;
}

std::string conn::label(const conninfo& in, key which)
{
    std::string out(which.row().keyword);
    switch (access::source_of(in, which)) {
    case conninfo::source::service:
        out += " (from the service file)";
        break;
    case conninfo::source::environment:
        out.append(" (from ").append(which.row().variable).append(")");
        break;
    default:
        break;
    }
    return out;
}

} // namespace tusk
