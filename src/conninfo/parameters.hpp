// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tusk::conn {

/// One connection parameter of libpq: the only place that knows its names, default and legal values.
struct parameter {
    enum class visibility : std::uint8_t { open, secret };
    using enum visibility;

    std::string_view keyword;
    std::string_view variable; ///< of the environment; empty: none
    std::string_view fallback; ///< the default; empty: none, or worked out when needed
    visibility shown = open;
    std::string_view choices{}; ///< the values that work, separated by spaces; empty: not a fixed list

    [[nodiscard]] constexpr bool is_secret() const noexcept { return shown == secret; }
};

// clang-format off
inline constexpr std::array<parameter, 50> parameters{{
    {"service", "PGSERVICE", ""},
    {"user", "PGUSER", ""},
    {"password", "PGPASSWORD", "", parameter::secret},
    {"passfile", "PGPASSFILE", ""},
    {"channel_binding", "PGCHANNELBINDING", "prefer", parameter::open, "disable prefer require"},
    {"connect_timeout", "PGCONNECT_TIMEOUT", ""},
    {"dbname", "PGDATABASE", ""},
    {"host", "PGHOST", ""},
    {"hostaddr", "PGHOSTADDR", ""},
    {"port", "PGPORT", "5432"},
    {"client_encoding", "PGCLIENTENCODING", ""},
    {"options", "PGOPTIONS", ""},
    {"application_name", "PGAPPNAME", ""},
    {"fallback_application_name", "", ""},
    {"keepalives", "", ""},
    {"keepalives_idle", "", ""},
    {"keepalives_interval", "", ""},
    {"keepalives_count", "", ""},
    {"tcp_user_timeout", "", ""},
    {"sslmode", "PGSSLMODE", "prefer", parameter::open,
     "disable allow prefer require verify-ca verify-full"},
    {"sslnegotiation", "PGSSLNEGOTIATION", "postgres", parameter::open, "postgres direct"},
    {"sslcompression", "PGSSLCOMPRESSION", "0"},
    {"sslcert", "PGSSLCERT", ""},
    {"sslkey", "PGSSLKEY", ""},
    {"sslcertmode", "PGSSLCERTMODE", "allow", parameter::open, "disable allow require"},
    {"sslpassword", "", "", parameter::secret},
    {"sslrootcert", "PGSSLROOTCERT", ""},
    {"sslcrl", "PGSSLCRL", ""},
    {"sslcrldir", "PGSSLCRLDIR", ""},
    {"sslsni", "PGSSLSNI", "1"},
    {"requirepeer", "PGREQUIREPEER", ""},
    {"require_auth", "PGREQUIREAUTH", ""},
    {"min_protocol_version", "PGMINPROTOCOLVERSION", "", parameter::open, "3.0 3.2 latest"},
    {"max_protocol_version", "PGMAXPROTOCOLVERSION", "", parameter::open, "3.0 3.2 latest"},
    {"ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", "TLSv1.2"},
    {"ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", ""},
    {"gssencmode", "PGGSSENCMODE", "disable", parameter::open, "disable prefer require"},
    {"krbsrvname", "PGKRBSRVNAME", "postgres"},
    {"gsslib", "PGGSSLIB", ""},
    {"gssdelegation", "PGGSSDELEGATION", "0"},
    {"replication", "", ""},
    {"target_session_attrs", "PGTARGETSESSIONATTRS", "any", parameter::open,
     "any read-write read-only primary standby prefer-standby"},
    {"load_balance_hosts", "PGLOADBALANCEHOSTS", "disable", parameter::open, "disable random"},
    {"scram_client_key", "", "", parameter::secret},
    {"scram_server_key", "", "", parameter::secret},
    {"oauth_issuer", "", ""},
    {"oauth_client_id", "", ""},
    {"oauth_client_secret", "", "", parameter::secret},
    {"oauth_scope", "", ""},
    {"sslkeylogfile", "", ""},
}};
// clang-format on

inline constexpr std::size_t no_parameter = parameters.size();

/// The parameter's place in the table; `no_parameter` for an unknown keyword.
[[nodiscard]] constexpr std::size_t find_parameter(std::string_view keyword) noexcept
{
    for (std::size_t i = 0; i != parameters.size(); ++i)
        if (parameters[i].keyword == keyword) return i;
    return no_parameter;
}

/// A keyword in tusk's own code: a misspelled one does not compile.
class key {
public:
    template <std::size_t N>
    consteval key(const char (&keyword)[N])
        : index_(find_parameter({keyword, N - 1}))
    {
        if (index_ == no_parameter) throw "unknown keyword";
    }
    explicit constexpr key(std::size_t index) noexcept
        : index_(index)
    {
    }

    [[nodiscard]] constexpr std::size_t index() const noexcept { return index_; }
    [[nodiscard]] constexpr const parameter& row() const noexcept { return parameters[index_]; }

private:
    std::size_t index_;
};

} // namespace tusk::conn
