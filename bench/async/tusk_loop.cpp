// Distributed under the Boost Software License, Version 1.0.
// Many connections of tusk on one io_context. Whether requests are pipelined is up to who asks.

#include "async/clients.hpp"
#include "async/tusk_support.hpp"

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <deque>

namespace async_bench {

namespace {

class tusk_loop final : public loop_client {
public:
    explicit tusk_loop(const cell& c)
    {
        for (int i = 0; i < c.connections; ++i) connections_.emplace_back(io_);
        const tusk::conninfo there = where(c);
        int open = 0;
        for (auto& db : connections_) {
            db.async_connect(there, [](std::error_code ec, const tusk::diagnostics& why) {
                if (ec) throw std::runtime_error("tusk: " + std::string(why.message()));
            });
            // One after the other: hundreds at once overflow the server's accept queue.
            while (!db.is_open()) io_.run_one();
            db.async_query_one<std::int32_t>(
                tusk::sql(statement, 0, 0.0),
                [&open](std::error_code ec, const tusk::single<std::int32_t>& answer) {
                    check_answer(ec, answer, 0);
                    ++open;
                });
        }
        while (open < c.connections) io_.run_one();
    }

    void ask(std::size_t connection, std::int32_t number, double wait_seconds) override
    {
        connections_[connection].async_query_one<std::int32_t>(
            tusk::sql(statement, number, wait_seconds),
            [this, connection, number](std::error_code ec, const tusk::single<std::int32_t>& answer) {
                check_answer(ec, answer, number);
                listener_->answered(connection, number);
            });
    }

    void run(listener& l) override
    {
        listener_ = &l;
        stopped_ = false;
        while (!stopped_) io_.run_one();
    }

    void stop() override { stopped_ = true; }

    void wake() override
    {
        if (woken_.exchange(true)) return;
        asio::post(io_, [this] {
            woken_ = false;
            listener_->woken();
        });
    }

private:
    asio::io_context io_{1};
    std::deque<tusk::connection> connections_;
    listener* listener_ = nullptr;
    bool stopped_ = false;
    std::atomic<bool> woken_ = false;
};

} // namespace

std::unique_ptr<loop_client> make_tusk_loop(const cell& c) { return std::make_unique<tusk_loop>(c); }

} // namespace async_bench
