// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/blocking/queries.hpp>
#include <tusk/transaction.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace tusk::blocking {

/// `tusk::transaction` for a blocking connection, with the same operations. One that goes out of scope rolls back, and waits
/// for that: up to the connection's time limit, or 10 seconds where it has none. It may outlive the connection.
/// \code
/// auto tx = db.begin();
/// tx.execute(tusk::sql("insert into orders(customer) values ($1)", 7));
/// tx.commit();
/// \endcode
class transaction : public queries<transaction> {
public:
    transaction() noexcept = default;
    transaction(std::shared_ptr<detail::own_loop> loop, tusk::transaction async, bool begun) noexcept
        : loop_(std::move(loop))
        , async_(std::move(async))
        , open_(begun)
    {
    }
    transaction(transaction&& other) noexcept
        : loop_(std::move(other.loop_))
        , async_(std::move(other.async_))
        , open_(std::exchange(other.open_, false))
    {
    }
    transaction& operator=(transaction&& other) noexcept;
    ~transaction() { leave(); }

    template <detail::error_target... Ec>
    auto commit(Ec&... ec)
    {
        return end([&](const auto& token) { return async_.async_commit(token); }, ec...);
    }
    template <detail::error_target... Ec>
    auto rollback(Ec&... ec)
    {
        return end([&](const auto& token) { return async_.async_rollback(token); }, ec...);
    }
    template <detail::error_target... Ec>
    auto savepoint(std::string_view name, Ec&... ec)
    {
        return async_.async_savepoint(name, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto rollback_to(std::string_view name, Ec&... ec)
    {
        return async_.async_rollback_to(name, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto release(std::string_view name, Ec&... ec)
    {
        return async_.async_release(name, wait(ec...));
    }

    /// What all of this stands on, for use with `wait()`.
    [[nodiscard]] tusk::transaction& async() noexcept { return async_; }

private:
    friend class queries<transaction>;

    template <class Start>
    auto end(const Start& start)
    {
        start(wait());
        open_ = false;
    }
    template <class Start>
    auto end(const Start& start, std::error_code& ec)
    {
        auto ended = start(wait(ec));
        if (!ec) open_ = false;
        return ended;
    }
    void leave() noexcept;

    std::shared_ptr<detail::own_loop> loop_;
    tusk::transaction async_;
    bool open_ = false; // neither committed nor rolled back
};

} // namespace tusk::blocking
