// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/operation.hpp>
#include <tusk/detail/request.hpp>
#include <tusk/rows.hpp>
#include <tusk/type_description.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace tusk::detail {

/// What async_describe_type waits in.
class describe_sink : public request {
public:
    using value_type = single<type_ptr>;

    explicit describe_sink(oid type);
    explicit describe_sink(std::string_view name);

    [[nodiscard]] std::size_t size() const noexcept final { return 0; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final { return {}; }
    [[nodiscard]] std::size_t bad_part(std::error_code& why, diagnostics& what) const noexcept final;
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return false; }
    void end(std::size_t, std::string_view) noexcept final {}
    [[nodiscard]] bool restart() noexcept final { return true; }
    [[nodiscard]] const type_wants& wanted() const noexcept final { return wants_; }
    void take_types(const std::shared_ptr<const type_map>& known, const type_ptr& first) noexcept final;

protected:
    ~describe_sink() = default;
    [[nodiscard]] single<type_ptr> take();

private:
    type_wants wants_;
    std::string asked_; // for messages
    bool no_name_ = false;
    type_ptr found_;
};

} // namespace tusk::detail
