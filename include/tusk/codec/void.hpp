// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/single_type.hpp>

#include <variant>

namespace tusk {

/// std::monostate reads void, what functions such as pg_sleep give, and in a std::variant NULL.
/// \code
/// co_await db.async_query_one<std::monostate>("select pg_notify('news', 'hello')");
/// \endcode
template <>
struct decode_traits<std::monostate> : detail::read_from<oid::void_> {
    [[nodiscard]] static errc decode(const field& f, std::monostate&) noexcept
    {
        return f.bytes().empty() ? errc{} : errc::invalid_value;
    }
    [[nodiscard]] static errc decode_null(std::monostate&) noexcept { return {}; }
};

} // namespace tusk
