// Distributed under the Boost Software License, Version 1.0.
#include "words.hpp"

namespace doctor {

std::string_view name_of(enum tusk::conninfo::source from)
{
    using enum tusk::conninfo::source;
    switch (from) {
    case explicit_:
        return "given";
    case service:
        return "service file";
    case environment:
        return "environment";
    case passfile:
        return "password file";
    case default_:
        return "default";
    }
    return "?";
}

std::string_view name_of(tusk::tls_verification how)
{
    switch (how) {
    case tusk::tls_verification::none:
        return "not checked";
    case tusk::tls_verification::chain:
        return "trusted, host not checked";
    case tusk::tls_verification::host:
        return "trusted, and for this host";
    }
    return "?";
}

} // namespace doctor
