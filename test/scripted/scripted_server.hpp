// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "scripted/messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// A server that follows a script, in a thread of its own, with blocking sockets.
namespace scripted {

/// How long either side waits for the other before the test fails. Nothing waits this long when all is well.
constexpr int patience_ms = 30'000;

/// The client did something else than the script says, or nothing at all.
struct script_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct message {
    char type = 0;
    std::string body;
};

/// The server's end of one connection. Closed when it goes.
class peer {
public:
    explicit peer(int fd) noexcept
        : fd_(fd)
    {
    }
    peer(peer&& other) noexcept
        : fd_(std::exchange(other.fd_, -1))
    {
    }
    peer& operator=(peer&&) = delete;
    ~peer() { close(); }

    /// The StartupMessage: protocol 3.0, and the name and value of each parameter.
    std::vector<std::pair<std::string, std::string>> expect_startup();
    /// The request for TLS.
    void expect_ssl_request();
    /// The request for GSSAPI encryption.
    void expect_gss_request();
    /// A token of GSSAPI's, with its length, before anything is encrypted.
    void expect_gss_token();
    /// The CancelRequest for the session of messages.hpp.
    void expect_cancel_request();
    /// The first bytes of a TLS handshake, as many as have come.
    void expect_client_hello();
    /// Messages of these types, one a letter, and nothing else.
    std::vector<message> expect(std::string_view types);
    /// One message of any type; type 0 when the client has closed.
    message expect_any();
    /// The whole login of a client that is trusted.
    void login();
    /// The client has not said anything so far.
    void expect_nothing();
    /// The end of the client's stream, in good order, without another byte.
    void expect_end();
    /// The same, but the client may as well have reset the connection; what it had sent is dropped.
    void wait_for_end();

    void send(std::string_view bytes);
    void send(const std::vector<std::string>& messages) { send(joined(messages)); }
    void close() noexcept;
    /// Ends the connection with RST.
    void reset() noexcept;
    /// Ends the server's stream; reading goes on.
    void shut_down() noexcept;

private:
    /// Exactly so many bytes.
    std::string read(std::size_t n);
    /// Up to so many; empty at the end of the stream.
    std::string read_some(std::size_t n);

    int fd_;
};

/// Lets the script wait for the test.
class gate {
public:
    void open() { promise_.set_value(); }
    void pass()
    {
        if (future_.wait_for(std::chrono::milliseconds(patience_ms)) != std::future_status::ready)
            throw script_error("the test did not open the gate");
    }

private:
    std::promise<void> promise_;
    std::future<void> future_ = promise_.get_future();
};

class scripted_server {
public:
    using script = std::function<void(scripted_server&)>;
    using dialogue = std::function<void(peer&)>;

    struct options {
        bool unix_socket = false;
        int receive_buffer = 0;
        const char* address = "127.0.0.1";
        const char* port = "0"; ///< any
    };

    /// Plays the script: `accept()` gives the connections.
    scripted_server(script play, options o);
    explicit scripted_server(script play)
        : scripted_server(std::move(play), options{})
    {
    }
    /// Plays the dialogue with one client.
    static script once(dialogue talk)
    {
        return [talk = std::move(talk)](scripted_server& s) {
            peer p = s.accept();
            talk(p);
        };
    }
    /// Plays the dialogue with one client that has logged in.
    static script session(dialogue talk)
    {
        return once([talk = std::move(talk)](peer& p) {
            p.login();
            talk(p);
        });
    }
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;
    /// Waits for the end of the script. An error in it has failed the test by then.
    ~scripted_server() { finish(); }
    void finish();

    /// The next client.
    [[nodiscard]] peer accept();
    /// Nobody else is waiting to be accepted.
    void expect_nobody();

    [[nodiscard]] const std::string& port() const noexcept { return port_; }
    /// A connection string for this server, with `more` behind.
    [[nodiscard]] std::string where(std::string_view more = {}) const;

private:
    void listen_tcp(const options& o);
    void listen_unix();

    int listener_ = -1;
    std::string host_;
    std::string port_;
    std::thread thread_;
};

/// A port on 127.0.0.1 that refuses: bound, so that nobody else gets it, and not listening.
class refusing_port {
public:
    refusing_port();
    refusing_port(const refusing_port&) = delete;
    refusing_port& operator=(const refusing_port&) = delete;
    ~refusing_port();
    [[nodiscard]] const std::string& port() const noexcept { return port_; }

private:
    std::string port_;
    int fd_;
};

} // namespace scripted
