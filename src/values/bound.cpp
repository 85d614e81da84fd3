// Distributed under the Boost Software License, Version 1.0.
#include <tusk/bound.hpp>
#include <tusk/statement.hpp>

#include <cstring>
#include <string>
#include <utility>

namespace tusk {

bound::bound(std::string_view sql, params values)
    : text_(std::span<const char>(sql))
    , params_(std::move(values))
{
    const void* nul = sql.empty() ? nullptr : std::memchr(sql.data(), 0, sql.size());
    if (!nul) return;
    const auto offset = static_cast<const char*>(nul) - sql.data();
    params_.error_ = errc::nul_in_text; // before what may be wrong with the values
    params_.diag_ = diagnostics::client("the statement holds a NUL byte at offset " + std::to_string(offset),
                                        outcome::not_sent);
}

bound::bound(origin_ptr origin, params values) noexcept
    : params_(std::move(values))
    , origin_(std::move(origin))
{
}

std::string_view bound::sql() const noexcept
{
    return origin_ ? std::string_view(origin_->sql) : std::string_view(text_.data(), text_.size());
}

std::span<const oid> bound::declared() const noexcept
{
    return origin_ ? std::span<const oid>(origin_->declared) : params_.types();
}

} // namespace tusk
