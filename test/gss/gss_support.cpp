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

gss_outcome try_gss(std::string_view user, std::string_view extra, tusk::connection_options options)
{
    gss_outcome o;
    const std::string to =
        where(user, {}, via::tcp, "host=localhost hostaddr=127.0.0.1 sslmode=disable " + std::string(extra));
    asio::io_context io;
    tusk::connection db(io, options);
    db.async_connect(to, [&](std::error_code ec, const tusk::diagnostics& diag) {
        o.ec = ec;
        o.text = diag.message();
        if (ec) return;
        o.method = db.authentication_method();
        o.tls = db.tls().used;
        db.async_query_one<std::string>(
            "select case when gss_authenticated then 'authenticated' else '' end || "
            "case when encrypted then ' encrypted' else '' end from pg_stat_gssapi where pid = "
            "pg_backend_pid()",
            [&](std::error_code failed, const tusk::single<std::string>& answer) {
                EXPECT_FALSE(failed) << failed.message();
                o.server_says = answer.value();
                db.async_close(
                    [&](std::error_code closed, const tusk::diagnostics&) { EXPECT_FALSE(closed); });
            });
    });
    io.run_for(std::chrono::seconds(60));
    EXPECT_TRUE(io.stopped()) << "work was left over";
    return o;
}

std::string way_of(const gss_outcome& o)
{
    if (o.ec) return "failed";
    return o.server_says + (o.tls ? " tls" : "");
}

} // namespace tusk_test
