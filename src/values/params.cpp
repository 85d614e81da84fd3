// Distributed under the Boost Software License, Version 1.0.
#include <tusk/params.hpp>

#include <string>
#include <utility>

namespace tusk {
namespace {

std::string sql_name(oid type)
{
    if (type == oid::none) return "a type for the server to infer";
    const std::string_view known = detail::is_named(type) ? detail::name_of(type) : type_name(type);
    return known.empty() ? "the type with OID " + std::to_string(static_cast<std::uint32_t>(type))
                         : std::string(known);
}

} // namespace

void encoder::note_place(oid type)
{
    if (!owner_) return fail(errc::unknown_type);
    const std::byte* const here = extend_(buffer_, 0);
    owner_->places_.make().put(static_cast<std::size_t>(here - owner_->values_.data()), type);
}

oid encoder::find_inside(detail::inner_type kind, std::size_t index)
{
    return owner_ ? owner_->places_.make().inside(target_, kind, index) : oid::none;
}

void encoder::sent_as(oid named, oid as)
{
    if (owner_ && detail::is_named(named)) owner_->places_.make().assume(named, as);
}

params& params::add_raw(oid type, tusk::format f, std::span<const std::byte> bytes)
{
    const std::size_t used = values_.size() + length_size;
    const bool fits = used <= encoder::max_value && bytes.size() <= encoder::max_value - used;
    if (fits) values_.reserve(used + bytes.size());
    if (!open({type, f})) return *this;
    const std::size_t start = values_.size();
    if (fits) values_.append(bytes);
    close(start, fits ? errc{} : errc::request_too_large, {});
    return *this;
}

void params::clear() noexcept
{
    values_.clear();
    types_.clear();
    formats_.clear();
    places_.reset();
    error_ = errc{};
    diag_ = {};
}

/// For one more parameter and its length; false when there may be none.
bool params::make_room()
{
    if (error_ != errc{}) return false;
    if (types_.size() >= max_size) {
        fail(errc::too_many_parameters,
             diagnostics::client("a statement can have at most 65535 parameters", outcome::not_sent));
        return false;
    }
    if (values_.size() > encoder::max_value - length_size) {
        fail(errc::request_too_large,
             diagnostics::client("$" + std::to_string(size() + 1) + ": the parameters exceed 1 GiB in all",
                                 outcome::not_sent));
        return false;
    }
    // All of it first, so that running out of memory leaves everything as it was.
    types_.reserve(types_.size() + 1);
    formats_.reserve(formats_.size() + 1);
    values_.reserve(values_.size() + length_size);
    return true;
}

/// The value that began at `start` cannot be sent; no failure means that it is too large.
void params::refuse(std::size_t start, errc failure, std::string_view raw_cpp_type,
                    std::span<const std::uint32_t> failure_path)
{
    if (failure == errc{}) failure = errc::request_too_large;
    const std::size_t index = size();
    const oid type = types_[index - 1];
    take_back(start);
    std::string text = "$" + std::to_string(index);
    for (std::size_t i = failure_path.size(); i > 0; --i) // "element 2.1": the first of the second
        text += (i == failure_path.size() ? ", element " : ".") + std::to_string(failure_path[i - 1]);
    text += ": a value";
    if (!raw_cpp_type.empty()) text += " of the C++ type " + detail::readable_type(raw_cpp_type);
    text += " cannot be sent as " + sql_name(type) + ": " + make_error_code(failure).message();
    fail(failure, diagnostics::client(std::move(text), outcome::not_sent));
}

void params::take_back(std::size_t start) noexcept
{
    types_.truncate(types_.size() - 1);
    formats_.truncate(formats_.size() - 1);
    values_.truncate(start - length_size);
    if (places_.get()) places_.get()->truncate(start);
}

void params::fail(errc why, diagnostics what)
{
    if (error_ != errc{}) return;
    error_ = why;
    diag_ = std::move(what);
}

void params::mismatch(std::size_t index, oid wanted, std::string_view raw_cpp_type)
{
    std::string text = "$" + std::to_string(index) + ": the statement wants " + sql_name(wanted) + ", and ";
    text += raw_cpp_type.empty()
                ? "the value is of another type"
                : "the C++ type " + detail::readable_type(raw_cpp_type) + " cannot be sent as that";
    fail(errc::parameter_mismatch, diagnostics::client(std::move(text), outcome::not_sent));
}

} // namespace tusk
