// Distributed under the Boost Software License, Version 1.0.
#include <tusk/cursor.hpp>

#include "session/statement_cache.hpp"

#include <tusk/error.hpp>

#include <new>
#include <string>
#include <utility>

namespace tusk::detail {

/// The Close of a portal whose cursor has gone. Nobody waits for it.
class silent_close final : public request {
public:
    explicit silent_close(const detail::portal& of)
    {
        portal_.name = of.name;
        kind = request_kind::close_portal;
        timeout = {}; // whoever is behind it has limits of their own
    }
    ~silent_close() = default;

    [[nodiscard]] portal_use with_portal() noexcept override { return {.which = &portal_}; }
    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept override { return {}; }
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept override
    {
        return none;
    }
    void begin(std::size_t, const columns_ptr&) noexcept override {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept override { return false; }
    void end(std::size_t, std::string_view) noexcept override {}
    [[nodiscard]] bool restart() noexcept override { return true; }
    void complete() override
    {
        end_observation();
        delete this;
    }
    void destroy() noexcept override { delete this; }

private:
    detail::portal portal_;
};

cursor_core::cursor_core(submitter_ptr host, const bound& statement)
    : host_(std::move(host))
    , sql_(statement.sql())
    , declared_(statement.declared().begin(), statement.declared().end())
    , timeout_(statement.timeout())
{
    portal_.name = "tusk_cursor_" + std::to_string(host_->next_id());
    last_word_ = std::make_unique<silent_close>(portal_);
}

cursor_core::~cursor_core() = default;

/// What can be answered without the server leaves the transaction as it is.
void cursor_core::submit(request& r) noexcept
{
    const bool closes = r.kind == request_kind::close_portal;
    if (!open_) {
        if (!closes)
            r.fail(errc::already_ended, diagnostics::client("the cursor was closed", outcome::not_sent));
        return host_->finish(r);
    }
    if (closes) {
        open_ = false;
        return host_->submit(r);
    }
    if (r.with_portal().limit < 1)
        r.fail(errc::value_out_of_range,
               diagnostics::client("1 to 2147483647 rows can be fetched at a time", outcome::not_sent));
    else if (!at_end_)
        return host_->submit(r);
    host_->finish(r);
}

void cursor_core::leave() noexcept
{
    if (std::exchange(open_, false)) host_->submit_last(*last_word_.release());
}

result cursor_core::nothing_more() const noexcept
try {
    result_builder builder;
    builder.begin(portal_.columns);
    builder.end({});
    return builder.take();
} catch (const std::bad_alloc&) {
    return {};
}

statement_view cursor_core::statement() const noexcept
{
    statement_view whole;
    whole.sql = sql_;
    whole.declared = declared_;
    return whole;
}

open_cursor_sink::open_cursor_sink(cursor_ptr core, bound&& statement)
    : single_statement(std::move(statement))
    , core_(std::move(core))
{
    kind = request_kind::open_portal;
    step = transaction_step::inside;
}

std::size_t open_cursor_sink::bad_part(std::error_code& why, diagnostics& what) const noexcept
{
    if (const std::size_t bad = single_statement::bad_part(why, what); bad != none) return bad;
    if (!session::is_copy_statement(statement_.sql())) return none;
    why = errc::unexpected_copy;
    what = diagnostics::client("a COPY has no rows that a cursor could fetch");
    return 0;
}

void open_cursor_sink::prepare() noexcept
{
    if (!ec || diag.outcome() == outcome::unknown) core_->opened();
    if (!ec && !core_->portal().columns)
        fail(errc::returns_no_rows,
             diagnostics::client("the statement gives no rows; it has not run", outcome::completed));
    if (ec) core_->leave();
}

/// With its transaction it has ended in any case.
void close_cursor_sink::prepare() noexcept
{
    if (ec != errc::transaction_over) return;
    ec = {};
    diag = {};
}

} // namespace tusk::detail
