// Distributed under the Boost Software License, Version 1.0.
// libpq as most use it: blocking, a connection for each thread.
#include "compare/arms/libpq_common.hpp"
#include "compare/arms/libpq_copy.hpp"
#include "compare/arms/threads.hpp"

namespace bench {
namespace {

class blocking final : public worker_connection {
public:
    explicit blocking(const job& j)
        : what_(*j.what)
        , connection_(pg_open(j))
        , parameters_(j)
        , decoder_(what_)
    {
    }

    meter::clock::time_point requests(std::uint64_t number, std::uint64_t, meter::clock::time_point since,
                                      meter& m) override
    {
        const bool writes = what_.params == params_kind::insert;
        if (writes) command("begin");
        for (std::size_t i = 0; i < what_.batch_size; ++i) {
            parameters_.next(number * what_.batch_size + i);
            const auto r = parameters_.execute(connection_.get());
            m.add(decoder_.sum(connection_.get(), r.get()));
        }
        if (writes) command("commit");
        return m.done(since);
    }

private:
    void command(const char* text)
    {
        const pg_result r(::PQexec(connection_.get(), text));
        if (::PQresultStatus(r.get()) != PGRES_COMMAND_OK) pg_fail(connection_.get());
    }

    const workload& what_;
    pg_connection connection_;
    pg_parameters parameters_;
    pg_decoder decoder_;
};

class connects final : public worker_connection {
public:
    explicit connects(const job& j)
        : where_(j.where)
    {
    }
    meter::clock::time_point requests(std::uint64_t, std::uint64_t, meter::clock::time_point since,
                                      meter& m) override
    {
        (void)pg_connect(where_);
        return m.done(since);
    }

private:
    server where_;
};

} // namespace

const std::string_view arm_name = "libpq";
const std::string_view arm_note = "blocking, one statement at a time, a thread for each connection";

std::string arm_version() { return pg_version(); }

bool arm_supports(const workload& w)
{
    // W2 in batches is about pipelining; W4 and W8 are what a program wants done, one way or another.
    if (w.kind == shape::batch) return w.name == "W4" || w.name == "W8";
    return w.kind != shape::single || w.tasks == 1 || w.exclusive;
}

std::unique_ptr<arm> make_arm(const job& j)
{
    if (j.what->is_copy()) return make_libpq_copy(j);
    if (j.what->kind == shape::connect) return std::make_unique<threads<connects>>(j);
    return std::make_unique<threads<blocking>>(j);
}

} // namespace bench
