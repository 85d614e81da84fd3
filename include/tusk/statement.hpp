// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/codec/standard.hpp>
#include <tusk/column.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>
#include <tusk/params.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {
namespace detail {

/// What a prepared statement is made of; immutable once shared.
struct statement_data {
    std::string sql;
    std::vector<oid> declared;        ///< the types that Parse declared
    std::vector<oid> parameter_types; ///< what the server made of them (protocol: ParameterDescription)
    columns_ptr cols;                 ///< null for a statement without rows
};

} // namespace detail

/// What `async_prepare` gives: a statement's text with the types of its parameters and its columns, as the
/// server describes them.
///
/// It is a description, not a resource: there is nothing to close, and it is good on every connection to the
/// same database, where it is prepared again when it is not in the connection's statement cache.
///
/// Lifetimes: a cheap immutable value; copies share what they hold, also between threads. Views and spans
/// live as long as any copy, or any `bound` made from it.
/// \code
/// tusk::statement s = co_await db.async_prepare("select * from users where id = $1");
/// tusk::result r = co_await db.async_query(s.bind(42));
/// \endcode
class statement {
public:
    statement() noexcept = default;
    explicit statement(std::shared_ptr<const detail::statement_data> data, diagnostics diag = {}) noexcept
        : data_(std::move(data))
        , diag_(std::move(diag))
    {
    }

    [[nodiscard]] std::string_view sql() const noexcept { return data_ ? data_->sql : std::string_view(); }
    /// The types of $1, $2, ...
    [[nodiscard]] std::span<const oid> parameter_types() const noexcept
    {
        return data_ ? std::span<const oid>(data_->parameter_types) : std::span<const oid>();
    }
    /// False for a statement that never gives rows.
    [[nodiscard]] bool has_columns() const noexcept { return data_ && data_->cols; }
    /// The columns of its result; none when it has none.
    [[nodiscard]] const tusk::columns& columns() const noexcept;
    /// What the server had to say, of a failure above all.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

    /// The statement with values for its parameters, each encoded for the type that the statement wants: an
    /// `int` becomes an int8 where $1 is one.
    ///
    /// Errors: kept in the returned object: errc::parameter_mismatch for a wrong number of values, and for a
    /// C++ type that cannot be sent as the wanted type; errc::value_out_of_range for a value that does not
    /// fit it.
    /// Exceptions: std::bad_alloc, and what a user's codec throws.
    template <class... Args>
    [[nodiscard]] bound bind(const Args&... args) const;

    /// The same with parameters that are already encoded. Their number must be right, and a binary value must
    /// be of the wanted type or of none.
    [[nodiscard]] bound bind(params values) const;

private:
    /// Whether `n` values can be bound; else `values` carries the failure.
    [[nodiscard]] bool count_fits(std::size_t n, params& values) const;
    [[nodiscard]] bound finish(params values) const;

    std::shared_ptr<const detail::statement_data> data_;
    diagnostics diag_;
};

template <class... Args>
bound statement::bind(const Args&... args) const
{
    params values;
    if (count_fits(sizeof...(Args), values)) {
        const oid* wanted = parameter_types().data();
        (values.add_value(args, *wanted++), ...);
    }
    return finish(std::move(values));
}

} // namespace tusk
