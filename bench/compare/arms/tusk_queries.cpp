// Distributed under the Boost Software License, Version 1.0.
// tusk with plain callbacks as completion tokens, all connections on one io_context and one thread.
// Statements are prepared by tusk's own cache.
#include "compare/arms/tusk_arm.hpp"
#include "compare/waiting_line.hpp"

#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace bench {
namespace {

/// W1, W2, W3: `tasks` requests in flight, each followed by the next as soon as it is answered.
class singles final : public tusk_arm {
public:
    using tusk_arm::tusk_arm;

    void run(std::uint64_t requests, meter& m) override
    {
        const auto begin = m.now();
        waiting_line line(job_, begin);
        line_ = &line;
        meter_ = &m;
        left_ = requests;
        pending_ = 0;
        std::vector<slot> slots(std::min<std::size_t>(slots_of(job_), requests));
        for (std::size_t i = 0; i < slots.size(); ++i) {
            slots[i] = {this, &db(i), begin};
            slots[i].send();
        }
        run_loop();
    }

private:
    struct slot {
        singles* of;
        tusk::connection* db;
        meter::clock::time_point since;

        void send()
        {
            --of->left_;
            ++of->pending_;
            const auto& w = *of->job_.what;
            db->async_query_one<std::int32_t>(tusk::sql(w.sql, parameter(w.params, of->number_++)),
                                              answered{this});
        }
    };

    struct answered {
        slot* at;
        void operator()(std::error_code ec, tusk::single<std::int32_t> value) const
        {
            check(ec, value.diag());
            at->of->finish(*at, value.value());
        }
    };

    void finish(slot& s, std::int32_t value)
    {
        --pending_;
        meter_->add(static_cast<std::uint64_t>(value));
        s.since = line_->next(meter_->done(s.since));
        if (left_ > 0)
            s.send();
        else if (pending_ == 0)
            stop_loop();
    }

    waiting_line* line_ = nullptr;
    meter* meter_ = nullptr;
    std::uint64_t left_ = 0, number_ = 0;
    std::size_t pending_ = 0;
};

/// W2 in batches, W4, W8: one batch at a time on each connection.
class batches final : public tusk_arm {
public:
    using tusk_arm::tusk_arm;

    void run(std::uint64_t requests, meter& m) override
    {
        meter_ = &m;
        left_ = requests;
        for (std::size_t i = 0; i < job_.tasks && left_ > 0; ++i) send(db(i));
        run_loop();
    }

private:
    void send(tusk::connection& to)
    {
        --left_;
        ++pending_;
        const auto& w = *job_.what;
        tusk::batch parts;
        parts.reserve(w.batch_size);
        for (std::size_t i = 0; i < w.batch_size; ++i) {
            const std::int32_t n = parameter(w.params, number_++);
            if (w.params == params_kind::insert)
                parts.add(w.sql, n, std::int64_t{n}, insert_note);
            else
                parts.add(w.sql, n);
        }
        to.async_run(std::move(parts),
                     [this, &to, since = meter_->now()](std::error_code ec, const tusk::batch_result& r) {
                         check(ec, r.diag());
                         finish(to, r, since);
                     });
    }

    void finish(tusk::connection& to, const tusk::batch_result& r, meter::clock::time_point since)
    {
        --pending_;
        if (job_.what->rows == row_kind::integer) {
            for (const auto& part : r)
                meter_->add(static_cast<std::uint64_t>(part.value[0][0].as<std::int32_t>()));
        } else {
            for (const auto& part : r) meter_->add(part.value.rows_affected());
        }
        meter_->done(since);
        if (left_ > 0)
            send(to);
        else if (pending_ == 0)
            stop_loop();
    }

    meter* meter_ = nullptr;
    std::uint64_t left_ = 0, number_ = 0;
    std::size_t pending_ = 0;
};

/// WC: one after the other.
class connects final : public arm {
public:
    explicit connects(const job& j)
        : where_(j.where.conninfo())
    {
    }

    void run(std::uint64_t requests, meter& m) override
    {
        for (; requests > 0; --requests) {
            const auto since = m.now();
            io_.restart();
            // each is to hash, as a first connection does and as the other arms do
            tusk::connection db(io_, {.scram_keep_keys = false});
            db.async_connect(where_, [&](std::error_code ec, const tusk::diagnostics& d) {
                check(ec, d);
                db.async_close([](std::error_code, const tusk::diagnostics&) {});
                m.done(since);
            });
            io_.run();
        }
    }

private:
    std::string where_;
    asio::io_context io_{1};
};

} // namespace

const std::string_view arm_name = "tusk";
const std::string_view arm_note = "callbacks, one io_context, one thread; typed queries, batches by "
                                  "async_run, large results by async_for_each, COPY by async_write_rows, "
                                  "async_read and async_for_each";

std::string arm_version()
{
    const auto part = [](int n) { return std::to_string(n); };
    return "tusk " TUSK_BENCH_VERSION ", Asio " + part(ASIO_VERSION / 100'000) + "." +
           part(ASIO_VERSION / 100 % 1000) + "." + part(ASIO_VERSION % 100);
}

bool arm_supports(const workload&) { return true; }

std::unique_ptr<arm> make_arm(const job& j)
{
    switch (j.what->kind) {
    case shape::single:
        return std::make_unique<singles>(j);
    case shape::batch:
        return std::make_unique<batches>(j);
    case shape::rows:
        return make_tusk_rows(j);
    case shape::copy_in:
    case shape::copy_out:
        return make_tusk_copy(j);
    case shape::connect:
        break;
    }
    return std::make_unique<connects>(j);
}

} // namespace bench
