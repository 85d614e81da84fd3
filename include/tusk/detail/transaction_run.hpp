// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/connect_sinks.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/error.hpp>
#include <tusk/throwing.hpp>
#include <tusk/transaction.hpp>
#include <tusk/transaction_done.hpp>
#include <tusk/transaction_options.hpp>

#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk::detail {

/// Whether the failure says that the transaction came into another's way, and has done nothing.
[[nodiscard]] bool may_repeat(std::error_code ec) noexcept;

// --- as a coroutine

/// Where the pause before the attempt of this number is submitted; 2 is the first to wait for.
[[nodiscard]] submitter_ptr make_pause(const asio::any_io_executor& executor, int attempt,
                                       const repetition& how);

[[nodiscard]] inline auto async_pause(const asio::any_io_executor& executor, int attempt,
                                      const repetition& how)
{
    default_token token;
    return asio::async_initiate<default_token, void(std::error_code, diagnostics)>(
        initiate_request<event_sink>{make_pause(executor, attempt, how)}, token);
}

/// What it returns, and so which coroutine it is, is the body's choice.
template <class Connection, class Body>
auto run_transaction(Connection& db, transaction_options how, Body body, repetition repeat)
    -> std::invoke_result_t<Body&, transaction&>
{
    using value_type = typename std::invoke_result_t<Body&, transaction&>::value_type;
    for (int attempt = 1;; ++attempt) {
        try {
            transaction tx = co_await db.async_begin(how);
            if constexpr (std::is_void_v<value_type>) {
                co_await body(tx);
                co_await tx.async_commit();
                co_return;
            } else {
                value_type result = co_await body(tx);
                co_await tx.async_commit();
                co_return result;
            }
        } catch (const error& e) {
            if (attempt >= repeat.attempts || !may_repeat(e.code())) throw;
        }
        co_await async_pause(db.get_executor(), attempt + 1, repeat);
    }
}

// --- with callbacks

class transaction_body {
public:
    virtual ~transaction_body() = default;
    virtual void run(transaction& tx, transaction_done done) = 0;
};

template <class Body>
class transaction_body_of final : public transaction_body {
public:
    template <class B>
    explicit transaction_body_of(B&& body)
        : body_(std::forward<B>(body))
    {
    }
    void run(transaction& tx, transaction_done done) override { body_(tx, std::move(done)); }

private:
    Body body_;
};

/// Where an operation is submitted that completes when the transaction has come to its end.
[[nodiscard]] submitter_ptr make_transaction_run(std::shared_ptr<connection_core> connection,
                                                 const transaction_options& how, const repetition& repeat,
                                                 std::unique_ptr<transaction_body> body);

struct initiate_transaction {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return executor_of(*core); }

    template <class Handler, class Body>
    void operator()(Handler&& handler, Body&& body)
    {
        using node = operation<event_sink, std::decay_t<Handler>>;
        const submitter_ptr run = make_transaction_run(
            core, how, repeat,
            std::make_unique<transaction_body_of<std::decay_t<Body>>>(std::forward<Body>(body)));
        run->submit(node::make(run, std::decay_t<Handler>(std::forward<Handler>(handler))));
    }

    std::shared_ptr<connection_core> core;
    transaction_options how;
    repetition repeat;
};

} // namespace tusk::detail
