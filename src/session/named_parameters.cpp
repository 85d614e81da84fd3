// Distributed under the Boost Software License, Version 1.0.
#include "session/named_parameters.hpp"

#include <tusk/detail/bytes.hpp>
#include <tusk/detail/parts.hpp>

#include <span>
#include <string>

namespace tusk::session {
namespace {

using detail::inner_type;
using detail::type_places;

/// What numbers that stand for types mean on this connection.
class meaning {
public:
    meaning(const type_places& places, const type_catalogue& catalogue) noexcept
        : places_(places)
        , catalogue_(catalogue)
    {
    }

    /// oid::none for what there is not.
    [[nodiscard]] oid of(oid type) const
    {
        if (!detail::is_named(type)) return type;
        if (!detail::is_inner(type)) return catalogue_.find(detail::name_of(type));
        const type_places::step& step = places_.inner(type); // what lies around it was there before
        const type_ptr outer = catalogue_.find(base(of(step.outer)));
        if (!outer) return oid::none;
        switch (step.kind) {
        case inner_type::element:
            return outer->element;
        case inner_type::subtype:
            return outer->subtype;
        case inner_type::field:
            return step.index < outer->fields.size() ? outer->fields[step.index].type : oid::none;
        }
        return oid::none;
    }

    /// What lies below domains.
    [[nodiscard]] oid base(oid type) const { return known_types(catalogue_.known().get()).base(type); }

    [[nodiscard]] bool fits(const type_places::assumption& a) const
    {
        const oid is = base(of(a.type));
        const oid as = base(of(a.as));
        if (is == oid::none || is == as) return is != oid::none;
        return as == oid::text && takes_text(is);
    }

    /// For messages: field 2 of "address".
    [[nodiscard]] std::string words(oid type) const
    {
        if (!detail::is_inner(type)) return name(of(type));
        const type_places::step& step = places_.inner(type);
        switch (step.kind) {
        case inner_type::element:
            return "an element of " + words(step.outer);
        case inner_type::subtype:
            return "what is in " + words(step.outer);
        case inner_type::field:
            return "field " + std::to_string(step.index + 1) + " of " + words(step.outer);
        }
        return {};
    }

    [[nodiscard]] std::string name(oid type) const
    {
        const type_ptr known = catalogue_.find(type);
        return known ? known->sql_name() : "OID " + std::to_string(static_cast<std::uint32_t>(type));
    }

private:
    /// Whether a text is a value of the type in binary too.
    [[nodiscard]] bool takes_text(oid type) const
    {
        if (detail::is_dynamic(type)) {
            const type_ptr known = catalogue_.find(type);
            return known && (known->kind == type_kind::enumeration ||
                             (known->kind == type_kind::base && known->element == oid::none));
        }
        return detail::is_text_type(type);
    }

    const type_places& places_;
    const type_catalogue& catalogue_;
};

} // namespace

detail::type_wants missing_names(const statement_view& statement, const type_catalogue& catalogue)
{
    detail::type_wants missing;
    if (!statement.places) return missing;
    for (const oid named : statement.places->names())
        if (catalogue.find(detail::name_of(named)) == oid::none)
            missing.names.emplace_back(detail::name_of(named));
    return missing;
}

bool fits_types(const statement_view& statement, const type_catalogue& catalogue, diagnostics& why)
{
    if (!statement.places) return true;
    const meaning means(*statement.places, catalogue);
    for (const type_places::place& p : statement.places->places()) {
        if (means.of(p.type) != oid::none) continue;
        why = diagnostics::client("there is no " + means.words(p.type));
        return false;
    }
    for (const type_places::assumption& a : statement.places->assumptions()) {
        if (means.fits(a)) continue;
        const oid is = means.of(a.type);
        why = diagnostics::client(means.words(a.type) +
                                  (is == oid::none ? std::string(" is nothing") : " is " + means.name(is)) +
                                  ", and a value for it was encoded as " + means.name(means.of(a.as)));
        return false;
    }
    return true;
}

void named_parameters::put(statement_view& statement, const type_catalogue& catalogue)
{
    const meaning means(*statement.places, catalogue);
    declared_.clear();
    for (const oid type : statement.declared) declared_.push_back(means.of(type));
    values_.assign(statement.values.begin(), statement.values.end());
    for (const type_places::place& p : statement.places->places())
        detail::store_be(values_.data() + p.at, static_cast<std::uint32_t>(means.of(p.type)));
    statement.declared = declared_;
    statement.values = values_;
    statement.places = nullptr;
}

} // namespace tusk::session
