// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "session/type_catalogue.hpp"

#include <tusk/detail/request.hpp>

#include <string>
#include <vector>

namespace tusk::session {

/// The session's own request: the look-up of types. It goes through the pipeline like any other, but is never
/// completed; the session takes what it found.
class type_lookup final : public detail::request {
public:
    type_lookup() noexcept;

    /// Begins anew. One at a time is on the wire.
    void ask(detail::type_wants wants);
    /// Whether all of these were asked for; ask_no_more() forgets what was.
    [[nodiscard]] bool asked(const detail::type_wants& wants) const noexcept;
    void ask_no_more() noexcept { wants_ = {}; }
    /// It was answered: what was found.
    [[nodiscard]] std::vector<described_type> take() noexcept;

    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept override;
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept override
    {
        return none;
    }
    void begin(std::size_t part, const columns_ptr& cols) noexcept override;
    [[nodiscard]] bool row(const detail::block_ptr& block, std::span<const std::byte> body) noexcept override;
    void end(std::size_t, std::string_view) noexcept override {}
    [[nodiscard]] bool restart() noexcept override;
    void complete() override {}
    void destroy() noexcept override {}

    bool on_its_way = false;
    /// The request whose parameters wait for it; null when there is none, or it has left.
    detail::request* held = nullptr;

private:
    detail::type_wants wants_;
    std::string sql_;
    const columns* columns_ = nullptr; // the conversation's, while rows come
    std::vector<described_type> found_;
};

} // namespace tusk::session
