// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk {

namespace detail {
struct conninfo_access;
}

/// Where to connect, as whom, and how: a set of libpq's connection parameters.
///
/// All 50 keywords of libpq 18 are known, with libpq's meaning. A `conninfo` holds what was said explicitly.
/// What it leaves open is filled in when a connection is made, in this order: the service file's section,
/// environment variables (`PGHOST`...), defaults. The password file is asked last, once per host.
/// `effective()` shows the outcome.
///
/// Values are checked when they are used, not when they are stored; keywords and syntax are checked at once.
/// A parameter that is set to the empty text is not filled in from the environment; it means the default,
/// except for numbers and for choices such as sslmode, where an empty value is an error as in libpq.
///
/// Lifetimes: a plain value. Its memory is wiped on release. Views given out live until the next change.
/// Concurrency: as for a standard container.
///
/// Example:
/// ```cpp
/// auto where = tusk::conninfo::parse("postgresql://ada@db1,db2:5433/shop?connect_timeout=3");
/// where.set("application_name", "till");
/// ```
class conninfo {
public:
    /// Where a value comes from.
    enum class source : std::uint8_t {
        explicit_,   ///< the connection string, or `set`
        service,     ///< a section of the service file
        environment, ///< an environment variable
        passfile,    ///< the password file
        default_,    ///< libpq's default
    };

    /// One parameter, for display.
    struct entry {
        std::string_view keyword; ///< lives as long as the program
        std::string value;        ///< asterisks when `secret`
        enum source source = source::explicit_;
        bool secret = false; ///< a password or a key: ask `get` for its value
    };

    /// Nothing set: everything comes from the environment and the defaults.
    conninfo() noexcept;
    conninfo(const conninfo& other);
    conninfo(conninfo&& other) noexcept;
    conninfo& operator=(const conninfo& other);
    conninfo& operator=(conninfo&& other) noexcept;
    ~conninfo();

    /// Reads a connection string: a URI (`postgresql://` or `postgres://`) or `keyword = 'value'` pairs. Of a
    /// parameter given twice the last one counts. Neither the environment nor any file is read.
    ///
    /// Errors: `errc::invalid_conninfo` for bad syntax, an unknown keyword or a NUL byte;
    /// `diagnostics::message()` says what and where, and never repeats a password.
    [[nodiscard]] static conninfo parse(std::string_view text);
    [[nodiscard]] static conninfo parse(std::string_view text, std::error_code& ec);
    [[nodiscard]] static conninfo parse(std::string_view text, std::error_code& ec, diagnostics& diag);

    /// Sets a parameter, or replaces it.
    ///
    /// Errors: `errc::invalid_conninfo` for an unknown keyword, or a value that holds a NUL byte.
    void set(std::string_view keyword, std::string_view value);
    void set(std::string_view keyword, std::string_view value, std::error_code& ec, diagnostics& diag);

    /// Sets `dbname`. A value that is itself a connection string (it begins like a URI or holds a `=`) is read like one
    /// instead, and its parameters replace those of the same name: libpq's `expand_dbname`, for programs such as psql
    /// that take either in one place.
    ///
    /// Errors: those of `parse`; nothing is changed then.
    /// \code
    /// where.set_dbname(argv[1]); // "shop", or "postgresql://db.example/shop?sslmode=verify-full"
    /// \endcode
    void set_dbname(std::string_view name_or_string);
    void set_dbname(std::string_view name_or_string, std::error_code& ec, diagnostics& diag);

    /// Forgets a parameter, so that environment and default count again. An unknown keyword is no error.
    void unset(std::string_view keyword) noexcept;

    /// The value as it was given, secrets included; empty when unset.
    [[nodiscard]] std::string_view get(std::string_view keyword) const noexcept;

    /// True when the parameter is set, also to the empty text.
    [[nodiscard]] bool has(std::string_view keyword) const noexcept;

    /// True when nothing is set.
    [[nodiscard]] bool empty() const noexcept;

    /// What is set, in libpq's order of the keywords, secrets masked.
    [[nodiscard]] std::vector<entry> list() const;

    /// This `conninfo` completed from the service file, this process's environment and the defaults, as
    /// connecting does it; `list()` of it says where each value comes from. A password from the password file
    /// is included when it is the same for all hosts.
    ///
    /// Errors: `errc::invalid_conninfo` when a service is asked for and cannot be read.
    [[nodiscard]] conninfo effective() const;
    [[nodiscard]] conninfo effective(std::error_code& ec, diagnostics& diag) const;

    /// The keyword/value form of what is set, without secrets; `parse` reads it back.
    [[nodiscard]] std::string to_string() const;

    /// True when the same parameters have the same values, wherever those come from.
    friend bool operator==(const conninfo& a, const conninfo& b) noexcept;

private:
    friend struct detail::conninfo_access;
    struct item;

    std::vector<item> items_; // ordered by the parameter's place in the table, at most one each
};

} // namespace tusk
