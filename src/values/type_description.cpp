// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/sql_type_name.hpp>
#include <tusk/type_description.hpp>

#include <algorithm>
#include <string_view>

namespace tusk {

std::string type_description::sql_name() const
{
    const bool is_array = element != oid::none && name.ends_with("[]");
    const std::string_view plain(name.data(), name.size() - (is_array ? 2 : 0));
    return detail::sql_type_name{.schema = schema, .name = std::string(plain), .array = is_array}.to_string();
}

const type_description* known_types::look(oid type) const noexcept
{
    const type_ptr* const found = types_->find(type);
    return found ? found->get() : nullptr;
}

oid known_types::look_below(oid type) const noexcept
{
    const type_description* known = find(type);
    // a server has no circles; where its answers had one, there is an end to following it
    for (int depth = 0; known && known->kind == type_kind::domain && depth < 64; ++depth) {
        type = known->base;
        known = find(type);
    }
    return type;
}

namespace detail {

const type_ptr* type_map::find(oid type) const noexcept
{
    const auto at = std::ranges::lower_bound(types, type, {}, [](const type_ptr& t) { return t->id; });
    return at != types.end() && (*at)->id == type ? &*at : nullptr;
}

type_ptr describe_built_in(oid type)
{
    const type_info* const known = find_type(type);
    if (!known || known->kind == type_kind::composite) return nullptr;
    constexpr oid box{603};
    auto described = std::make_shared<type_description>();
    sql_type_name name;
    described->id = type;
    described->name = parse_type_name(known->name, name) ? name.name + (name.array ? "[]" : "") : known->name;
    described->schema = "pg_catalog";
    described->kind = known->kind;
    described->array = known->array;
    described->element = known->element;
    described->subtype = known->subtype;
    described->multirange = known->multirange;
    if (type == box || known->element == box) described->delimiter = ';';
    return described;
}

} // namespace detail
} // namespace tusk
