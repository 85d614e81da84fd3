// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/submitter.hpp>

#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk::detail {

/// Cancels a request by its number: it may come after the request's end, and never completes anything itself.
struct cancel_request {
    std::weak_ptr<submitter> to;
    std::uint64_t id;

    template <class Type>
    void operator()(Type) const noexcept
    {
        if (const auto alive = to.lock()) alive->cancel(id);
    }
};

/// Where a handler is to run, and the work that keeps that executor busy until then.
template <class Handler>
class handler_home {
public:
    using executor_type = asio::associated_executor_t<Handler, asio::any_io_executor>;

    handler_home(const Handler& handler, const asio::any_io_executor& connection)
        : connection_(connection)
    {
        // on the connection's own executor the read that is always posted is work enough
        const auto executor = asio::get_associated_executor(handler, connection_);
        if (!is_connection(executor))
            work_.emplace(asio::prefer(executor, asio::execution::outstanding_work.tracked));
    }

    /// Runs `f`, at once when the handler is at home where the connection is.
    template <class Function>
    void run(const executor_type& executor, Function&& f)
    {
        if (is_connection(executor))
            std::forward<Function>(f)();
        else
            asio::dispatch(executor, std::forward<Function>(f));
    }

    [[nodiscard]] executor_type executor(const Handler& handler) const noexcept
    {
        return asio::get_associated_executor(handler, connection_);
    }

private:
    using work_type = std::decay_t<
        typename asio::prefer_result<executor_type, asio::execution::outstanding_work_t::tracked_t>::type>;

    [[nodiscard]] bool is_connection(const executor_type& executor) const noexcept
    {
        if constexpr (std::is_same_v<executor_type, asio::any_io_executor>)
            return executor == connection_;
        else
            return false;
    }

    asio::any_io_executor connection_;
    std::optional<work_type> work_;
};

/// The one node of a request: the sink for its answers, the handler, and work for the handler's executor, in
/// memory from the handler's allocator.
template <class Sink, class Handler>
class operation final : public Sink {
public:
    using value_type = typename Sink::value_type;

    template <class... Args>
    static operation& make(const submitter_ptr& to, Handler&& handler, Args&&... args)
    {
        allocator memory(asio::get_associated_allocator(handler, asio::recycling_allocator<void>()));
        operation* node = traits::allocate(memory, 1);
        struct guard {
            allocator& memory;
            operation* node;
            ~guard()
            {
                if (node) traits::deallocate(memory, node, 1);
            }
        } undo{memory, node};
        ::new (static_cast<void*>(node)) operation(*to, std::move(handler), std::forward<Args>(args)...);
        undo.node = nullptr;
        node->id = to->next_id();
        auto slot = asio::get_associated_cancellation_slot(node->handler_);
        if (slot.is_connected()) slot.assign(cancel_request{to, node->id});
        return *node;
    }

    void complete() override
    {
        auto slot = asio::get_associated_cancellation_slot(handler_);
        if (slot.is_connected()) slot.clear();
        if constexpr (requires { this->prepare(); }) this->prepare(); // what may still fail
        this->end_observation();
        completion done{std::move(handler_), this->ec, this->take()};
        if constexpr (runs_anywhere<Handler>) {
            free_node(done.handler);
            done();
        } else {
            handler_home<Handler> home(std::move(home_));
            const auto executor = home.executor(done.handler);
            free_node(done.handler);
            home.run(executor, std::move(done));
        }
    }

    void destroy() noexcept override
    {
        Handler handler(std::move(handler_));
        free_node(handler);
    }

private:
    using allocator = typename std::allocator_traits<asio::associated_allocator_t<
        Handler, asio::recycling_allocator<void>>>::template rebind_alloc<operation>;
    using traits = std::allocator_traits<allocator>;
    struct no_home {
        no_home(const Handler&, const asio::any_io_executor&) noexcept {}
    };
    using home_type = std::conditional_t<runs_anywhere<Handler>, no_home, handler_home<Handler>>;

    struct completion {
        using allocator_type = asio::associated_allocator_t<Handler, asio::recycling_allocator<void>>;
        [[nodiscard]] allocator_type get_allocator() const noexcept
        {
            return asio::get_associated_allocator(handler, asio::recycling_allocator<void>());
        }

        Handler handler;
        std::error_code ec;
        value_type value;
        void operator()() { std::move(handler)(ec, std::move(value)); }
    };

    template <class... Args>
    operation(const submitter& to, Handler&& handler, Args&&... args)
        : Sink(std::forward<Args>(args)...)
        , handler_(std::move(handler))
        , home_(handler_, to.executor())
    {
    }
    ~operation() = default;

    void free_node(const Handler& handler) noexcept
    {
        allocator memory(asio::get_associated_allocator(handler, asio::recycling_allocator<void>()));
        this->~operation();
        traits::deallocate(memory, this, 1);
    }

    Handler handler_;
    [[no_unique_address]] home_type home_;
};

/// Starts an operation: makes its node and hands it to `Start`, by default to the submitter.
template <class Sink>
struct initiate_request {
    using executor_type = asio::any_io_executor;

    [[nodiscard]] executor_type get_executor() const noexcept { return to->executor(); }

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args)
    {
        using node = operation<Sink, std::decay_t<Handler>>;
        to->submit(node::make(to, std::decay_t<Handler>(std::forward<Handler>(handler)),
                              std::forward<Args>(args)...));
    }

    submitter_ptr to;
};

} // namespace tusk::detail
