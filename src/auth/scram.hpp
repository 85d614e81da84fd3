// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/pbkdf2.hpp"
#include "auth/scram_keys.hpp"
#include "auth/secret_string.hpp"

#include <tusk/diagnostics.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace tusk::auth {

struct scram_limits {
    std::uint32_t max_iterations = 100'000; ///< more than this is refused before hashing
    bool keep_keys = false; ///< what was derived is kept for the next exchange, see scram_key_cache
};

/// What the client says about channel binding (RFC 5802, gs2-cbind-flag).
struct channel_binding {
    enum class support {
        none,        ///< 'n': the client has none (no TLS)
        not_offered, ///< 'y': the client has it and believes that the server has not
        used,        ///< 'p': SCRAM-SHA-256-PLUS with `type` and `data`
    };
    support flag = support::none;
    std::string type; ///< "tls-server-end-point"
    std::string data; ///< the hash of the server's certificate
};

/// The client's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677). It sends no user name: PostgreSQL
/// uses the one of the startup message.
///
/// Order of calls: client_first · server_first · hash until it returns true · client_final · server_final. A
/// call out of order, or after a failure, fails; one object serves one exchange only.
class scram_client {
public:
    scram_client(std::string_view password, scram_limits limits = {}, channel_binding binding = {});
    /// With the keys that the server's verifier belongs to, in place of the password; nothing is hashed.
    scram_client(const scram_keys& keys, scram_limits limits, channel_binding binding);
    /// For tests: a fixed nonce instead of a random one. Printable ASCII without ','.
    scram_client(std::string_view password, scram_limits limits, channel_binding binding, std::string nonce);

    /// "SCRAM-SHA-256", or "SCRAM-SHA-256-PLUS" when channel binding is used.
    [[nodiscard]] std::string_view mechanism() const noexcept;

    /// client-first-message = gs2-header "n=,r=" c-nonce. Empty on failure (no random numbers to be had, or
    /// called twice).
    [[nodiscard]] std::string client_first();

    /// server-first-message = "r=" nonce ",s=" base64 ",i=" posit-number. Everything is checked before the
    /// first round of hashing.
    [[nodiscard]] std::error_code server_first(std::string_view message);

    /// What the server asked for; 0 before server_first() succeeded.
    [[nodiscard]] std::uint32_t iterations() const noexcept { return iterations_; }

    /// Does up to `iterations` more rounds. True when none is left. Also true, without work, in any other
    /// state, so that a loop over it ends.
    [[nodiscard]] bool hash(std::uint32_t iterations);

    /// client-final-message = "c=" base64 ",r=" nonce ",p=" base64. Empty unless hash() returned true for a
    /// server_first() that succeeded.
    [[nodiscard]] std::string client_final();

    /// server-final-message = "v=" base64 / "e=" reason.
    [[nodiscard]] std::error_code server_final(std::string_view message);

    /// True only after server_final() accepted the server's signature.
    [[nodiscard]] bool verified() const noexcept { return state_ == state::verified; }

    /// The client's sentence about the last failure; empty when there was none.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    enum class state : std::uint8_t { start, first_sent, hashing, hashed, final_sent, verified, failed };

    [[nodiscard]] std::error_code fail(std::error_code why, std::string sentence);
    [[nodiscard]] std::error_code check_nonce(std::string_view nonce);
    [[nodiscard]] std::error_code check_iterations(std::string_view digits);
    void begin_hashing(std::span<const std::byte> salt);
    void derive_keys();
    void sign(std::string_view auth_message, sha256_digest& proof);

    secret_string password_; // after SASLprep; wiped when hashing starts
    scram_limits limits_;
    channel_binding binding_;
    std::string nonce_; // ours
    std::string gs2_header_;
    std::string first_bare_;
    std::string server_first_;
    std::string full_nonce_;
    std::uint32_t iterations_ = 0;
    pbkdf2 salted_password_;
    scram_keys keys_;
    sha256_digest keys_name_{};
    sha256_digest server_signature_{};
    state state_ = state::start;
    bool keys_given_ = false;
    bool keys_known_ = false;
    diagnostics diag_;
};

} // namespace tusk::auth
