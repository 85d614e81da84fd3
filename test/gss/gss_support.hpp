// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/login_outcome.hpp"

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

/// Connects to localhost at 127.0.0.1, asks pg_stat_gssapi ("authenticated", " encrypted", both or neither), closes.
login_outcome try_gss(std::string_view user, std::string_view extra, tusk::connection_options options = {});

/// "failed", or what the server says, with "tls" behind where it is.
std::string way_of(const login_outcome& o);

} // namespace tusk_test
