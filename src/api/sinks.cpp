// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/sinks.hpp>
#include <tusk/detail/typed_sinks.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace tusk::detail {

bool single_statement::only(std::size_t part, const columns_ptr& cols) noexcept
{
    columns_ = cols.get();
    if (part == 0) return true;
    fail(errc::several_statements,
         diagnostics::client("the text holds several statements: use async_script"));
    return false;
}

void request::fail_with_current_exception() noexcept
{
    try {
        throw;
    } catch (const error& e) {
        fail(e.code(), e.diag());
    } catch (const std::bad_alloc&) {
        fail(make_error_code(std::errc::not_enough_memory));
    } catch (const std::system_error& e) {
        fail(e.code(), diagnostics::client(e.what()));
    } catch (const std::exception& e) {
        fail(errc::invalid_value, diagnostics::client(e.what()));
    } catch (...) {
        fail(errc::invalid_value, diagnostics::client("reading the rows threw an exception of unknown type"));
    }
}

void throw_visitor_failure()
{
    try {
        throw;
    } catch (const unknown_type_error& e) {
        throw error(e.code(), e.diag()); // of the function's own reading
    } catch (const std::system_error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& e) {
        throw error(errc::visitor_failed, diagnostics::client(e.what()));
    } catch (...) {
        throw error(errc::visitor_failed,
                    diagnostics::client("the function that is shown the rows threw no std::exception"));
    }
}

// --- typed

bool typed_statement::await_columns() noexcept
try {
    type_wants wants;
    for (const column& c : *columns_)
        if (is_unknown_type(c)) wants.types.push_back(c.type);
    return await(std::move(wants));
} catch (...) {
    fail_with_current_exception();
    return true;
}

bool typed_statement::await_type(const unknown_type_error& e) noexcept
try {
    type_wants wants;
    wants.types.push_back(e.type());
    for (const column& c : *columns_) // they bring all that is inside of them
        if (is_unknown_type(c)) wants.types.push_back(c.type);
    if (await(std::move(wants))) return true;
    fail(e.code(), e.diag());
    return false;
} catch (...) {
    fail_with_current_exception();
    return false;
}

/// Sets all rows aside from here on. False when there is nothing to wait for that was not looked up already.
bool typed_statement::await(type_wants wants)
{
    constexpr std::size_t most = 64; // look-ups for one request: an answer of a server has a few types
    std::erase_if(wants.types,
                  [&](oid type) { return std::ranges::find(looked_up_, type) != looked_up_.end(); });
    if (wants.empty() || looked_up_.size() > most) return false;
    auto unread = std::make_unique<unread_rows>();
    unread->cols = *columns_;
    unread->wants = std::move(wants);
    looked_up_.insert(looked_up_.end(), unread->wants.types.begin(), unread->wants.types.end());
    unread_ = std::move(unread);
    awaits_types = true;
    fail(errc::unknown_type); // until it is read
    return true;
}

bool typed_statement::keep(const block_ptr& block, std::span<const std::byte> body) noexcept
try {
    if (!fits(body)) return false;
    if (awaits_types) unread_->rows.append(block, body);
    return true;
} catch (...) {
    forget_unread();
    ec = {};
    fail_with_current_exception();
    return true;
}

void typed_statement::forget_unread() noexcept
{
    unread_.reset();
    looked_up_.clear();
    awaits_types = false;
}

std::unique_ptr<unread_rows>
typed_statement::begin_reading(const std::shared_ptr<const type_map>& known) noexcept
{
    std::unique_ptr<unread_rows> unread = std::move(unread_);
    awaits_types = false;
    unread->known = known;
    for (column& c : unread->cols) c.types = known_types(known.get());
    columns_ = &unread->cols;
    return unread;
}

const type_wants& typed_statement::wanted() const noexcept
{
    return unread_ ? unread_->wants : request::wanted();
}

// --- result

void result_sink::begin(std::size_t part, const columns_ptr& cols) noexcept
try {
    if (only(part, cols)) builder_.begin(cols);
} catch (...) {
    fail_with_current_exception();
}

bool result_sink::row(const block_ptr& block, std::span<const std::byte> body) noexcept
try {
    if (!fits(body)) return false;
    if (!ec) builder_.row(block, body);
    return true;
} catch (...) {
    fail_with_current_exception();
    return true;
}

void result_sink::end(std::size_t part, std::string_view tag) noexcept
try {
    if (part == 0 && !ec) builder_.end(tag);
} catch (...) {
    fail_with_current_exception();
}

bool result_sink::restart() noexcept
{
    builder_.reset();
    return true;
}

