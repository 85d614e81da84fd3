// Distributed under the Boost Software License, Version 1.0.
// libpq in pipeline mode: all requests in flight are sent, then all answers are taken; a thread for each
// connection.
#include "compare/arms/libpq_common.hpp"
#include "compare/arms/threads.hpp"

namespace bench {
namespace {

class pipelined final : public worker_connection {
public:
    explicit pipelined(const job& j)
        : what_(*j.what)
        , connection_(pg_open(j))
        , parameters_(j)
        , decoder_(what_)
    {
        // Non-blocking, as libpq's manual advises: PQgetResult then writes while it waits.
        if (::PQsetnonblocking(pg(), 1) != 0 || ::PQenterPipelineMode(pg()) != 1) pg_fail(pg());
    }

    meter::clock::time_point requests(std::uint64_t first, std::uint64_t count,
                                      meter::clock::time_point since, meter& m) override
    {
        for (std::uint64_t i = 0; i < count; ++i) {
            for (std::size_t k = 0; k < what_.batch_size; ++k) {
                parameters_.next((first + i) * what_.batch_size + k);
                if (!parameters_.send(pg())) pg_fail(pg());
            }
            if (::PQpipelineSync(pg()) != 1) pg_fail(pg());
        }
        auto now = since;
        for (std::uint64_t i = 0; i < count; ++i) {
            for (std::size_t k = 0; k < what_.batch_size; ++k) answer(m);
            const pg_result sync(::PQgetResult(pg()));
            if (::PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) pg_fail(pg());
            now = m.done(since);
        }
        return now;
    }

private:
    void answer(meter& m)
    {
        const pg_result r(::PQgetResult(pg()));
        m.add(decoder_.sum(pg(), r.get()));
        if (pg_result(::PQgetResult(pg()))) pg_fail(pg()); // a null pointer ends each statement
    }
    [[nodiscard]] PGconn* pg() const noexcept { return connection_.get(); }

    const workload& what_;
    pg_connection connection_;
    pg_parameters parameters_;
    pg_decoder decoder_;
};

} // namespace

const std::string_view arm_name = "libpq-pipeline";
const std::string_view arm_note =
    "pipeline mode: what may be in flight is sent, then all of it is read; a thread for each connection";

std::string arm_version() { return pg_version(); }

bool arm_supports(const workload& w)
{
    return w.kind == shape::batch || (w.kind == shape::single && !w.exclusive);
}

std::unique_ptr<arm> make_arm(const job& j)
{
    return std::make_unique<threads<pipelined>>(j, std::max<std::size_t>(1, j.tasks / j.what->connections));
}

} // namespace bench
