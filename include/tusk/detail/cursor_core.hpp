// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/detail/sinks.hpp>
#include <tusk/detail/submitter.hpp>
#include <tusk/detail/typed_sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/rows.hpp>
#include <tusk/statement_view.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace tusk::detail {

class silent_close;

/// What a cursor handle stands for: a portal, and where its requests go.
class cursor_core final : public submitter {
public:
    cursor_core(submitter_ptr host, const bound& statement);
    cursor_core(const cursor_core&) = delete;
    cursor_core& operator=(const cursor_core&) = delete;
    ~cursor_core();

    // submitter, for the requests of the cursor
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override
    {
        return host_->executor();
    }
    [[nodiscard]] std::uint64_t next_id() noexcept override { return host_->next_id(); }
    void submit(request& r) noexcept override;
    void cancel(std::uint64_t id) noexcept override { host_->cancel(id); }
    void finish(request& r) noexcept override { host_->finish(r); }
    void advance() noexcept override { host_->advance(); }

    /// The portal may be open on the server. From now on it is closed with the handle.
    void opened() noexcept { open_ = true; }
    /// The handle is gone, or has nothing more to say: the portal is closed.
    void leave() noexcept;
    /// Rows came with this command tag, which is empty where there may be more.
    void took(std::string_view tag) noexcept { at_end_ = at_end_ || !tag.empty(); }
    /// Behind the last row: no row, of the cursor's columns.
    [[nodiscard]] result nothing_more() const noexcept;

    [[nodiscard]] bool is_open() const noexcept { return open_; }
    [[nodiscard]] bool at_end() const noexcept { return at_end_; }
    [[nodiscard]] detail::portal& portal() noexcept { return portal_; }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }
    /// The statement, without its parameters.
    [[nodiscard]] statement_view statement() const noexcept;

private:
    submitter_ptr host_;
    detail::portal portal_;
    std::string sql_;
    std::vector<oid> declared_;
    std::chrono::milliseconds timeout_;
    std::unique_ptr<silent_close> last_word_; // made beforehand, so that it cannot fail
    bool open_ = false;
    bool at_end_ = false;
};

using cursor_ptr = std::shared_ptr<cursor_core>;

/// async_cursor: Parse, where it is needed, and Bind.
class open_cursor_sink : public single_statement {
public:
    open_cursor_sink(cursor_ptr core, bound&& statement);

    [[nodiscard]] portal_use with_portal() noexcept final { return {.which = &core_->portal()}; }
    [[nodiscard]] std::size_t bad_part(std::error_code& why, diagnostics& what) const noexcept final;
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return false; }
    void end(std::size_t, std::string_view) noexcept final {}
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~open_cursor_sink() = default;

    void prepare() noexcept;

    cursor_ptr core_;
};

/// async_fetch, above the sink that takes the rows.
template <class Rows>
class fetch_sink : public Rows {
public:
    using value_type = typename Rows::value_type;

    /// `limit`: 0 where the user's is none.
    fetch_sink(cursor_ptr core, std::int32_t limit)
        : Rows(bound(std::string_view()))
        , core_(std::move(core))
        , limit_(limit)
    {
        this->kind = request_kind::fetch;
        this->timeout = core_->timeout();
    }

    [[nodiscard]] statement_view part(std::size_t) const noexcept final { return core_->statement(); }
    [[nodiscard]] portal_use with_portal() noexcept final
    {
        return {.which = &core_->portal(), .limit = limit_};
    }

protected:
    ~fetch_sink() = default;

    [[nodiscard]] value_type take()
    {
        value_type taken = Rows::take();
        if constexpr (std::is_same_v<value_type, result>)
            if (!this->ec && !taken.has_columns()) return core_->nothing_more(); // the server was not asked
        core_->took(taken.tag());
        return taken;
    }

private:
    cursor_ptr core_;
    std::int32_t limit_;
};

/// async_close of a cursor.
class close_cursor_sink : public request {
public:
    using value_type = diagnostics;

    explicit close_cursor_sink(cursor_ptr core) noexcept
        : core_(std::move(core))
    {
        kind = request_kind::close_portal;
    }

    [[nodiscard]] portal_use with_portal() noexcept final { return {.which = &core_->portal()}; }
    [[nodiscard]] std::size_t size() const noexcept final { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final { return core_->statement(); }
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept final { return none; }
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return false; }
    void end(std::size_t, std::string_view) noexcept final {}
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~close_cursor_sink() = default;

    void prepare() noexcept;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }

private:
    cursor_ptr core_;
};

} // namespace tusk::detail