result result_sink::take()
{
    if (ec) return result(std::move(diag));
    return builder_.take(std::move(diag));
}

// --- command

void command_sink::begin(std::size_t part, const columns_ptr& cols) noexcept { (void)only(part, cols); }

bool command_sink::row(const block_ptr&, std::span<const std::byte> body) noexcept { return fits(body); }

void command_sink::end(std::size_t part, std::string_view tag) noexcept
{
    if (part == 0) tag_ = command_tag(tag);
}

bool command_sink::restart() noexcept
{
    tag_ = command_tag();
    return true;
}

command command_sink::take()
{
    if (ec) return command(std::string_view(), std::move(diag));
    return command(tag_, std::move(diag));
}

// --- prepare

prepare_sink::prepare_sink(bound&& text)
    : single_statement(std::move(text))
{
    kind = request_kind::prepare;
}

void prepare_sink::describe(std::span<const oid> parameters, const columns_ptr& cols) noexcept
try {
    // what was known by name alone the server has told by now
    const auto declared = names_types ? parameters : statement_.declared();
    data_ = std::make_shared<const statement_data>(
        statement_data{.sql = std::string(statement_.sql()),
                       .declared = {declared.begin(), declared.end()},
                       .parameter_types = {parameters.begin(), parameters.end()},
                       .cols = cols});
} catch (...) {
    fail_with_current_exception();
}

void prepare_sink::begin(std::size_t, const columns_ptr&) noexcept {}
bool prepare_sink::row(const block_ptr&, std::span<const std::byte>) noexcept { return false; }
void prepare_sink::end(std::size_t, std::string_view) noexcept {}
bool prepare_sink::restart() noexcept
{
    data_ = nullptr;
    return true;
}

statement prepare_sink::take()
{
    if (ec) return statement(nullptr, std::move(diag));
    return statement(std::move(data_), std::move(diag));
}

// --- script

script_sink::script_sink(bound&& text)
    : single_statement(std::move(text))
{
    kind = request_kind::script;
}

void script_sink::begin(std::size_t, const columns_ptr& cols) noexcept
try {
    columns_ = cols.get();
    builder_.reset();
    builder_.begin(cols);
} catch (...) {
    fail_with_current_exception();
}

bool script_sink::row(const block_ptr& block, std::span<const std::byte> body) noexcept
try {
    if (!fits(body)) return false;
    if (!ec) builder_.row(block, body);
    return true;
} catch (...) {
    fail_with_current_exception();
    return true;
}

void script_sink::end(std::size_t, std::string_view tag) noexcept
try {
    if (ec) return;
    builder_.end(tag);
    results_.push_back(builder_.take());
} catch (...) {
    fail_with_current_exception();
}

bool script_sink::restart() noexcept
{
    builder_.reset();
    results_.clear();
    return true;
}

script_result script_sink::take() { return script_result(std::move(results_), std::move(diag)); }

// --- batch

batch_sink::batch_sink(batch&& parts)
    : batch_(std::move(parts))
    , results_(batch_.size())
{
    kind = request_kind::batch;
    names_types = batch_.names_types();
    timeout = batch_.timeout();
}

std::size_t batch_sink::bad_part(std::error_code& why, diagnostics& what) const noexcept
{
    why = batch_.error();
    if (!why) return none;
    what = batch_.diag();
    return batch_.failed_part();
}

void batch_sink::begin(std::size_t, const columns_ptr& cols) noexcept
try {
    if (!data_) data_ = std::make_shared<batch_data>(results_.size());
    data_->begin(cols);
} catch (...) {
    fail_with_current_exception();
}

bool batch_sink::row(const block_ptr& block, std::span<const std::byte> body) noexcept
try {
    if (ec) return true;
    const columns_ptr& cols = data_->current().cols;
    if (!cols || !row_fits(body, cols->size())) return false;
    data_->row(block, body);
    return true;
} catch (...) {
    fail_with_current_exception();
    return true;
}

void batch_sink::end(std::size_t part, std::string_view tag) noexcept
try {
    if (ec) return;
    result_data& current = data_->current();
    current.tag = command_tag(tag);
    settle(current);
    results_[part].value = result(std::shared_ptr<const result_data>(data_, &current), {});
} catch (...) {
    fail_with_current_exception();
}

void batch_sink::fail_part(std::size_t part, std::error_code why, const diagnostics& what) noexcept
{
    results_[part] = batch_part{why, result(what)};
}

bool batch_sink::restart() noexcept
{
    for (batch_part& part : results_) part = {};
    data_.reset();
    return true;
}

batch_result batch_sink::take() { return batch_result(std::move(results_), ec, std::move(diag)); }

} // namespace tusk::detail
