// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/conninfo.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/diagnostics.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

namespace tusk::detail {

class connection_core;

/// What opening and closing complete with: whether it worked, and why not.
class event_sink : public request {
public:
    using value_type = diagnostics;

    [[nodiscard]] std::size_t size() const noexcept final { return 0; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final { return {}; }
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept final { return none; }
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return true; }
    void end(std::size_t, std::string_view) noexcept final {}
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~event_sink() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }
};

[[nodiscard]] asio::any_io_executor executor_of(const connection_core& core) noexcept;
[[nodiscard]] submitter_ptr submitter_of(const std::shared_ptr<connection_core>& core) noexcept;
void start_connect(connection_core& core, request& done, std::variant<conninfo, std::string> where) noexcept;
void start_close(connection_core& core, request& done) noexcept;

struct initiate_connect {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return executor_of(*core); }

    template <class Handler, class Where>
    void operator()(Handler&& handler, Where&& where)
    {
        using node = operation<event_sink, std::decay_t<Handler>>;
        start_connect(*core,
                      node::make(submitter_of(core), std::decay_t<Handler>(std::forward<Handler>(handler))),
                      std::forward<Where>(where));
    }

    std::shared_ptr<connection_core> core;
};

struct initiate_close {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return executor_of(*core); }

    template <class Handler>
    void operator()(Handler&& handler)
    {
        using node = operation<event_sink, std::decay_t<Handler>>;
        start_close(*core,
                    node::make(submitter_of(core), std::decay_t<Handler>(std::forward<Handler>(handler))));
    }

    std::shared_ptr<connection_core> core;
};

} // namespace tusk::detail
