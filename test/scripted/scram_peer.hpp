// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "scripted/scripted_server.hpp"

#include "auth/base64.hpp"
#include "auth/pbkdf2.hpp"
#include "auth/sha256.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace scripted {

/// The server's side of SCRAM-SHA-256.
class scram_peer {
public:
    scram_peer(peer& p, std::uint32_t iterations)
        : peer_(p)
        , iterations_(iterations)
    {
    }

    /// From the StartupMessage to the server-first-message, which asks for so many iterations.
    void challenge()
    {
        peer_.expect_startup();
        peer_.send(authentication(10, cstring("SCRAM-SHA-256") + '\0'));
        const std::string initial = peer_.expect("p")[0].body;
        const std::string prefix = cstring("SCRAM-SHA-256");
        if (!initial.starts_with(prefix)) throw script_error("the mechanism is not SCRAM-SHA-256");
        const std::string first = initial.substr(prefix.size() + 4);
        if (!first.starts_with("n,,n=,r=")) throw script_error("the client-first-message is wrong: " + first);
        nonce_ = first.substr(8) + "server";
        auth_message_ = first.substr(3);
        const std::string server_first = "r=" + nonce_ +
                                         ",s=" + tusk::auth::base64_encode(tusk::auth::as_bytes(salt)) +
                                         ",i=" + std::to_string(iterations_);
        auth_message_ += ',' + server_first;
        peer_.send(authentication(11, server_first));
    }

    /// Takes the client-final-message, and gives the signature that belongs to the password.
    std::string signature(std::string_view password)
    {
        const std::string final_message = peer_.expect("p")[0].body;
        const std::string without_proof = "c=biws,r=" + nonce_;
        if (!final_message.starts_with(without_proof + ",p="))
            throw script_error("the client-final-message is wrong: " + final_message);
        auth_message_ += ',' + without_proof;
        tusk::auth::pbkdf2 salted;
        salted.start(tusk::auth::as_bytes(password), tusk::auth::as_bytes(salt), iterations_);
        while (!salted.run(iterations_)) {
        }
        const tusk::auth::hmac_sha256 by_password(salted.result());
        const tusk::auth::hmac_sha256 by_server_key(by_password("Server Key"));
        return "v=" + tusk::auth::base64_encode(by_server_key(auth_message_));
    }

private:
    static constexpr std::string_view salt = "sixteen bytes ok";

    peer& peer_;
    std::uint32_t iterations_;
    std::string nonce_;
    std::string auth_message_;
};

} // namespace scripted
