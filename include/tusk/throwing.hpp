// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/asio_compat.hpp>
#include <tusk/detail/unwrap.hpp>
#include <tusk/error.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace tusk {

/// A completion token that turns a failed operation into an exception of type `tusk::error`, with all
/// diagnostics, and a successful one into the plain value: `single<int>` becomes `int`.
///
/// It is made by `throwing(token)`, around any token that knows what to do with an exception, such as
/// `asio::use_awaitable`, `asio::deferred` or `asio::use_future`.
template <class Token>
struct throwing_t {
    Token token;
};

/// \code
/// std::future<int> answer = db.async_query_one<int>("select 42", tusk::throwing(asio::use_future));
/// \endcode
template <class Token>
[[nodiscard]] constexpr throwing_t<std::decay_t<Token>> throwing(Token&& token)
{
    return {std::forward<Token>(token)};
}

/// What every operation uses when no token is given: `co_await db.async_query(...)` gives the value or
/// throws.
using default_token = throwing_t<detail::awaitable_token>;

namespace detail {

/// Stands in front of the handler that the inner token made: (error, value) becomes (exception, plain value).
template <class Handler, class Value>
class throwing_handler {
public:
    using plain = unwrapped_t<Value>;

    template <class H>
    explicit throwing_handler(H&& handler)
        : handler_(std::forward<H>(handler))
    {
    }

    void operator()(std::error_code ec, Value value)
    {
        std::exception_ptr failure;
        if (ec) failure = std::make_exception_ptr(error(ec, diag_of(value)));
        if constexpr (std::is_void_v<plain>)
            std::move(handler_)(std::move(failure));
        else if (failure)
            std::move(handler_)(std::move(failure), plain());
        else
            std::move(handler_)(std::move(failure), unwrap(std::move(value)));
    }

    [[nodiscard]] const Handler& inner() const noexcept { return handler_; }

private:
    Handler handler_;
};

template <class Value>
struct throwing_signature {
    using type = void(std::exception_ptr, unwrapped_t<Value>);
};
template <class Value>
requires std::is_void_v<unwrapped_t<Value>>
struct throwing_signature<Value> {
    using type = void(std::exception_ptr);
};

template <class Initiation, class Value>
struct throwing_initiation {
    using executor_type = typename Initiation::executor_type;

    [[nodiscard]] executor_type get_executor() const noexcept { return initiation.get_executor(); }

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args)
    {
        std::move(initiation)(throwing_handler<std::decay_t<Handler>, Value>(std::forward<Handler>(handler)),
                              std::forward<Args>(args)...);
    }

    Initiation initiation;
};

} // namespace detail
} // namespace tusk

/// Executor, allocator and cancellation slot are those of the inner handler.
template <template <class, class> class Associator, class Handler, class Value, class Default>
struct asio::associator<Associator, tusk::detail::throwing_handler<Handler, Value>, Default>
    : Associator<Handler, Default> {
    static auto get(const tusk::detail::throwing_handler<Handler, Value>& h) noexcept
    {
        return Associator<Handler, Default>::get(h.inner());
    }
    static auto get(const tusk::detail::throwing_handler<Handler, Value>& h,
                    const Default& otherwise) noexcept
    {
        return Associator<Handler, Default>::get(h.inner(), otherwise);
    }
};

template <class Token, class Value>
class asio::async_result<tusk::throwing_t<Token>, void(std::error_code, Value)> {
public:
    template <class Initiation, class RawToken, class... Args>
    static auto initiate(Initiation&& initiation, RawToken&& token, Args&&... args)
    {
        using wrapped = tusk::detail::throwing_initiation<std::decay_t<Initiation>, Value>;
        using signature = typename tusk::detail::throwing_signature<Value>::type;
        return asio::async_initiate<decltype((std::forward<RawToken>(token).token)), signature>(
            wrapped{std::forward<Initiation>(initiation)}, token.token, std::forward<Args>(args)...);
    }
};
