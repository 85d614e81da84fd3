// Distributed under the Boost Software License, Version 1.0.
#include "session/type_catalogue.hpp"

#include <tusk/detail/parts.hpp>
#include <tusk/detail/sql_type_name.hpp>

#include <algorithm>

namespace tusk::session {

type_ptr type_catalogue::find(oid type) const
{
    const type_ptr* const found = known_ ? known_->find(type) : nullptr;
    return found ? *found : detail::describe_built_in(type);
}

oid type_catalogue::find(std::string_view name) const noexcept
{
    const auto found = names_.find(name);
    return found == names_.end() ? oid::none : found->second;
}

void type_catalogue::learn(std::vector<described_type> types)
{
    const bool full = known_ && known_->types.size() + types.size() > max_types;
    auto merged = std::make_shared<detail::type_map>();
    if (full) names_.clear();
    for (described_type& t : types) {
        for (std::string& name : t.names) names_.insert_or_assign(std::move(name), t.type.id);
        merged->types.push_back(std::make_shared<const type_description>(std::move(t.type)));
    }
    if (known_ && !full) // behind what is new, so that of two the new one stays
        merged->types.insert(merged->types.end(), known_->types.begin(), known_->types.end());
    const auto id = [](const type_ptr& t) { return t->id; };
    std::ranges::stable_sort(merged->types, {}, id);
    const auto same = [](const type_ptr& a, const type_ptr& b) { return a->id == b->id; };
    merged->types.erase(std::unique(merged->types.begin(), merged->types.end(), same), merged->types.end());
    known_ = std::move(merged);
    ++version_;
}

void type_catalogue::forget() noexcept
{
    names_.clear();
    if (!known_) return;
    known_ = nullptr;
    ++version_;
}

void type_catalogue::heed(std::string_view tag, bool search_path_reported) noexcept
{
    if (tag.starts_with("ALTER ") || tag.starts_with("DROP ")) {
        types_in_doubt_ = true;
        forget();
    } else if (tag == "COMMIT" || tag == "ROLLBACK") {
        if (types_in_doubt_) forget();
        if (names_in_doubt_) forget_names();
    } else if (tag == "DISCARD ALL" || (!search_path_reported && (tag == "SET" || tag == "RESET"))) {
        names_in_doubt_ = true;
        forget_names();
    }
}

namespace {

// Everything is named with its schema, operators too: what search_path holds is of no matter. The types in front of
// "{types}" and "{names}" are replaced. A name that means nothing may be that of a type of an extension, installed
// where search_path does not look; other types are not guessed, since anybody may make one of that name.
// needed is read as an array so that the planner does not take it for thousands, and begins to compile.
constexpr std::string_view statement = R"(with recursive
    asked(name, id) as (
        select a.name, coalesce(pg_catalog.to_regtype(a.name)::pg_catalog.oid, (
            select case when a.is_array then pg_catalog.min(o.typarray) else pg_catalog.min(o.oid) end
            from pg_catalog.pg_type o
            where o.typname operator(pg_catalog.=) a.plain::pg_catalog.name and exists (
                select from pg_catalog.pg_depend d
                where d.classid operator(pg_catalog.=) 1247::pg_catalog.oid
                    and d.objid operator(pg_catalog.=) o.oid and d.deptype operator(pg_catalog.=) 'e')
            having pg_catalog.count(*) operator(pg_catalog.=) 1))
        from (values (null::pg_catalog.text, null::pg_catalog.text, false){names}) as a(name, plain, is_array)),
    needed(id) as (
        select a.id from asked a where a.id is not null
        union select pg_catalog.unnest('{{types}}'::pg_catalog.oid[])
        union select i.id
        from needed n join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) n.id, lateral (
            select t.typelem
            union all select t.typbasetype
            union all select a.atttypid from pg_catalog.pg_attribute a
                where a.attrelid operator(pg_catalog.=) t.typrelid
                    and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped
            union all select r.rngsubtype from pg_catalog.pg_range r
                where r.rngtypid operator(pg_catalog.=) t.oid
            union all select r.rngtypid from pg_catalog.pg_range r
                where r.rngmultitypid operator(pg_catalog.=) t.oid) as i(id)
        where i.id operator(pg_catalog.>=) 10000::pg_catalog.oid)
select t.oid,
    case when e.oid is null then t.typname::pg_catalog.text
        else pg_catalog.textcat(e.typname::pg_catalog.text, '[]') end,
    s.nspname, t.typtype, t.typdelim, t.typarray, coalesce(e.oid, 0::pg_catalog.oid), t.typbasetype, t.typtypmod,
    coalesce(r.rngsubtype, m.rngtypid, 0::pg_catalog.oid), coalesce(r.rngmultitypid, 0::pg_catalog.oid),
    array(select a.attname from pg_catalog.pg_attribute a where a.attrelid operator(pg_catalog.=) t.typrelid
        and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped order by a.attnum),
    array(select a.atttypid from pg_catalog.pg_attribute a where a.attrelid operator(pg_catalog.=) t.typrelid
        and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped order by a.attnum),
    array(select a.atttypmod from pg_catalog.pg_attribute a where a.attrelid operator(pg_catalog.=) t.typrelid
        and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped order by a.attnum),
    array(select l.enumlabel from pg_catalog.pg_enum l where l.enumtypid operator(pg_catalog.=) t.oid
        order by l.enumsortorder),
    array(select a.name from asked a where a.id operator(pg_catalog.=) t.oid)
from pg_catalog.pg_type t
    join pg_catalog.pg_namespace s on s.oid operator(pg_catalog.=) t.typnamespace
    left join pg_catalog.pg_type e on e.oid operator(pg_catalog.=) t.typelem
        and e.typarray operator(pg_catalog.=) t.oid
    left join pg_catalog.pg_range r on r.rngtypid operator(pg_catalog.=) t.oid
    left join pg_catalog.pg_range m on m.rngmultitypid operator(pg_catalog.=) t.oid
where t.oid operator(pg_catalog.=) any (array(select n.id from needed n)))";

/// A literal that means the same whatever standard_conforming_strings says.
[[nodiscard]] std::string literal(std::string_view text)
{
    std::string quoted = "E'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') quoted += c;
        quoted += c;
    }
    return quoted += '\'';
}

} // namespace

std::string describe_types(const std::vector<oid>& types, const std::vector<std::string>& names)
{
    std::string numbers;
    for (const oid type : types)
        numbers += (numbers.empty() ? "" : ",") + std::to_string(static_cast<std::uint32_t>(type));
    std::string rows;
    for (const std::string& written : names) {
        detail::sql_type_name name;
        if (!detail::parse_type_name(written, name)) continue;
        rows += ", (" + literal(written) + ", " + (name.schema.empty() ? literal(name.name) : "null") + ", " +
                (name.array ? "true)" : "false)");
    }
    constexpr std::string_view names_mark = "{names}";
    constexpr std::string_view types_mark = "{types}";
    constexpr std::size_t names_at = statement.find(names_mark);
    constexpr std::size_t types_at = statement.find(types_mark);
    constexpr std::size_t between = names_at + names_mark.size();
    std::string sql(statement.substr(0, names_at));
    sql += rows;
    sql += statement.substr(between, types_at - between);
    sql += numbers;
    return sql += statement.substr(types_at + types_mark.size());
}

} // namespace tusk::session
