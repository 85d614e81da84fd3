// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "dialogue.hpp"

#include "auth/base64.hpp"
#include "auth/pbkdf2.hpp"
#include "auth/sha256.hpp"
#include "session/startup.hpp"

#include <tusk/error.hpp>

#include <cstring>
#include <string>
#include <utility>

namespace session_test {

/// The server's side of SCRAM-SHA-256 (RFC 5802), for one password.
class scram_server {
public:
    static constexpr std::string_view salt = "salt and pepper";
    static constexpr std::uint32_t rounds = 3;

    /// `gs2`: the header that the client must send; `binding`: what it must bind the login to.
    explicit scram_server(std::string password = "secret", std::string gs2 = "n,,", std::string binding = {})
        : password_(std::move(password))
        , gs2_(std::move(gs2))
        , binding_(std::move(binding))
    {
    }

    /// Takes the client's SASLInitialResponse, gives server-first-message.
    std::string first(std::string_view response)
    {
        const std::string head = zero_ended(gs2_.starts_with('p') ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256");
        EXPECT_EQ(response.substr(0, 1), "p");
        EXPECT_EQ(response.substr(5, head.size()), head);
        const std::string_view data = response.substr(std::min(response.size(), head.size() + 9));
        EXPECT_TRUE(data.starts_with(gs2_ + "n=,r=")) << data;
        client_bare_ = data.substr(std::min(gs2_.size(), data.size()));
        nonce_ = client_bare_.substr(std::min<std::size_t>(5, client_bare_.size())) + "the-server's-own-part";
        server_first_ = "r=" + nonce_ + ",s=" + tusk::auth::base64_encode(std::as_bytes(std::span(salt))) +
                        ",i=" + std::to_string(rounds);
        return server_first_;
    }

    /// Takes the client's SASLResponse, gives server-final-message.
    std::string final(std::string_view response)
    {
        const std::string_view data = response.substr(std::min<std::size_t>(5, response.size()));
        const std::string bound = gs2_ + binding_;
        const std::string without_proof =
            "c=" + tusk::auth::base64_encode(std::as_bytes(std::span(bound))) + ",r=" + nonce_;
        EXPECT_TRUE(data.starts_with(without_proof + ",p="));

        tusk::auth::pbkdf2 salted;
        salted.start(tusk::auth::as_bytes(password_), tusk::auth::as_bytes(salt), rounds);
        while (!salted.run(rounds)) {
        }
        const std::string all = client_bare_ + "," + server_first_ + "," + without_proof;
        const tusk::auth::hmac_sha256 key(salted.result());
        const auto client_key = key("Client Key");
        const auto stored = tusk::auth::sha256(client_key);
        auto proof = tusk::auth::hmac_sha256(stored)(all);
        for (std::size_t i = 0; i < proof.size(); ++i) proof[i] ^= client_key[i];
        EXPECT_EQ(data.substr(std::min(data.size(), without_proof.size() + 3)),
                  tusk::auth::base64_encode(proof));
        return "v=" + tusk::auth::base64_encode(tusk::auth::hmac_sha256(key("Server Key"))(all));
    }

private:
    std::string password_;
    std::string gs2_;
    std::string binding_;
    std::string client_bare_;
    std::string server_first_;
    std::string nonce_;
};

/// A start-up, fed as the network layer feeds it.
struct startup_peer : peer_base {
    using verdict = tusk::session::startup::verdict;

    explicit startup_peer(tusk::session::login who)
        : machine(std::move(who))
        , inbox(256)
    {
        inbox.set_limits({.authenticated = false});
        now = machine.start(out);
    }

    bool receive(std::string_view bytes)
    {
        while (!bytes.empty() && now != verdict::failed) {
            const auto room = inbox.prepare();
            const std::size_t n = std::min(room.size(), bytes.size());
            std::memcpy(room.data(), bytes.data(), n);
            inbox.commit(n);
            bytes.remove_prefix(n);
            drain(false);
        }
        return now != verdict::failed;
    }

    std::string output()
    {
        std::string said = wire_test::text(out.bytes());
        out.clear();
        return said;
    }

    /// End of file.
    void lose()
    {
        if (now == verdict::more) drain(true);
        ended = true;
    }
    [[nodiscard]] bool over() const { return now == verdict::failed || ended; }

    [[nodiscard]] std::string summary() const
    {
        std::string all = now == verdict::ready ? "ready" : now == verdict::failed ? "failed" : "lost";
        if (machine.error())
            all += " " + machine.error().message() + ": " + std::string(machine.diag().message());
        return all;
    }

    void check(const startup_peer& whole, bool broken)
    {
        if (now == verdict::failed) {
            EXPECT_TRUE(machine.error());
            EXPECT_FALSE(machine.diag().empty());
            EXPECT_EQ(machine.diag().to_string().find("secret"), std::string::npos);
        } else {
            EXPECT_FALSE(machine.error());
        }
        if (broken && !ended) EXPECT_NE(now, verdict::ready);
        if (broken && whole.ready_at > damaged_at) EXPECT_NE(now, verdict::ready);
    }

    static bool forbids(char candidate, char original, char)
    {
        const auto among = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
        if (among(candidate, "NE")) return false;
        if (among(original, "RvE")) return !among(candidate, "Rv");
        if (among(original, "SKZ")) return !among(candidate, "SKZ");
        return !among(candidate, "RvSKZ");
    }

    tusk::session::startup machine;
    tusk::wire::inbox inbox;
    tusk::wire::buffer out;
    scram_server scram;
    verdict now;
    bool ended = false;
    std::size_t ready_at = ~std::size_t{0};

private:
    /// What stands for GSSAPI: one token each way.
    static tusk::auth::gss_answer gss(std::span<const std::byte> token)
    {
        using step = tusk::auth::gss_answer::step;
        const std::string_view said(reinterpret_cast<const char*>(token.data()), token.size());
        if (said.empty()) return {step::more, {std::byte{'t'}, std::byte{'1'}}, {}, {}};
        if (said == "t2") return {step::complete, {}, {}, {}};
        return {step::failed, {}, tusk::errc::gssapi_failed, "garbage"};
    }

    /// What the first byte of a server that speaks the protocol can be.
    static constexpr std::string_view first_letters = "RvEN";

    void drain(bool eof)
    {
        while (now == verdict::more) {
            const auto pending = inbox.pending();
            if (!machine.heard() && !pending.empty() &&
                first_letters.find(static_cast<char>(pending.front())) == std::string_view::npos) {
                now = machine.refuse(pending, eof);
                return;
            }
            tusk::wire::frame f;
            switch (inbox.next(f)) {
            case tusk::wire::framing::message:
                now = machine.feed(f, out);
                break;
            case tusk::wire::framing::need_more:
                return;
            case tusk::wire::framing::violation:
                now = machine.refuse(pending, eof);
                return;
            }
            while (now == verdict::hash) now = machine.hash(1, out);
            if (now == verdict::gss) now = machine.answer_gss(gss(machine.gss_input()), out);
            if (now == verdict::ready) ready_at = time;
        }
    }
};

using startup_dialogue = dialogue<startup_peer>;

} // namespace session_test
