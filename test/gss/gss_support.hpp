// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <string>
#include <string_view>
#include <system_error>

/// What the tests of GSSAPI share: the KDC of test/support/kdc.sh, and the server that it has taught.
namespace tusk_test {

/// Kerberos as the library finds it, for as long as this object lives; `cache` is a file of kdc.sh. No thread may be
/// running, since the environment is the process's.
class kerberos {
public:
    explicit kerberos(std::string_view cache);

private:
    environment_variable configuration_;
    environment_variable cache_;
};

/// A file of kdc.sh.
std::string kdc_file(std::string_view name);

/// How a login over TCP to localhost at 127.0.0.1 ended, and what client and server then say of it.
struct gss_outcome {
    std::error_code ec;
    std::string text;
    std::string method;
    std::string
        server_says; ///< pg_stat_gssapi: "authenticated", "encrypted", "authenticated encrypted", or "no"
    bool tls = false;
};

gss_outcome try_gss(std::string_view user, std::string_view extra, tusk::connection_options options = {});

/// "failed", or what the server says, with "tls" behind where it is.
std::string way_of(const gss_outcome& o);

} // namespace tusk_test
