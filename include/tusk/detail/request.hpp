// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/column.hpp>
#include <tusk/detail/block.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>
#include <tusk/statement_view.hpp>
#include <tusk/type_description.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk::detail {

class copy_buffer;

/// How a request travels.
enum class request_kind : std::uint8_t {
    query,        ///< one statement by the extended protocol, its own Sync
    batch,        ///< several statements, one Sync: one implicit transaction
    prepare,      ///< Parse and Describe only
    script,       ///< the text of part 0 by the simple protocol; each result is a part
    types,        ///< nothing is sent: it waits for the types that it wants
    copy_in,      ///< COPY FROM STDIN, whose data it gives
    copy_out,     ///< COPY TO STDOUT, whose data it takes
    ping,         ///< Sync only
    open_portal,  ///< a statement is bound to a named portal
    fetch,        ///< rows of a portal, at most so many
    close_portal, ///< a portal is closed
    reset, ///< the text of part 0, or where it is empty what undoes what was touched, by the simple protocol
};

/// What a COPY FROM STDIN says next.
struct copy_output {
    enum class what : std::uint8_t { nothing, data, done, fail };
    /// What the header of a CopyData takes.
    static constexpr std::size_t header = 5;

    what kind = what::nothing;
    /// Room for a header, and the data. May be exchanged for another buffer; good until it is asked again.
    copy_buffer* data = nullptr;
    std::string_view reason; ///< of a failure
};

/// A named portal on the server, which the requests of a cursor share. The session notes what it learns of it.
struct portal {
    std::string name;
    columns_ptr columns;             ///< known when it is open; null for a statement without rows
    std::uint64_t types_version = 0; ///< of the types that `columns` knows
    std::uint8_t formats = 0;        ///< as session::result_formats
};

/// What a request does with a portal.
struct portal_use {
    portal* which = nullptr;
    std::int32_t limit = 0; ///< of the rows that are fetched
};

/// What a request is to the transaction that it belongs to, or to transaction blocks at large.
enum class transaction_step : std::uint8_t {
    none,    ///< one of its statements, or it belongs to none
    begin,   ///< reserves the connection; its text goes out in front of the first statement
    end,     ///< its text ends the transaction, and the reservation
    outside, ///< it is refused where a transaction block is open
    inside,  ///< it is refused where none is
};

/// Types that a request has to know: by OID, and by name as sql_type_name::to_string() writes it.
struct type_wants {
    std::vector<oid> types;
    std::vector<std::string> names;

    [[nodiscard]] bool empty() const noexcept { return types.empty() && names.empty(); }
    /// Each once.
    void add(const type_wants& others)
    {
        for (const oid type : others.types)
            if (std::ranges::find(types, type) == types.end()) types.push_back(type);
        for (const std::string& name : others.names)
            if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
};

class observation;

/// What the session sees of a request: what is to be sent, and where its answers go.
///
/// The functions are called in wire order, on the connection's strand. Those marked noexcept turn their own
/// failures (a value that does not fit its C++ type, memory) into `fail`.
class request {
public:
    request(const request&) = delete;
    request& operator=(const request&) = delete;

    static constexpr std::size_t none = ~std::size_t{0};

    request_kind kind = request_kind::query;
    bool text_only = false;   ///< ask for all columns as text: a type of its result has no binary form
    bool names_types = false; ///< types of its parameters are named: they have to be known before it is sent
    bool types_renewed = false; ///< it was sent anew since what was known of types had changed
    bool awaits_types =
        false; ///< what it needs of the server is here, but it cannot go on without `wanted()`
    bool holds_reading = false; ///< it has not been relieved of what it received: nothing more is to be read
    bool has_output = false;    ///< it has more to send, of what it sends piece by piece
    bool unnamed = false;       ///< not worth a place in the statement cache
    bool unwanted = false;      ///< it is to be given up: see conversation::cancel_unwanted()
    bool spares_transaction =
        false; ///< given up, it is read to its end where asking the server to end it would fail a transaction
    transaction_step step = transaction_step::none;
    std::uint8_t heals = 0;        ///< how often it was sent anew because its statement had gone stale
    std::uint64_t id = 0;          ///< names it to a cancellation, which may come after its end
    request* next = nullptr;       ///< the queue it waits in
    std::uint64_t transaction = 0; ///< the id of the request that began it; 0 for none
    std::chrono::milliseconds timeout{-1};          ///< 0: none; negative: that of the connection
    std::chrono::steady_clock::time_point deadline; ///< while it is among session::deadlines
    std::size_t deadline_place = none;              ///< where there; none: it is not

    observation* observed = nullptr; ///< for connection_options::on_request_event; until end_observation()

    std::error_code ec; ///< the first failure; what it completes with
    diagnostics diag;

