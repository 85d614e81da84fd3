// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <string>
#include <system_error>
#include <utility>

namespace tusk::conn {

/// What is wrong with a connection string or a value in it, in one sentence without secrets; or nothing.
class [[nodiscard]] failure {
public:
    failure() noexcept = default;

    static failure invalid(std::string why) { return {errc::invalid_conninfo, std::move(why)}; }
    static failure unsupported(std::string why) { return {errc::unsupported_parameter, std::move(why)}; }

    explicit operator bool() const noexcept { return !message_.empty(); }
    [[nodiscard]] const std::string& message() const noexcept { return message_; }

    /// Hands the verdict to the caller of a public function; clears both when there is no failure.
    void report(std::error_code& ec, diagnostics& diag) const
    {
        ec = *this ? make_error_code(code_) : std::error_code();
        diag = *this ? diagnostics::client(message_, outcome::not_sent) : diagnostics();
    }

private:
    failure(errc code, std::string why)
        : code_(code)
        , message_(std::move(why))
    {
    }

    errc code_ = errc::invalid_conninfo;
    std::string message_;
};

} // namespace tusk::conn
