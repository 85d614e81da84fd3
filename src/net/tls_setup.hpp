// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/tls_settings.hpp"
#include "net/tls_errors.hpp"
#include "net/tls_stream.hpp"

#include <tusk/tls_context.hpp>

#include <memory>
#include <string>

namespace tusk::net {

/// TLS as one connection's parameters, or the user's own context, want it: the source of its streams.
class tls_setup {
public:
    tls_setup(const conn::tls_settings& settings, const tls_context& own)
        : settings_(settings)
        , own_(own.shared())
    {
    }

    [[nodiscard]] const conn::tls_settings& settings() const noexcept { return settings_; }

    /// A stream to the server of this name, which may be empty or an address. Files are read at the first call.
    [[nodiscard]] tls_failure make_stream(const std::string& host, std::unique_ptr<tls_stream>& out);

    /// The handshake is over: whether the server is whom sslmode asks for.
    [[nodiscard]] tls_failure check_peer(tls_stream& stream, const std::string& host) const;

    /// Why sslcertmode=require is not met; empty: it is, or is not asked for.
    [[nodiscard]] std::string certificate_lack(const tls_stream& stream) const;

private:
    [[nodiscard]] tls_failure prepare();
    [[nodiscard]] tls_failure adapt(tls_stream& stream) const;

    const conn::tls_settings& settings_;
    std::shared_ptr<ssl_ctx_st> own_;  // the user's
    std::shared_ptr<ssl_ctx_st> made_; // from the files
    bool checks_ = false;              // the files let the server's certificate be checked
};

} // namespace tusk::net
