// Distributed under the Boost Software License, Version 1.0.
#include <tusk/error.hpp>

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

namespace {

constexpr std::string_view text_of(errc e) noexcept
{
    switch (e) {
    case errc::invalid_conninfo:
        return "invalid connection string";
    case errc::unsupported_parameter:
        return "connection parameter not supported by this build";
    case errc::all_hosts_failed:
        return "no host could be connected to";
    case errc::connect_timeout:
        return "connect_timeout expired";
    case errc::not_postgresql:
        return "the other end is not a PostgreSQL server";
    case errc::unsupported_protocol:
        return "the server's protocol version is not supported";
    case errc::authentication_unsupported:
        return "the server asks for an unsupported authentication method";
    case errc::authentication_refused:
        return "the authentication that the server asks for is not allowed";
    case errc::password_missing:
        return "the server asks for a password and none was given";
    case errc::authentication_protocol:
        return "the server broke the authentication protocol";
    case errc::server_not_verified:
        return "the server did not prove that it knows the password";
    case errc::tls_not_offered:
        return "the server does not take TLS";
    case errc::tls_negotiation:
        return "the server broke the negotiation of TLS";
    case errc::tls_failed:
        return "TLS failed";
    case errc::tls_truncated:
        return "the encrypted stream ended without TLS's farewell";
    case errc::tls_file:
        return "a file for TLS cannot be used";
    case errc::certificate_untrusted:
        return "the server's certificate is not trusted";
    case errc::certificate_expired:
        return "a certificate has expired or is not valid yet";
    case errc::certificate_revoked:
        return "the server's certificate has been revoked";
    case errc::certificate_name_mismatch:
        return "the server's certificate is for another host";
    case errc::channel_binding_required:
        return "the login cannot be bound to TLS, which channel_binding demands";
    case errc::session_attributes:
        return "the server is not of the kind that target_session_attrs asks for";
    case errc::peer_mismatch:
        return "the server runs as somebody else than requirepeer asks for";
    case errc::credentials_missing:
        return "no password or token was given by the function that is asked for it";
    case errc::gssapi_failed:
        return "GSSAPI failed";
    case errc::wrong_copy:
        return "the statement is not the COPY that was expected";
    case errc::operation_pending:
        return "another operation of the same object has not completed";
    case errc::already_ended:
        return "it has ended already";
    case errc::timed_out:
        return "the time limit ran out";
    case errc::cancel_timed_out:
        return "the server did not end a cancelled request in time";
    case errc::transaction_rolled_back:
        return "the transaction was rolled back instead of committed";
    case errc::in_doubt:
        return "whether the transaction was committed is unknown";
    case errc::transaction_over:
        return "the transaction is over";
    case errc::already_in_transaction:
        return "a transaction block is open already";
    case errc::returns_no_rows:
        return "the statement gives no rows";
    case errc::not_in_transaction:
        return "no transaction block is open";
    case errc::invalid_channel:
        return "this cannot be the name of a channel";
    case errc::invalid_identifier:
        return "this cannot be the name of anything";
    case errc::not_connected:
        return "the connection is not open";
    case errc::already_connected:
        return "the connection is already open or connecting";
    case errc::connection_lost:
        return "the connection to the server was lost";
    case errc::client_encoding_changed:
        return "the server switched client_encoding away from UTF8";
    case errc::protocol_violation:
        return "the server broke the protocol";
    case errc::message_too_large:
        return "a message from the server is too large";
    case errc::nul_in_text:
        return "text holds a NUL byte";
    case errc::too_many_parameters:
        return "more than 65535 parameters";
    case errc::request_too_large:
        return "the request is too large for the protocol";
    case errc::value_out_of_range:
        return "a parameter's value is out of range for its SQL type";
    case errc::parameter_mismatch:
        return "the parameters do not fit the statement";
    case errc::unknown_type:
        return "a type is not known";
    case errc::skipped:
        return "skipped since an earlier part of the batch failed";
    case errc::stale_statement:
        return "the cached statement went stale where it could not be sent anew";
    case errc::unexpected_copy:
        return "the statement is a COPY, which a query cannot run";
    case errc::needs_extended_protocol:
        return "statement_mode::simple carries no parameters, batches or prepared statements";
    case errc::visitor_failed:
        return "the function that is shown the rows failed";
    case errc::several_statements:
        return "the text holds several statements, which only async_script runs";
    case errc::no_rows:
        return "the query returned no row";
    case errc::too_many_rows:
        return "the query returned more than one row";
    case errc::column_mismatch:
        return "the columns do not fit the C++ type";
    case errc::unexpected_null:
        return "NULL in a column that is read into a type without NULL";
    case errc::invalid_value:
        return "the bytes of a value are not valid for its type";
    case errc::value_not_representable:
        return "the C++ type cannot hold the value";
    }
    return {};
}

class client_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "tusk"; }
    [[nodiscard]] std::string message(int value) const override
    {
        const std::string_view text = text_of(static_cast<errc>(value));
        return text.empty() ? "unknown tusk error " + std::to_string(value) : std::string(text);
    }
};

// std::system_error puts the code's own message behind: "<what is known>: <message of the code>".
std::system_error explained(std::error_code ec, const diagnostics& diag)
{
    std::string text(diag.message());
    if (!diag.detail().empty()) text.append(" (detail: ").append(diag.detail()).append(")");
    if (!diag.hint().empty()) text.append(" (hint: ").append(diag.hint()).append(")");
    const bool says_more = !text.empty() && text != ec.message();
    return says_more ? std::system_error(ec, text) : std::system_error(ec);
}

} // namespace

const std::error_category& client_category() noexcept
{
    static const client_category_type category;
    return category;
}

error::error(std::error_code ec, diagnostics diag)
    : std::system_error(explained(ec, diag))
    , diag_(std::move(diag))
{
}

} // namespace tusk
