// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/bulk_flow.hpp>

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <new>

namespace tusk::detail {

bulk_result atomic_sink::take()
{
    const std::error_code whole = ec;
    const diagnostics why = diag;
    const batch_result parts = batch_sink::take();
    std::vector<std::uint64_t> rows(parts.size());
    std::vector<bulk_failure> failures;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!whole) rows[i] = parts[i].value.rows_affected();
        if (parts[i].ec && parts[i].ec != errc::skipped)
            failures.push_back({i, parts[i].ec, parts[i].diag()});
    }
    return {std::move(rows), std::move(failures), why};
}

void bulk_item::become(bound&& statement, std::size_t number)
{
    statement_ = std::move(statement);
    names_types = statement_.parameters().places() != nullptr;
    types_renewed = false;
    text_only = false;
    heals = 0;
    ec = {};
    diag = {};
    number_ = number;
    rows_ = 0;
}

void bulk_item::complete()
{
    end_observation();
    of_.answered(*this);
}

void bulk_item::destroy() noexcept { of_.forsaken(); }

void bulk_flow::submit(request& op) noexcept
{
    op_ = &op;
    self_ = shared_from_this();
    try {
        items_.reserve(width);
        while (!stopped_ && items_.size() < width) {
            items_.push_back(std::make_unique<bulk_item>(*this));
            start(*items_.back());
        }
    } catch (const std::bad_alloc&) {
        stop(make_error_code(std::errc::not_enough_memory), {});
    }
    finish_if_done();
}

/// Sends the next item, if there is one.
void bulk_flow::start(bulk_item& item) noexcept
{
    if (stopped_) return;
    try {
        std::optional<bound> statement = next();
        if (!statement) {
            stopped_ = true;
            return;
        }
        rows_.push_back(0);
        item.become(std::move(*statement), started_);
    } catch (const error& e) {
        return stop(e.code(), e.diag());
    } catch (const std::system_error& e) {
        return stop(e.code(), diagnostics::client(e.what()));
    } catch (const std::bad_alloc&) {
        return stop(make_error_code(std::errc::not_enough_memory), {});
    } catch (const std::exception& e) {
        return stop(errc::visitor_failed, diagnostics::client(e.what()));
    } catch (...) {
        return stop(errc::visitor_failed, diagnostics::client("the range threw no std::exception"));
    }
    ++started_;
    ++on_way_;
    item.id = host_->next_id();
    host_->submit(item);
}

void bulk_flow::answered(bulk_item& item) noexcept
try {
    --on_way_;
    if (!item.ec)
        rows_[item.number()] = item.rows();
    else if (item.ec != asio::error::operation_aborted)
        failures_.push_back({item.number(), item.ec, item.diag});
    // what ended the connection ends the whole
    const bool lost = item.diag.outcome() == outcome::unknown || item.ec == errc::not_connected ||
                      item.ec == errc::connection_lost;
    if (item.ec && lost) stop(item.ec, item.diag);
    start(item);
    finish_if_done();
} catch (const std::bad_alloc&) {
    stop(make_error_code(std::errc::not_enough_memory), {});
    finish_if_done();
}

void bulk_flow::stop(std::error_code why, diagnostics what) noexcept
{
    stopped_ = true;
    if (op_) op_->fail(why, std::move(what));
}

void bulk_flow::finish_if_done() noexcept
{
    if (on_way_ != 0 || !stopped_ || !op_) return;
    std::ranges::sort(failures_, {}, &bulk_failure::item);
    host_->finish(*std::exchange(op_, nullptr));
    self_.reset(); // the operation has it
}

/// The execution context is gone, with all items: each tells it.
void bulk_flow::forsaken() noexcept
{
    stopped_ = true;
    if (--on_way_ != 0) return;
    const auto alive = std::move(self_);
    if (request* const op = std::exchange(op_, nullptr)) op->destroy();
}

void bulk_flow::cancel(std::uint64_t op) noexcept
try {
    asio::post(host_->executor(), [self = weak_from_this(), op] {
        if (const auto alive = self.lock()) alive->cancel_now(op);
    });
} catch (const std::bad_alloc&) {
    // the operation goes on
}

void bulk_flow::cancel_now(std::uint64_t op) noexcept
{
    if (!op_ || op_->id != op) return;
    stop(asio::error::operation_aborted,
         diagnostics::client("cancelled: some of the items may have been done", outcome::unknown));
    for (const auto& item : items_) host_->cancel(item->id);
}

} // namespace tusk::detail
