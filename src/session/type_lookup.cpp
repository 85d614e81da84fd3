// Distributed under the Boost Software License, Version 1.0.
#include "session/type_lookup.hpp"

#include <tusk/codec/standard.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/error.hpp>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

namespace tusk::session {
namespace {

// In the order of the statement's columns.
using texts = std::vector<std::string>;
using columns_of_type =
    std::tuple<oid, std::string, std::string, char, char, oid, oid, oid, std::int32_t, oid, oid, texts,
               std::vector<oid>, std::vector<std::int32_t>, texts, texts>;
using decoder = detail::row_decoder<columns_of_type>;

[[nodiscard]] bool read_kind(char letter, type_kind& out) noexcept
{
    switch (letter) {
    case 'b':
        out = type_kind::base;
        return true;
    case 'c':
        out = type_kind::composite;
        return true;
    case 'd':
        out = type_kind::domain;
        return true;
    case 'e':
        out = type_kind::enumeration;
        return true;
    case 'p':
        out = type_kind::pseudo;
        return true;
    case 'r':
        out = type_kind::range;
        return true;
    case 'm':
        out = type_kind::multirange;
        return true;
    default:
        return false;
    }
}

[[nodiscard]] statement_view statement_of(std::string_view sql) noexcept
{
    statement_view view;
    view.sql = sql;
    return view;
}

/// False for what is no type.
[[nodiscard]] bool read_type(columns_of_type& row, described_type& out)
{
    type_description& t = out.type;
    char kind = 0;
    texts fields;
    std::vector<oid> types;
    std::vector<std::int32_t> modifiers;
    std::tie(t.id, t.name, t.schema, kind, t.delimiter, t.array, t.element, t.base, t.base_modifier,
             t.subtype, t.multirange, fields, types, modifiers, t.labels, out.names) = std::move(row);
    if (!read_kind(kind, t.kind) || t.id == oid::none || types.size() != fields.size() ||
        modifiers.size() != fields.size())
        return false;
    for (std::size_t i = 0; i < fields.size(); ++i)
        t.fields.push_back({std::move(fields[i]), types[i], modifiers[i]});
    return true;
}

} // namespace

type_lookup::type_lookup() noexcept
{
    heals = UINT8_MAX; // so that it is sent without a name, and takes no statement's place
    awaits_types = true;
}

void type_lookup::ask(detail::type_wants wants)
{
    wants_ = std::move(wants);
    sql_ = describe_types(wants_.types, wants_.names);
    (void)restart();
    ec = {};
    diag = {};
    on_its_way = true;
}

bool type_lookup::asked(const detail::type_wants& wants) const noexcept
{
    const auto among = [](const auto& all) {
        return [&all](const auto& one) { return std::ranges::find(all, one) != all.end(); };
    };
    return std::ranges::all_of(wants.types, among(wants_.types)) &&
           std::ranges::all_of(wants.names, among(wants_.names));
}

std::vector<described_type> type_lookup::take() noexcept { return std::exchange(found_, {}); }

statement_view type_lookup::part(std::size_t) const noexcept { return statement_of(sql_); }

void type_lookup::begin(std::size_t, const columns_ptr& cols) noexcept
try {
    static const columns none;
    columns_ = cols ? cols.get() : &none;
    diagnostics why;
    if (const std::error_code wrong = decoder().plan(*columns_, why)) fail(wrong, std::move(why));
} catch (...) {
    fail(make_error_code(std::errc::not_enough_memory)); // what the rows hold has been dealt with
}

bool type_lookup::row(const detail::block_ptr&, std::span<const std::byte> body) noexcept
try {
    if (ec) return detail::row_fits(body, columns_->size());
    columns_of_type read;
    if (!decoder().decode(*columns_, body, read, ec, diag)) return ec != errc::protocol_violation;
    if (described_type found; read_type(read, found))
        found_.push_back(std::move(found));
    else
        fail(errc::invalid_value, diagnostics::client("the server's answer describes no type"));
    return true;
} catch (const detail::unknown_type_error& e) {
    fail(e.code(), e.diag());
    return true;
} catch (...) {
    fail(make_error_code(std::errc::not_enough_memory)); // what the rows hold has been dealt with
    return true;
}

bool type_lookup::restart() noexcept
{
    found_.clear();
    columns_ = nullptr;
    return true;
}

} // namespace tusk::session
