// Distributed under the Boost Software License, Version 1.0.
// How the connection is encrypted, and whom it goes to. Try it with sslmode=verify-full.

#include <tusk.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <string>

asio::awaitable<void> show(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);

    const tusk::tls_info tls = db.tls();
    if (!tls) {
        std::printf("not encrypted\n");
    } else {
        static constexpr const char* checked[] = {"not checked", "vouched for",
                                                  "vouched for, and of this host"};
        std::printf("%s, %s, %d bits\n", tls.protocol.c_str(), tls.cipher.c_str(), tls.key_bits);
        std::printf("server: %s (%s)\n", tls.peer_subject.c_str(),
                    checked[static_cast<int>(tls.verification)]);
    }
    std::printf("login: %s\n", std::string(db.authentication_method()).c_str());

    co_await db.async_close();
}

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: tls postgresql://user@host/database?sslmode=...\n"), 2;
    try {
        asio::io_context io;
        tusk::connection db(io);
        asio::co_spawn(io, show(db, argv[1]), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
