// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace tusk::auth {

/// Whom to talk to by GSSAPI, and how.
struct gss_target {
    std::string service;   ///< krbsrvname
    std::string host;      ///< as the connection string names it; empty: there is none, which is an error
    bool delegate = false; ///< gssdelegation: the server gets a ticket to act in the user's name
    bool encrypt = false;  ///< the context is to encrypt what follows, not only to authenticate
};

/// What a token of the server's came to.
struct gss_answer {
    enum class step : std::uint8_t {
        more,     ///< send the token and feed the server's answer
        complete, ///< both sides are proved; the token, perhaps an empty one, is still to be sent
        failed,
    };
    step now = step::failed;
    std::vector<std::byte> token;
    std::error_code ec; ///< when failed
    std::string reason; ///< in one sentence, with the library's words
};

/// One security context of Kerberos (GSSAPI, RFC 2743), from the client's side. The server must prove itself too.
///
/// Calls may block while the library asks the KDC. One thread at a time.
class gss_client {
public:
    /// Whether this build has GSSAPI. Without it every feed() fails, with errc::authentication_unsupported.
    [[nodiscard]] static bool built() noexcept;

    explicit gss_client(gss_target to);
    gss_client(const gss_client&) = delete;
    gss_client& operator=(const gss_client&) = delete;
    ~gss_client();

    /// Takes the server's token; an empty one begins.
    [[nodiscard]] gss_answer feed(std::span<const std::byte> token);

    // --- when the context is complete, and was asked to encrypt; no call blocks ---

    /// How many plain bytes may go into one wrapped packet of at most this size. 0: failed.
    [[nodiscard]] std::size_t room_in(std::size_t packet);
    /// Encrypts a packet, and appends it. False: failed.
    [[nodiscard]] bool wrap(std::span<const std::byte> plain, std::vector<std::byte>& to);
    /// Decrypts a packet, which must have been encrypted, and appends it. False: failed.
    [[nodiscard]] bool unwrap(std::span<const std::byte> packet, std::vector<std::byte>& to);
    /// Why, in one sentence.
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

private:
    struct context; // the library's handles

    gss_target to_;
    std::unique_ptr<context> context_;
    std::string reason_;
};

} // namespace tusk::auth
