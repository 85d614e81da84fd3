// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>
#include <tusk/sqlstate.hpp>

#include <string>
#include <system_error>

namespace tusk {

/// What can go wrong on the client's side of a connection.
///
/// Errors that the server reports are codes of the SQLSTATE category (`tusk::sqlstate`); errors of sockets
/// and name look-up keep the category of Asio or the system.
enum class errc {
    // conninfo
    invalid_conninfo = 1,  ///< the connection string, or a value in it, is malformed; the message says where
    unsupported_parameter, ///< a known parameter asks for what this build cannot do
    // connecting
    all_hosts_failed,           ///< no host could be used; the diagnostics list each host with its reason
    connect_timeout,            ///< connect_timeout ran out
    not_postgresql,             ///< whatever answered does not speak the PostgreSQL protocol
    unsupported_protocol,       ///< the server's protocol version is outside what was asked for
    authentication_unsupported, ///< the server asks for a method that tusk does not have
    authentication_refused,  ///< require_auth, or a rule of tusk, forbids the method that the server asks for
    password_missing,        ///< the server asks for a password and none was given
    authentication_protocol, ///< the server broke the rules of the authentication exchange
    server_not_verified,     ///< SCRAM: the server did not prove that it knows the password
    // state of the connection
    not_connected,           ///< the connection is not open
    already_connected,       ///< async_connect on a connection that is open or connecting
    connection_lost,         ///< the connection ended before the answer was complete
    client_encoding_changed, ///< the server switched client_encoding away from UTF8
    protocol_violation,      ///< the server sent what the protocol does not allow here
    message_too_large,       ///< an incoming message is larger than max_message_size
    // requests
    nul_in_text,         ///< SQL, a name or a text holds a NUL byte, which PostgreSQL cannot take
    too_many_parameters, ///< more than 65 535 parameters
    request_too_large,   ///< a value or a message does not fit the protocol's length field
    value_out_of_range,  ///< a parameter's value does not fit its SQL type
    parameter_mismatch,  ///< a parameter's count or C++ type does not fit the statement
    unknown_type, ///< the server has no such type, or a value cannot be read while nothing is known of its type
    skipped,      ///< a part of a batch that the server skipped since an earlier part failed
    stale_statement, ///< a cached statement went stale where it could not be sent anew by itself (in a
    ///< transaction block, or behind other statements of its batch); the next use is healed
    unexpected_copy, ///< the statement is a COPY, which the query functions do not run
    needs_extended_protocol, ///< statement_mode::simple carries no parameters, batches, cursors or prepared statements
    several_statements, ///< the text holds several statements, which only async_script runs
    visitor_failed,     ///< the function given to async_for_each threw an exception
    // results
    no_rows,         ///< query_one found no row
    too_many_rows,   ///< query_one or query_optional found more than one row
    column_mismatch, ///< the columns do not fit the C++ type; the message names column, SQL and C++ type
    unexpected_null, ///< NULL in a column that is read into a type that has no NULL
    invalid_value,   ///< the bytes of a value are not a valid value of its type
    value_not_representable, ///< a valid value that the C++ type cannot hold
    // connecting with TLS
    tls_not_offered,       ///< the server does not take TLS, which sslmode demands
    tls_negotiation,       ///< the server broke the rules by which TLS is begun
    tls_failed,            ///< the handshake or the encrypted stream failed; the message says how
    tls_truncated,         ///< the encrypted stream ended without TLS's own farewell: it may have been cut
    tls_file,              ///< a file of certificates, keys or revocations cannot be used
    certificate_untrusted, ///< nobody whom sslrootcert trusts vouches for the server's certificate
    certificate_expired,   ///< a certificate, or a list of revocations, has expired or is not valid yet
    certificate_revoked,   ///< the server's certificate has been revoked
    certificate_name_mismatch, ///< the server's certificate is for another host; the message lists its names
    channel_binding_required,  ///< channel_binding=require, and this login would not be bound to TLS
    // connecting
    session_attributes,  ///< the server is not of the kind that target_session_attrs asks for
    peer_mismatch,       ///< requirepeer: the server behind the unix socket runs as somebody else
    credentials_missing, ///< password_provider or token_provider gave no secret, or there is none
    gssapi_failed,       ///< GSSAPI refused; the message holds its words
    // streams and COPY
    wrong_copy,        ///< the statement is no COPY of the kind that the function runs, or of another format
    operation_pending, ///< the stream, COPY, subscription or listener has not completed the operation before this
    already_ended, ///< the COPY, cursor, subscription or listener has been ended, by oneself or (listening) by SQL
    // time limits
    timed_out,        ///< the request's time limit ran out
    cancel_timed_out, ///< the server did not end a request that was given up within cancel_timeout: the
                      ///< connection was closed
    // transactions
    transaction_rolled_back, ///< COMMIT of a transaction that had failed: the server rolled it back
    in_doubt,         ///< COMMIT was sent and its answer was lost: the transaction may be committed or not
    transaction_over, ///< the transaction is over: committed, rolled back, or ended by SQL of its own
    already_in_transaction, ///< a transaction block is open, where the operation needs that none is
    not_in_transaction,     ///< the operation needs a transaction block, and none is open
    // cursors
    returns_no_rows, ///< the statement is of a kind that gives no rows, so that a cursor has nothing to fetch
    // names
    invalid_channel, ///< the name of a channel is empty, longer than 63 bytes, or holds a NUL byte or bad UTF-8
    invalid_identifier, ///< the same for a name that is to be quoted
};

/// The category of `tusk::errc`, name "tusk".
[[nodiscard]] const std::error_category& client_category() noexcept;

[[nodiscard]] inline std::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), client_category()};
}

/// The exception behind the `throwing` completion tokens and `conninfo::parse`.
///
/// `what()` holds the code's message, the server's message and, where there are any, detail and hint. It
/// never holds a password or the value of a parameter.
class error : public std::system_error {
public:
    explicit error(std::error_code ec, diagnostics diag = {});

    /// All that is known about the failure; empty when the code says it all.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

    /// The same as `diag().safe_to_retry()`.
    [[nodiscard]] bool safe_to_retry() const noexcept { return diag_.safe_to_retry(); }

private:
    diagnostics diag_;
};

} // namespace tusk

template <>
struct std::is_error_code_enum<tusk::errc> : std::true_type {
};
