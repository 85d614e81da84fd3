// Distributed under the Boost Software License, Version 1.0.
#include "gss/gss_support.hpp"

#include <cstdlib>
#include <filesystem>

namespace tusk_test {

std::string kdc_file(std::string_view name)
{
    const char* env = std::getenv("TUSK_TEST_SERVER");
    require(env != nullptr, "TUSK_TEST_SERVER must name the env file of a running test server");
    const auto folder = std::filesystem::path(env).parent_path() / "kdc";
    require(std::filesystem::exists(folder / "krb5.conf"), "kdc.sh must have been started for the server");
    return (folder / name).string();
}

kerberos::kerberos(std::string_view cache)
    : configuration_("KRB5_CONFIG", kdc_file("krb5.conf"))
    , cache_("KRB5CCNAME", "FILE:" + kdc_file(cache))
{
}

login_outcome try_gss(std::string_view user, std::string_view extra, tusk::connection_options options)
{
    return log_in_and_ask(
        where(user, {}, via::tcp, "host=localhost hostaddr=127.0.0.1 sslmode=disable " + std::string(extra)),
        "select case when gss_authenticated then 'authenticated' else '' end || "
        "case when encrypted then ' encrypted' else '' end from pg_stat_gssapi where pid = pg_backend_pid()",
        options);
}

std::string way_of(const login_outcome& o)
{
    if (o.ec) return "failed";
    return o.server_says + (o.tls ? " tls" : "");
}

} // namespace tusk_test
