// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/transaction_run.hpp>

#include "net/connection_core.hpp"
#include "net/request_owner.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <random>

namespace tusk::detail {

namespace {

using std::chrono::milliseconds;

[[nodiscard]] milliseconds pause_before(int attempt, const repetition& how)
{
    constexpr milliseconds least(1), most = std::chrono::hours(24);
    const milliseconds longest = std::clamp(how.longest_pause, least, most);
    milliseconds limit = std::clamp(how.first_pause, least, longest);
    for (int i = 2; i < attempt && limit < longest; ++i) limit = std::min(2 * limit, longest);
    std::random_device seed;
    std::uniform_int_distribution<milliseconds::rep> any(1, limit.count());
    return milliseconds(any(seed));
}

[[nodiscard]] diagnostics cancelled()
{
    return diagnostics::client("the transaction was cancelled between its operations, and is rolled back");
}

/// One operation: a pause.
class pause final : public submitter, public std::enable_shared_from_this<pause> {
public:
    pause(const asio::any_io_executor& executor, milliseconds length)
        : executor_(executor)
        , timer_(executor, length)
    {
    }

    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override { return executor_; }
    [[nodiscard]] std::uint64_t next_id() noexcept override { return 1; }
    void submit(request& op) noexcept override
    {
        timer_.async_wait(
            [self = shared_from_this(), owner = request_owner(&op)](std::error_code ec) mutable {
                request* const done = owner.release();
                if (ec) done->fail(ec, cancelled());
                done->complete();
            });
    }
    void cancel(std::uint64_t) noexcept override
    try {
        asio::post(executor_, [self = shared_from_this()] { self->timer_.cancel(); });
    } catch (const std::bad_alloc&) {
        // it ends by itself
    }
    void finish(request& op) noexcept override { op.complete(); }
    void advance() noexcept override {}

private:
    asio::any_io_executor executor_;
    asio::steady_timer timer_;
};

/// begin, body, commit; again after a pause.
class transaction_run final : public submitter, public std::enable_shared_from_this<transaction_run> {
public:
    transaction_run(std::shared_ptr<connection_core> connection, const transaction_options& how,
                    const repetition& repeat, std::unique_ptr<transaction_body> body)
        : connection_(std::move(connection))
        , how_(how)
        , repeat_(repeat)
        , body_(std::move(body))
        , timer_(connection_->executor())
    {
    }

    // submitter, for the one operation
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override
    {
        return connection_->executor();
    }
    [[nodiscard]] std::uint64_t next_id() noexcept override { return connection_->next_id(); }
    void submit(request& op) noexcept override
    {
        op_.reset(&op);
        if (start()) return;
        op.fail(make_error_code(std::errc::not_enough_memory));
        connection_->finish(*op_.release());
    }
    void cancel(std::uint64_t) noexcept override
    try {
        asio::post(executor(), [self = shared_from_this()] {
            self->cancelled_ = true;
            self->stop_.emit(asio::cancellation_type::terminal);
        });
    } catch (const std::bad_alloc&) {
        // it goes on
    }
    void finish(request& op) noexcept override { connection_->finish(op); }
    void advance() noexcept override {}

    /// The body is over. From wherever that is said.
    void on_body_later(std::error_code ec, diagnostics why)
    {
        asio::post(executor(), [self = shared_from_this(), ec, why = std::move(why)]() mutable {
            self->on_body(ec, std::move(why));
        });
    }

private:
    [[nodiscard]] bool start();
    void on_begun(std::error_code ec, begun result);
    void run_body();
    void on_body(std::error_code ec, diagnostics why);
    void on_committed(std::error_code ec, diagnostics why);
    void on_paused(std::error_code ec);
    void repeat_or_end(std::error_code ec, diagnostics why);
    void end(std::error_code ec, diagnostics why);

    std::shared_ptr<connection_core> connection_;
    transaction_options how_;
    repetition repeat_;
    std::unique_ptr<transaction_body> body_;
    request_owner op_;
    transaction tx_;
    asio::steady_timer timer_;
    asio::cancellation_signal stop_; // of the operation that is under way
    int attempt_ = 1;
    bool cancelled_ = false;
};

} // namespace

/// What the copies of a transaction_done share.
class body_end {
public:
    explicit body_end(std::shared_ptr<transaction_run> of) noexcept
        : run_(std::move(of))
    {
    }
    body_end(const body_end&) = delete;
    body_end& operator=(const body_end&) = delete;
    ~body_end()
    {
        if (run_)
            say(asio::error::operation_aborted,
                diagnostics::client("the body of the transaction let go of its completion"));
    }

