// Distributed under the Boost Software License, Version 1.0.
// A program without an event loop of its own: each call waits for its end.

#include "run.hpp"

#include <tusk/blocking.hpp>
#include <tusk/sql.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace {

struct user {
    std::int32_t id;
    std::string name;
};

void run(const char* where)
{
    tusk::blocking::connection db(where);
    db.execute("create temp table users(id int primary key, name text not null)");
    db.execute(tusk::sql("insert into users values ($1, $2)", 1, "Ada"));

    const std::vector<std::tuple<int, std::string>> more{{2, "Grace"}, {3, "Edsger"}};
    {
        auto tx = db.begin();
        tx.execute_many("insert into users values ($1, $2)", more);
        tx.commit(); // without it, the end of the scope rolls back
    }
    for (const user& u : db.query<user>("select id, name from users order by id"))
        std::printf("%d %s\n", u.id, u.name.c_str());

    const int left = db.transaction({}, [](tusk::blocking::transaction& tx) {
        tx.execute("delete from users where id = 3");
        return tx.query_one<int>("select count(*)::int4 from users");
    });
    expect(left == 2, "what the function gives");

    tusk::blocking::subscription jobs = db.listen("jobs");
    db.execute(tusk::sql("select pg_notify('jobs', $1)", "7"));
    while (const auto n = jobs.receive(std::chrono::milliseconds(10)))
        std::printf("a job: %s\n", n->payload.c_str());

    std::int64_t sum = 0;
    for (const user& u : db.stream<user>("select i as id, 'x' as name from generate_series(1, 10000) i"))
        sum += u.id;
    expect(sum == 50'005'000, "all rows of the stream");

    std::error_code ec;
    const tusk::command done = db.execute("insert into users values (1, 'Ada')", ec);
    expect(ec == tusk::sqlstate::unique_violation, "an error code instead of an exception");
    std::printf("%s\n", std::string(done.diag().message()).c_str());

    try {
        db.execute(tusk::sql("select pg_sleep(60)").timeout(std::chrono::milliseconds(50)));
        expect(false, "it was too slow");
    } catch (const tusk::error& e) {
        expect(e.code() == tusk::errc::timed_out, "a time limit");
    }
    expect(db.query_one<int>("select 1") == 1, "and the connection is usable");
    db.close();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: blocking CONNECTION-STRING\n"), 2;
    try {
        run(argv[1]);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    return 0;
}
