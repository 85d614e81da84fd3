// Distributed under the Boost Software License, Version 1.0.
#include <tusk/params.hpp>

#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace tusk {
namespace {

constexpr std::size_t length_size = 4;
constexpr std::int32_t null_length = -1;

void store_length(std::byte* to, std::int32_t length) noexcept
{
    const auto v = static_cast<std::uint32_t>(length);
    const std::array<std::byte, length_size> octets{
        static_cast<std::byte>(v >> 24 & 0xff), static_cast<std::byte>(v >> 16 & 0xff),
        static_cast<std::byte>(v >> 8 & 0xff), static_cast<std::byte>(v & 0xff)};
    std::memcpy(to, octets.data(), octets.size());
}

std::string sql_name(oid type)
{
    if (type == oid::none) return "a type for the server to infer";
    const std::string_view known = type_name(type);
    return known.empty() ? "the type with OID " + std::to_string(static_cast<std::uint32_t>(type))
                         : std::string(known);
}

} // namespace

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
    infos_.clear();
    types_.clear();
    error_ = errc{};
    diag_ = {};
}

bool params::open(param_info info)
{
    if (error_ != errc{}) return false;
    if (infos_.size() == max_size) {
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
    // Room first, so that running out of memory leaves everything as it was.
    infos_.reserve(infos_.size() + 1);
    types_.reserve(types_.size() + 1);
    values_.extend(length_size);
    infos_.push_back(info);
    types_.push_back(info.type);
    return true;
}

void params::close(std::size_t start, errc failure, std::string_view raw_cpp_type,
                   std::span<const std::uint32_t> failure_path)
{
    const std::size_t length = values_.size() - start;
    if (failure == errc{} && length > encoder::max_value) failure = errc::request_too_large;
    if (failure == errc{}) {
        store_length(values_.data() + start - length_size, static_cast<std::int32_t>(length));
        return;
    }
    const std::size_t index = size();
    const oid type = infos_[index - 1].type;
    take_back(start);
    std::string text = "$" + std::to_string(index);
    for (std::size_t i = failure_path.size(); i > 0; --i) // "element 2.1": the first of the second
        text += (i == failure_path.size() ? ", element " : ".") + std::to_string(failure_path[i - 1]);
    text += ": a value";
    if (!raw_cpp_type.empty()) text += " of the C++ type " + detail::readable_type(raw_cpp_type);
    text += " cannot be sent as " + sql_name(type) + ": " + make_error_code(failure).message();
    fail(failure, diagnostics::client(std::move(text), outcome::not_sent));
}

void params::close_null() noexcept { store_length(values_.end() - length_size, null_length); }

void params::take_back(std::size_t start) noexcept
{
    infos_.truncate(infos_.size() - 1);
    types_.truncate(types_.size() - 1);
    values_.truncate(start - length_size);
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
