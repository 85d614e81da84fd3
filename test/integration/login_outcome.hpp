// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <string>
#include <string_view>
#include <system_error>

namespace tusk_test {

/// How a login ended, and what client and server then say of it.
struct login_outcome {
    std::error_code ec;
    std::string text; ///< the diagnostics' message
    std::string method;
    tusk::tls_info tls;
    std::string server_says; ///< the answer to the question
};

/// Connects, asks the server, closes.
login_outcome log_in_and_ask(const std::string& to, const char* question,
                             const tusk::connection_options& options);

/// It was refused for this reason, the text says so, and tells no secret.
void expect_refusal(const login_outcome& o, std::error_code why, std::string_view sentence);

} // namespace tusk_test
