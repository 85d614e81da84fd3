// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/small_vector.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>
#include <tusk/params.hpp>
#include <tusk/statement_view.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

class statement;

namespace detail {
struct statement_data;
}

/// A statement together with the values of its parameters: what the query functions take.
///
/// Made from a text without parameters (implicitly), by `sql(text, args...)`, by `statement::bind(args...)`,
/// or from a text and `params` put together at run time.
///
/// Errors: whatever is wrong with text or parameters is kept here and reported by the operation that takes
/// the object, before anything is written: errc::nul_in_text, errc::parameter_mismatch, and those of
/// `params`.
/// Lifetimes: a value; owns text and parameters, so that everything it was made from may die at once. A short
/// statement with a few parameters needs no heap; moving copies the used bytes only.
/// \code
/// db.async_query("select now()", token);
/// db.async_query(tusk::sql("select $1::int4 + 1", 41), token);
/// \endcode
class bound {
public:
    /// A statement without parameters. A null pointer is an empty statement.
    bound(const char* sql)
        : bound(sql ? std::string_view(sql) : std::string_view(), params())
    {
    }
    bound(std::string_view sql)
        : bound(sql, params())
    {
    }
    bound(const std::string& sql)
        : bound(std::string_view(sql), params())
    {
    }
    /// A statement with the values for $1, $2, ...
    bound(std::string_view sql, params values);

    [[nodiscard]] std::string_view sql() const noexcept;
    [[nodiscard]] const params& parameters() const noexcept { return params_; }
    [[nodiscard]] params& parameters() noexcept { return params_; }

    /// What makes it impossible to send this, if anything.
    [[nodiscard]] std::error_code error() const noexcept { return params_.error(); }
    [[nodiscard]] const diagnostics& diag() const noexcept { return params_.diag(); }

    /// The parameter types that Parse declares, oid::none for one that the server is to infer. For a bound
    /// from `statement::bind` those that the statement was prepared with (as many as were declared then,
    /// perhaps none): text and declared types together name the cached statement.
    [[nodiscard]] std::span<const oid> declared() const noexcept;

    /// Whether all columns of the result are asked for in text format instead of binary.
    [[nodiscard]] bool text_results() const noexcept { return text_results_; }
    bound& text_results(bool on) noexcept
    {
        text_results_ = on;
        return *this;
    }

    /// How long the operation may take, from its call on; 0: as long as it likes; negative, as it begins:
    /// connection_options::request_timeout. When the time is up it completes with errc::timed_out at once, and the
    /// server is asked to end it where no other request can be hit.
    /// \code
    /// co_await db.async_execute(tusk::sql("call nightly($1)", 7).timeout(std::chrono::minutes(5)));
    /// \endcode
    bound& timeout(std::chrono::milliseconds limit) & noexcept
    {
        timeout_ = limit;
        return *this;
    }
    bound&& timeout(std::chrono::milliseconds limit) && noexcept
    {
        timeout_ = limit;
        return std::move(*this);
    }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

    /// All of it as it will be sent.
    [[nodiscard]] statement_view view() const noexcept
    {
        return {.sql = sql(),
                .declared = declared(),
                .parameters = params_.size(),
                .values = params_.values(),
                .formats = detail::short_formats(params_.formats()),
                .text_results = text_results_,
                .places = params_.places()};
    }

private:
    friend class statement;
    using origin_ptr = std::shared_ptr<const detail::statement_data>;

    bound(origin_ptr origin, params values) noexcept;

    detail::small_vector<char, 128> text_; // unused with an origin, which holds the text
    params params_;
    origin_ptr origin_;
    std::chrono::milliseconds timeout_{-1};
    bool text_results_ = false;
};

} // namespace tusk
