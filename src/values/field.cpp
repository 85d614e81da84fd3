// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/parts.hpp>
#include <tusk/field.hpp>

#include <string>
#include <utility>

namespace tusk {

bool field::lacks_type() const noexcept { return detail::is_unknown_type(*column_); }

void field::raise(errc why, std::string_view raw_cpp_type) const
{
    std::string text = "column \"" + column_->name + "\" of type ";
    const std::string_view known = type_name(column_->type);
    text += known.empty() ? "OID " + std::to_string(static_cast<std::uint32_t>(column_->type))
                          : std::string(known);
    text += column_->format == format::text ? " (in text format)" : "";
    text += " cannot be read as " + detail::readable_type(raw_cpp_type);
    switch (why) {
    case errc::column_mismatch:
        break; // that says it all
    case errc::unexpected_null:
        text += ": it is NULL, for which there is std::optional";
        break;
    case errc::unknown_type:
        text += ": nothing is known of this type; connection::async_describe_type looks it up";
        break;
    default:
        text += ": " + make_error_code(why).message();
    }
    throw error(why, diagnostics::client(std::move(text)));
}

} // namespace tusk
