// Distributed under the Boost Software License, Version 1.0.
// Somebody in the middle who holds a certificate of his own, and a client that does not check certificates.
#include "integration/tls_support.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/ssl.hpp>
#include <asio/write.hpp>

#include <array>
#include <future>
#include <thread>

namespace tusk_test {
namespace {

using asio::ip::tcp;
using tusk::errc;
using tls_socket = asio::ssl::stream<tcp::socket>;

/// Passes one login on, between TLS with the client and TLS with the server.
class middleman {
public:
    enum class what { passes_on, strips_plus };

    explicit middleman(what doing)
        : doing_(doing)
        , listener_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0))
        , work_(std::async(std::launch::async, [this] { run(); }))
    {
    }

    [[nodiscard]] std::string port() const { return std::to_string(listener_.local_endpoint().port()); }
    /// What it did is over; an error in it fails the test.
    void finish() { work_.get(); }

private:
    struct message {
        char type = 0;
        std::string body;
        [[nodiscard]] std::uint32_t code() const { return read_length(body.data()); }
    };

    static std::uint32_t read_length(const char* at)
    {
        std::uint32_t n = 0;
        for (int i = 0; i != 4; ++i) n = n << 8 | static_cast<unsigned char>(at[i]);
        return n;
    }

    static std::string length_of(std::size_t body)
    {
        std::string out;
        for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((body + 4) >> shift & 0xff);
        return out;
    }

    static message receive(tls_socket& from, bool typed)
    {
        message m;
        if (typed) asio::read(from, asio::buffer(&m.type, 1));
        std::array<char, 4> length{};
        asio::read(from, asio::buffer(length));
        m.body.resize(read_length(length.data()) - 4);
        asio::read(from, asio::buffer(m.body));
        return m;
    }

    static void send(tls_socket& to, const message& m)
    {
        asio::write(to,
                    asio::buffer((m.type ? std::string(1, m.type) : "") + length_of(m.body.size()) + m.body));
    }

    void run()
    {
        asio::ssl::context own(asio::ssl::context::tls_server);
        own.use_certificate_chain_file(tls_file("other.crt"));
        own.use_private_key_file(tls_file("other.key"), asio::ssl::context::pem);
        asio::ssl::context trusting(asio::ssl::context::tls_client);

        tls_socket client(listener_.accept(), own);
        std::array<char, 8> request{};
        asio::read(client.next_layer(), asio::buffer(request));
        asio::write(client.next_layer(), asio::buffer("S", 1));
        client.handshake(asio::ssl::stream_base::server);

        tls_socket server(io_, trusting);
        server.next_layer().connect(
            tcp::endpoint(asio::ip::make_address(the_server().host),
                          static_cast<unsigned short>(std::stoul(the_server().port))));
        asio::write(server.next_layer(), asio::buffer(request));
        std::array<char, 1> consent{};
        asio::read(server.next_layer(), asio::buffer(consent));
        server.handshake(asio::ssl::stream_base::client);
        pass_login(client, server);
    }

    /// Until the server has refused or let in, or the client has gone.
    void pass_login(tls_socket& client, tls_socket& server)
    try {
        send(server, receive(client, false));
        for (;;) {
            message m = receive(server, true);
            if (doing_ == what::strips_plus && m.type == 'R' && m.code() == 10)
                m.body = m.body.substr(0, 4) + std::string("SCRAM-SHA-256\0\0", 15);
            send(client, m);
            if (m.type == 'E' || m.type == 'Z') return;
            const bool asks = m.type == 'R' && (m.code() == 10 || m.code() == 11);
            if (asks) send(server, receive(client, true));
        }
    } catch (const std::system_error&) {
        // the client went away, which the test looks at from the other side
    }

    what doing_;
    asio::io_context io_;
    tcp::acceptor listener_;
    std::future<void> work_;
};

login_outcome log_in_through(middleman& m, const std::string& extra)
{
    const login_outcome o = try_login(
        "tusk_scram", "port=" + m.port() + " sslmode=require ssl_max_protocol_version=TLSv1.3 " + extra);
    m.finish();
    return o;
}

TEST(tls_middle, a_bound_login_is_refused_by_the_server)
{
    const tls_server lock;
    for (const char* extra : {"", "channel_binding=require"}) {
        middleman m(middleman::what::passes_on);
        const login_outcome o = log_in_through(m, extra);
        EXPECT_TRUE(o.ec == tusk::sqlstate_class::invalid_authorization_specification ||
                    o.ec == tusk::sqlstate_class::connection_exception ||
                    o.ec == tusk::sqlstate::protocol_violation)
            << o.ec.message() << ": " << o.text;
        EXPECT_NE(o.text.find("channel binding"), std::string::npos) << o.text;
    }
}

TEST(tls_middle, an_offer_without_binding_is_noticed_by_the_server)
{
    const tls_server lock;
    middleman m(middleman::what::strips_plus);
    const login_outcome o = log_in_through(m, "");
    EXPECT_EQ(o.ec, tusk::sqlstate::invalid_authorization_specification) << o.ec.message() << ": " << o.text;
    EXPECT_NE(o.text.find("channel binding"), std::string::npos) << o.text;
}

TEST(tls_middle, an_offer_without_binding_is_refused_where_it_is_required)
{
    const tls_server lock;
    middleman m(middleman::what::strips_plus);
    const login_outcome o = log_in_through(m, "channel_binding=require");
    EXPECT_EQ(o.ec, errc::channel_binding_required) << o.ec.message() << ": " << o.text;
}

} // namespace
} // namespace tusk_test
