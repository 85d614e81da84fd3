// Distributed under the Boost Software License, Version 1.0.
#include <tusk/transaction.hpp>

#include "net/transaction_core.hpp"

#include <tusk/detail/sql_type_name.hpp>
#include <tusk/error.hpp>

#include <asio/error.hpp>

#include <string>
#include <utility>

namespace tusk {

namespace detail {

namespace {

constexpr std::size_t longest_name = 63; // PostgreSQL cuts the rest off, so that two names could be one

[[nodiscard]] std::string begin_text(const transaction_options& how)
{
    std::string text = "begin";
    const char* separator = " ";
    const auto add = [&](const char* mode) {
        text += std::exchange(separator, ", ");
        text += mode;
    };
    if (how.isolation == isolation::read_committed) add("isolation level read committed");
    if (how.isolation == isolation::repeatable_read) add("isolation level repeatable read");
    if (how.isolation == isolation::serializable) add("isolation level serializable");
    if (how.read_only) add(*how.read_only ? "read only" : "read write");
    if (how.deferrable) add(*how.deferrable ? "deferrable" : "not deferrable");
    return text;
}

[[nodiscard]] const char* verb(control_action what) noexcept
{
    switch (what) {
    case control_action::commit:
        return "commit";
    case control_action::rollback:
        return "rollback";
    case control_action::savepoint:
        return "savepoint ";
    case control_action::rollback_to:
        return "rollback to savepoint ";
    case control_action::release:
        break;
    }
    return "release savepoint ";
}

[[nodiscard]] bool has_name(control_action what) noexcept
{
    return what != control_action::commit && what != control_action::rollback;
}

} // namespace

control_sink::control_sink(control_action what, std::string savepoint)
    : what_(what)
    , text_(verb(what))
{
    unnamed = true; // it cannot go stale, and its text may be there only once
    if (!has_name(what)) {
        step = transaction_step::end;
        return;
    }
    if (savepoint.empty() || savepoint.size() > longest_name) bad_name_ = errc::value_out_of_range;
    if (savepoint.find('\0') != std::string::npos) bad_name_ = errc::nul_in_text;
    text_ += quoted_identifier(savepoint);
}

std::size_t control_sink::bad_part(std::error_code& why, diagnostics& what) const noexcept
{
    if (bad_name_ == errc{}) return none;
    why = bad_name_;
    what = diagnostics::client("the name of a savepoint has 1 to 63 bytes, none of them NUL");
    return 0;
}

void control_sink::end(std::size_t, std::string_view tag) noexcept
try {
    if (what_ == control_action::commit && tag != "COMMIT")
        fail(errc::transaction_rolled_back,
             diagnostics::client(
                 "a statement of the transaction had failed, so that the server rolled it back"));
} catch (...) {
    fail_with_current_exception();
}

/// A COMMIT that nobody knows the answer of may have committed, whatever made the answer get lost.
void control_sink::fail_part(std::size_t, std::error_code why, const diagnostics& what) noexcept
try {
    const bool cancelled = why == asio::error::operation_aborted;
    if (what_ != control_action::commit || what.outcome() != outcome::unknown || cancelled) return;
    ec = errc::in_doubt;
    diag = diagnostics::client("COMMIT was sent and its answer was lost: " + std::string(what.message()),
                               outcome::unknown);
} catch (...) {
    ec = errc::in_doubt; // without the words
}

begin_sink::begin_sink(std::shared_ptr<connection_core> connection, const transaction_options& how)
    : text_(begin_text(how))
    , core_(std::make_shared<transaction_core>(std::move(connection)))
{
    step = transaction_step::begin;
}

begun begin_sink::take() noexcept
{
    if (ec) return begun(std::move(diag));
    core_->begin(id);
    core_->connection().set_transaction(core_);
    return begun(tusk::transaction(std::move(core_)));
}

} // namespace detail

transaction& transaction::operator=(transaction&& other) noexcept
{
    if (this == &other) return *this;
    if (core_) core_->leave();
    core_ = std::move(other.core_);
    return *this;
}

transaction::~transaction()
{
    if (core_) core_->leave();
}

transaction::executor_type transaction::get_executor() const noexcept { return core_->executor(); }

detail::submitter_ptr transaction::requests() const { return core_; }

} // namespace tusk
