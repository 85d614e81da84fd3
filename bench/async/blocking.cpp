// Distributed under the Boost Software License, Version 1.0.
// Connections whose user waits: libpq's own way, and tusk's blocking face.

#include "async/clients.hpp"
#include "async/libpq_support.hpp"
#include "async/tusk_support.hpp"

#include <tusk/blocking.hpp>

#include <system_error>

namespace async_bench {

PGconn* open_libpq(const cell& c)
{
    // A later keyword overrides what stands in the connection string.
    const std::string port = c.port == 0 ? std::string() : std::to_string(c.port);
    std::array<const char*, 6> keywords{"dbname", "sslmode", "gssencmode", nullptr, nullptr, nullptr};
    std::array<const char*, 6> values{c.uri.c_str(), "disable", "disable", nullptr, nullptr, nullptr};
    if (c.port != 0) {
        keywords[3] = "host", values[3] = "127.0.0.1";
        keywords[4] = "port", values[4] = port.c_str();
    }
    connection_ptr db(PQconnectdbParams(keywords.data(), values.data(), 1));
    if (PQstatus(db.get()) != CONNECTION_OK) libpq_failed(db.get());
    constexpr std::array<Oid, 2> types{23, 701}; // int4, float8
    const result_ptr r(PQprepare(db.get(), "s", statement.data(), 2, types.data()));
    if (PQresultStatus(r.get()) != PGRES_COMMAND_OK) libpq_failed(db.get());
    return db.release();
}

namespace {

class libpq_blocking final : public blocking_client {
public:
    explicit libpq_blocking(const cell& c)
        : db_(open_libpq(c))
    {
    }

    void ask(std::int32_t number, double wait_seconds) override
    {
        const libpq_parameters p(number, wait_seconds);
        const result_ptr r(
            PQexecPrepared(db_.get(), "s", 2, p.values.data(), p.lengths.data(), p.formats.data(), 1));
        if (answer_of(r.get()) != number) throw std::runtime_error("libpq: the answer of another request");
    }

private:
    connection_ptr db_;
};

class tusk_blocking final : public blocking_client {
public:
    explicit tusk_blocking(const cell& c)
        : db_(where(c))
    {
    }

    void ask(std::int32_t number, double wait_seconds) override
    {
        std::error_code ec;
        const auto answer = db_.query_one<std::int32_t>(tusk::sql(statement, number, wait_seconds), ec);
        check_answer(ec, answer, number);
    }

private:
    tusk::blocking::connection db_;
};

} // namespace

std::unique_ptr<blocking_client> make_libpq_blocking(const cell& c)
{
    return std::make_unique<libpq_blocking>(c);
}

std::unique_ptr<blocking_client> make_tusk_blocking(const cell& c)
{
    return std::make_unique<tusk_blocking>(c);
}

std::unique_ptr<blocking_client> make_blocking_client(const cell& c)
{
    auto client = c.who.lib == arm::library::libpq ? make_libpq_blocking(c) : make_tusk_blocking(c);
    client->ask(0, 0);
    return client;
}

} // namespace async_bench
