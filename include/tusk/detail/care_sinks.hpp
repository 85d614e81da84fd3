// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/reset_kind.hpp>

#include <string_view>
#include <utility>

namespace tusk::detail {

/// What asks for nothing but that it works: whether it did, and why not.
class care_sink : public script_sink {
public:
    using value_type = diagnostics;

protected:
    explicit care_sink(std::string_view text)
        : script_sink(bound(text))
    {
    }
    ~care_sink() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }
};

class ping_sink : public care_sink {
public:
    ping_sink()
        : care_sink({})
    {
        kind = request_kind::ping;
    }

protected:
    ~ping_sink() = default;
};

class reset_sink : public care_sink {
public:
    explicit reset_sink(reset_kind how)
        : care_sink(how == reset_kind::all ? "discard all" : "")
    {
        kind = request_kind::reset;
        step = transaction_step::outside;
    }

protected:
    ~reset_sink() = default;
};

} // namespace tusk::detail
