// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <map>
#include <string>

namespace tusk::test {

/// What libpq, or tusk, makes of a connection string in a given world.
struct verdict {
    bool parsed = false;                          ///< syntax and keywords are right
    std::map<std::string, std::string> explicit_; ///< what the string itself says; empty when not parsed

    bool unsupported = false; ///< it asks for what this build cannot do; nothing else is known then
    bool accepted = false;    ///< connecting would at least be tried
    std::map<std::string, std::string> effective; ///< completed; empty when not accepted
    std::string password;                         ///< for the host that was tried last
    std::string why;                              ///< of the refusal, for whoever reads a failed test
};

/// libpq, loaded from $TUSK_LIBPQ at run time. It never reaches a network: this program's own connect() takes its
/// sockets nowhere, and its getaddrinfo() finds every name at 127.0.0.1.
class libpq {
public:
    /// Ends the program with a message when there is none, or one that is not of version 18.
    static const libpq& loaded();

    [[nodiscard]] verdict ask(const std::string& text) const;

private:
    libpq();
    struct functions;
    const functions& f_;
};

} // namespace tusk::test
