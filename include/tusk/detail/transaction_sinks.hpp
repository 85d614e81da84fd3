// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/request.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk::detail {

class connection_core;
class transaction_core;

enum class control_action : std::uint8_t { commit, rollback, savepoint, rollback_to, release };

/// What controls a transaction, other than its beginning: whether it worked, and why not.
class control_sink : public request {
public:
    using value_type = diagnostics;

    /// `savepoint`: the name, where there is one.
    control_sink(control_action what, std::string savepoint);

    [[nodiscard]] std::size_t size() const noexcept final { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final
    {
        statement_view whole;
        whole.sql = text_;
        return whole;
    }
    [[nodiscard]] std::size_t bad_part(std::error_code& why, diagnostics& what) const noexcept final;
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return false; }
    void end(std::size_t part, std::string_view tag) noexcept final;
    void fail_part(std::size_t part, std::error_code why, const diagnostics& what) noexcept final;
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~control_sink() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }

private:
    control_action what_;
    std::string text_;
    errc bad_name_{};
};

} // namespace tusk::detail
