// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/describe_sink.hpp>
#include <tusk/detail/sql_type_name.hpp>
#include <tusk/error.hpp>

#include <utility>

namespace tusk::detail {

describe_sink::describe_sink(oid type)
    : asked_("OID " + std::to_string(static_cast<std::uint32_t>(type)))
{
    kind = request_kind::types;
    names_types = true;
    wants_.types.push_back(type);
}

describe_sink::describe_sink(std::string_view name)
    : asked_(name)
{
    kind = request_kind::types;
    names_types = true;
    type_reference meant;
    no_name_ = !read_type_reference(name, meant);
    if (meant.built_in != oid::none)
        wants_.types.push_back(meant.built_in);
    else
        wants_.names.push_back(std::move(meant.name));
}

std::size_t describe_sink::bad_part(std::error_code& why, diagnostics& what) const noexcept
try {
    if (!no_name_) return none;
    why = errc::unknown_type;
    what = diagnostics::client("\"" + asked_ + "\" is no name of a type", outcome::not_sent);
    return 0;
} catch (const std::bad_alloc&) {
    return 0;
}

void describe_sink::take_types(const std::shared_ptr<const type_map>&, const type_ptr& first) noexcept
try {
    found_ = first;
    if (!found_) fail(errc::unknown_type, diagnostics::client("the server has no type " + asked_));
} catch (...) {
    fail_with_current_exception();
}

single<type_ptr> describe_sink::take()
{
    if (ec) return single<type_ptr>(std::move(diag));
    return single<type_ptr>(std::move(found_));
}

} // namespace tusk::detail
