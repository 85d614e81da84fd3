// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "support.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tusk_test {

/// Waits until as many answers have come as were announced. Handlers hold a reference to it.
class countdown {
public:
    explicit countdown(tusk::connection& db)
        : event_(db.get_executor(), asio::steady_timer::time_point::max())
    {
    }

    /// One more answer is to come.
    void expect() noexcept { ++left_; }
    void arrive()
    {
        if (--left_ == 0) event_.cancel();
    }
    asio::awaitable<void> wait()
    {
        while (left_) co_await event_.async_wait(as_tuple);
    }

private:
    asio::steady_timer event_;
    std::size_t left_ = 0;
};

/// What one of many requests was answered with.
struct answer {
    int count = 0; ///< how often: must end up being one
    std::error_code ec;
    int value = -1;
    tusk::diagnostics diag;
};

/// Asks for one int. `to` and `left` live until the answer has come.
inline void ask(tusk::connection& db, tusk::bound statement, answer& to, countdown& left)
{
    left.expect();
    db.async_query_one<int>(std::move(statement), [&to, &left](std::error_code ec, tusk::single<int> value) {
        ++to.count;
        to.ec = ec;
        to.value = ec ? -1 : *value;
        to.diag = value.diag();
        left.arrive();
    });
}

/// The names of the statements that the server holds for this session, oldest first; asking prepares none.
inline asio::awaitable<std::vector<std::string>> prepared_names(tusk::connection& db)
{
    auto results =
        co_await db.async_script("select name from pg_prepared_statements order by prepare_time, name");
    std::vector<std::string> names;
    for (const tusk::row row : results.at(0)) names.push_back(row[0].as<std::string>());
    co_return names;
}

} // namespace tusk_test
