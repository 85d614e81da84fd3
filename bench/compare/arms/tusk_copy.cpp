// Distributed under the Boost Software License, Version 1.0.
// tusk: COPY from structs, to bytes and to structs.
#include "compare/arms/tusk_arm.hpp"
#include "compare/rows.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {

namespace {

using row = wide_row<std::string_view>;

/// What the two directions share: one COPY after the other.
class copies : public tusk_arm {
public:
    explicit copies(const job& j)
        : tusk_arm(j)
        , statement_(copy_statement(*j.what, j.rows))
    {
    }

    void run(std::uint64_t requests, meter& m) final
    {
        meter_ = &m;
        for (; requests > 0; --requests) {
            const auto since = m.now();
            begin();
            run_loop();
            m.done(since);
        }
    }

protected:
    /// Begins a COPY, whose end stops the loop.
    virtual void begin() = 0;

    std::string statement_;
    meter* meter_ = nullptr;
};

class copies_in final : public copies {
public:
    using copies::copies;

private:
    void begin() override
    {
        db(0).async_execute("truncate bench_copied", [this](std::error_code ec, const tusk::command& done) {
            check(ec, done.diag());
            db(0).async_copy_in<row>(statement_, [this](std::error_code failed, tusk::copy_in<row> to) {
                check(failed, to.diag());
                to_ = std::move(to);
                left_ = job_.rows / rows_.size();
                write();
            });
        });
    }

    void write()
    {
        if (left_-- == 0) return finish();
        to_.async_write_rows(rows_, [this](std::error_code ec, const tusk::diagnostics& why) {
            check(ec, why);
            write();
        });
    }

    void finish()
    {
        to_.async_finish([this](std::error_code ec, const tusk::command& done) {
            check(ec, done.diag());
            meter_->add(done.rows_affected());
            stop_loop();
        });
    }

    std::vector<row> rows_ = rows_to_copy(rows_at_hand);
    tusk::copy_in<row> to_;
    std::size_t left_ = 0;
};

class copies_raw final : public copies {
public:
    using copies::copies;

private:
    void begin() override
    {
        db(0).async_copy_out(statement_, [this](std::error_code ec, tusk::copy_out<> from) {
            check(ec, from.diag());
            from_ = std::move(from);
            read();
        });
    }

    void read()
    {
        from_.async_read([this](std::error_code ec, const tusk::copy_chunk& some) {
            check(ec, some.diag());
            if (some.empty()) return stop_loop();
            meter_->add(some.size());
            read();
        });
    }

    tusk::copy_out<> from_;
};

class copies_out final : public copies {
public:
    using copies::copies;

private:
    void begin() override
    {
        db(0).async_copy_out<row>(statement_, [this](std::error_code ec, tusk::copy_out<row> from) {
            check(ec, from.diag());
            from_ = std::move(from);
            from_.async_for_each([this](const row& r) { meter_->add(digest(r)); },
                                 [this](std::error_code failed, const tusk::command& done) {
                                     check(failed, done.diag());
                                     stop_loop();
                                 });
        });
    }

    tusk::copy_out<row> from_;
};

} // namespace

std::unique_ptr<arm> make_tusk_copy(const job& j)
{
    if (j.what->kind == shape::copy_in) return std::make_unique<copies_in>(j);
    if (j.what->rows == row_kind::none) return std::make_unique<copies_raw>(j);
    return std::make_unique<copies_out>(j);
}

} // namespace bench