    void say(std::error_code ec, diagnostics why) noexcept
    try {
        if (const auto run = std::exchange(run_, nullptr)) run->on_body_later(ec, std::move(why));
    } catch (const std::bad_alloc&) {
        std::terminate(); // not even the failure can be reported
    }

private:
    std::shared_ptr<transaction_run> run_; // null when it was said
};

void end_body(body_end& of, std::error_code ec, diagnostics why) noexcept { of.say(ec, std::move(why)); }

namespace {

/// False when there is no memory for it.
bool transaction_run::start()
try {
    initiate_request<begin_sink>{connection_}(
        asio::bind_cancellation_slot(stop_.slot(),
                                     [self = shared_from_this()](std::error_code ec, begun result) {
                                         self->on_begun(ec, std::move(result));
                                     }),
        connection_, how_);
    return true;
} catch (const std::bad_alloc&) {
    return false;
}

void transaction_run::on_begun(std::error_code ec, begun result)
{
    if (ec) return end(ec, result.diag());
    tx_ = std::move(result.value());
    if (cancelled_) return end(asio::error::operation_aborted, cancelled());
    run_body();
}

void transaction_run::run_body()
{
    std::shared_ptr<body_end> over;
    try {
        over = std::make_shared<body_end>(shared_from_this());
    } catch (const std::bad_alloc&) {
        return end(make_error_code(std::errc::not_enough_memory), {});
    }
    try {
        body_->run(tx_, transaction_done(over));
    } catch (const error& e) {
        over->say(e.code(), e.diag());
    } catch (const std::system_error& e) {
        over->say(e.code(), diagnostics::client(e.what()));
    } catch (const std::bad_alloc&) {
        over->say(make_error_code(std::errc::not_enough_memory), {});
    } catch (...) {
        over->say(errc::visitor_failed,
                  diagnostics::client("the body of the transaction threw an exception"));
    }
}

void transaction_run::on_body(std::error_code ec, diagnostics why)
{
    if (!ec && cancelled_) {
        ec = asio::error::operation_aborted;
        why = cancelled();
    }
    if (ec) return repeat_or_end(ec, std::move(why));
    try {
        tx_.async_commit(asio::bind_cancellation_slot(
            stop_.slot(), [self = shared_from_this()](std::error_code failed, diagnostics what) {
                self->on_committed(failed, std::move(what));
            }));
    } catch (const std::bad_alloc&) {
        end(make_error_code(std::errc::not_enough_memory), {});
    }
}

void transaction_run::on_committed(std::error_code ec, diagnostics why)
{
    if (ec) return repeat_or_end(ec, std::move(why));
    end({}, {});
}

void transaction_run::repeat_or_end(std::error_code ec, diagnostics why)
{
    tx_ = transaction(); // rolls back what is open
    if (cancelled_ || attempt_ >= repeat_.attempts || !may_repeat(ec)) return end(ec, std::move(why));
    ++attempt_;
    timer_.expires_after(pause_before(attempt_, repeat_));
    timer_.async_wait(asio::bind_cancellation_slot(
        stop_.slot(), [self = shared_from_this()](std::error_code stopped) { self->on_paused(stopped); }));
}

void transaction_run::on_paused(std::error_code ec)
{
    if (ec || cancelled_) return end(asio::error::operation_aborted, cancelled());
    if (!start()) end(make_error_code(std::errc::not_enough_memory), {});
}

void transaction_run::end(std::error_code ec, diagnostics why)
{
    tx_ = transaction();
    body_ = nullptr;
    request* const done = op_.release();
    if (ec) done->fail(ec, std::move(why));
    done->complete();
}

} // namespace

bool may_repeat(std::error_code ec) noexcept
{
    return ec == sqlstate::serialization_failure || ec == sqlstate::deadlock_detected;
}

submitter_ptr make_pause(const asio::any_io_executor& executor, int attempt, const repetition& how)
{
    return std::make_shared<pause>(executor, pause_before(attempt, how));
}

submitter_ptr make_transaction_run(std::shared_ptr<connection_core> connection,
                                   const transaction_options& how, const repetition& repeat,
                                   std::unique_ptr<transaction_body> body)
{
    return std::make_shared<transaction_run>(std::move(connection), how, repeat, std::move(body));
}

} // namespace tusk::detail
