// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/asio_compat.hpp>
#include <tusk/detail/one_block.hpp>
#include <tusk/detail/own_loop.hpp>
#include <tusk/detail/unwrap.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk::detail {

/// Where a blocking function puts its failure instead of throwing.
template <class T>
concept error_target = std::same_as<T, std::error_code>;

/// What a call waits for.
template <class Value>
struct answer {
    bool done = false;
    std::error_code ec;
    std::optional<Value> value;
};

/// That of a call that was interrupted before it began.
template <class Value>
[[nodiscard]] answer<Value> not_begun()
{
    answer<Value> a;
    diagnostics why;
    a.ec = interrupted(why);
    if constexpr (std::is_constructible_v<Value, diagnostics>)
        a.value.emplace(std::move(why));
    else
        a.value.emplace();
    return a;
}

template <class Value>
class answer_handler {
public:
    using cancellation_slot_type = asio::cancellation_slot;
    using allocator_type = one_block_allocator<>;

    answer_handler(answer<Value>& to, own_loop& loop) noexcept
        : to_(&to)
        , loop_(&loop)
    {
    }

    void operator()(std::error_code ec, Value value)
    {
        to_->ec = ec;
        to_->value.emplace(std::move(value));
        to_->done = true;
    }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return loop_->slot(); }
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(loop_->memory); }

private:
    answer<Value>* to_;
    own_loop* loop_;
};

/// A completion token: the operation runs within the call, which gives the plain value or throws; or, where there is a
/// target for the error, all that it completed with.
template <bool throws>
struct waiting {
    own_loop* loop;
    own_loop::how wait;
    std::error_code* target = nullptr;

    template <class Value>
    [[nodiscard]] auto result(answer<Value>&& a, bool expired) const
    {
        const bool late = expired && was_cancelled(a.ec);
        if (late) a.ec = errc::timed_out;
        if constexpr (throws) {
            if (late)
                throw error(a.ec, diagnostics::client("the time limit ran out", diag_of(*a.value).outcome()));
            if (a.ec) throw error(a.ec, diag_of(*a.value));
            if constexpr (!std::is_void_v<unwrapped_t<Value>>) return unwrap(*std::move(a.value));
        } else {
            *target = a.ec;
            return *std::move(a.value);
        }
    }
};

} // namespace tusk::detail

template <bool throws, class Value>
class asio::async_result<tusk::detail::waiting<throws>, void(std::error_code, Value)> {
public:
    template <class Initiation, class RawToken, class... Args>
    static auto initiate(Initiation&& initiation, RawToken&& token, Args&&... args)
    {
        tusk::detail::answer<Value> a;
        if (token.loop->is_interrupted(token.wait))
            return token.result(tusk::detail::not_begun<Value>(), false);
        std::forward<Initiation>(initiation)(tusk::detail::answer_handler<Value>(a, *token.loop),
                                             std::forward<Args>(args)...);
        const bool expired = token.loop->run(a.done, a.ec, token.wait);
        return token.result(std::move(a), expired);
    }
};