    /// How many statements are to be sent; exactly one unless the kind is `batch`.
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    /// Statement `i`, in the order in which they are sent.
    [[nodiscard]] virtual statement_view part(std::size_t i) const noexcept = 0;
    /// The statement that cannot be sent, with the reason; `none` when all can.
    [[nodiscard]] virtual std::size_t bad_part(std::error_code& ec, diagnostics& why) const noexcept = 0;
    /// The portal, for the kinds that have one.
    [[nodiscard]] virtual portal_use with_portal() noexcept;
    /// The parameters of a statement, known after Parse + Describe (kind `prepare` only).
    virtual void describe(std::span<const oid> parameters, const columns_ptr& cols) noexcept;
    /// Rows of `part` will follow; null for a statement without rows. `cols` lives, unchanged, up to its end.
    virtual void begin(std::size_t part, const columns_ptr& cols) noexcept = 0;
    /// The body of a DataRow inside `block`. False when it is none of these columns (`row_fits`): then the
    /// connection is of no more use.
    [[nodiscard]] virtual bool row(const block_ptr& block, std::span<const std::byte> body) noexcept = 0;
    /// The part ended well; `tag` is the command tag, empty for an empty query, and where a portal has more rows.
    virtual void end(std::size_t part, std::string_view tag) noexcept = 0;
    /// The part failed, or was skipped (errc::skipped). The session sets `ec` and `diag` of the whole itself.
    virtual void fail_part(std::size_t part, std::error_code why, const diagnostics& what) noexcept;
    /// The server is ready for the COPY, with these formats of its columns (kinds `copy_in` and `copy_out`).
    virtual void copy_begin(std::span<const format> columns) noexcept;
    /// The body of a CopyData inside `block`.
    virtual void copy_data(const block_ptr& block, std::span<const std::byte> body) noexcept;
    /// The next piece of a COPY FROM STDIN, while `has_output` is set. Data that are given count as sent.
    [[nodiscard]] virtual copy_output next_output() noexcept;
    /// What it waits for while `awaits_types` is set.
    [[nodiscard]] virtual const type_wants& wanted() const noexcept;
    /// The look-up is over. `known`: all that is known; what is not in it does not exist. `first`: what was found for
    /// the first type that was wanted. It may want more, but nothing twice.
    virtual void take_types(const std::shared_ptr<const type_map>& known, const type_ptr& first) noexcept;
    /// Forget all answers (the session clears `ec` and `diag` itself): the request will be sent once more. False
    /// when they cannot be forgotten, since the user has seen them.
    [[nodiscard]] virtual bool restart() noexcept = 0;
    /// Frees this node, then runs its handler with `ec`, `diag` and the value. Called exactly once.
    virtual void complete() = 0;
    /// Frees this node without running the handler: its execution context is shutting down.
    virtual void destroy() noexcept = 0;

    /// Tells who observes it that it ends with `ec` and `diag`: before it completes or is destroyed.
    void end_observation() noexcept
    {
        if (observed) [[unlikely]]
            tell_end();
    }

    /// Records the first failure.
    void fail(std::error_code why, diagnostics what = {}) noexcept
    {
        if (ec) return;
        ec = why;
        diag = std::move(what);
    }

protected:
    request() = default;
    ~request() = default;

    /// Records the exception that is being handled.
    void fail_with_current_exception() noexcept;

private:
    void tell_end() noexcept;
};

/// A first-in first-out list of requests; owns nothing.
class request_queue {
public:
    [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }
    [[nodiscard]] request* front() const noexcept { return head_; }
    [[nodiscard]] request* back() const noexcept { return tail_; }

    void push(request& r) noexcept
    {
        r.next = nullptr;
        (tail_ ? tail_->next : head_) = &r;
        tail_ = &r;
    }

    [[nodiscard]] request* pop() noexcept
    {
        request* r = head_;
        if (r) {
            head_ = r->next;
            if (!head_) tail_ = nullptr;
            r->next = nullptr;
        }
        return r;
    }

    /// Takes the request with this id out of the list; null when it is not there.
    [[nodiscard]] request* remove(std::uint64_t id) noexcept
    {
        request* previous = nullptr;
        for (request* r = head_; r; previous = r, r = r->next) {
            if (r->id != id) continue;
            (previous ? previous->next : head_) = r->next;
            if (tail_ == r) tail_ = previous;
            r->next = nullptr;
            return r;
        }
        return nullptr;
    }

private:
    request* head_ = nullptr;
    request* tail_ = nullptr;
};

inline void request::describe(std::span<const oid>, const columns_ptr&) noexcept {}
inline portal_use request::with_portal() noexcept { return {}; }
inline const type_wants& request::wanted() const noexcept
{
    static const type_wants nothing;
    return nothing;
}
inline void request::copy_begin(std::span<const format>) noexcept {}
inline void request::copy_data(const block_ptr&, std::span<const std::byte>) noexcept {}
inline copy_output request::next_output() noexcept { return {}; }
inline void request::take_types(const std::shared_ptr<const type_map>&, const type_ptr&) noexcept {}
inline void request::fail_part(std::size_t, std::error_code, const diagnostics&) noexcept {}

} // namespace tusk::detail
