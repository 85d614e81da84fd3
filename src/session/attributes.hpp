// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/resolve.hpp"
#include "session/server_state.hpp"
#include "wire/buffer.hpp"
#include "wire/inbox.hpp"

#include <tusk/diagnostics.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

namespace tusk::session {

/// Whether a session that has logged in is what target_session_attrs asks for. Servers from version 14 on have said so
/// by then; others, and poolers in front of them, are asked:
///
///     Query
///     (RowDescription DataRow CommandComplete | ErrorResponse) ReadyForQuery
class attributes {
public:
    enum class verdict : std::uint8_t {
        more,    ///< feed the next message
        fits,    ///< the session will do
        differs, ///< it is in good order, and of another kind: see error()
        failed,  ///< it is of no use: see error()
    };

    attributes(conn::session_kind wanted, server_state& server) noexcept;

    /// Answers, or writes the question.
    [[nodiscard]] verdict start(wire::buffer& out);
    [[nodiscard]] verdict feed(const wire::frame& f);

    [[nodiscard]] std::error_code error() const noexcept { return error_; }
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    enum class step : std::uint8_t { columns, row, complete, ready, ready_after_error };

    [[nodiscard]] std::optional<bool> reported() const;
    [[nodiscard]] verdict judge(bool is);
    [[nodiscard]] verdict on_row(const wire::frame& f);
    [[nodiscard]] verdict on_ready(const wire::frame& f);
    [[nodiscard]] verdict on_error(const wire::frame& f);
    [[nodiscard]] verdict fail(std::error_code why, std::string sentence);
    [[nodiscard]] verdict illegal(const wire::frame& f);

    conn::session_kind wanted_;
    server_state& server_;
    step step_ = step::columns;
    bool is_ = false; // read-only, or in recovery: what was asked for
    std::error_code error_;
    diagnostics diag_;
};

} // namespace tusk::session
