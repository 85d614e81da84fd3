// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/request.hpp>
#include <tusk/options.hpp>

#include "session/named_parameters.hpp"
#include "session/server_state.hpp"
#include "session/slot_ring.hpp"
#include "session/statement_cache.hpp"
#include "session/type_catalogue.hpp"
#include "session/type_lookup.hpp"
#include "wire/backend.hpp"
#include "wire/buffer.hpp"
#include "wire/inbox.hpp"
#include "wire/tracer.hpp"
#include "wire/writer.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk::session {

/// The conversation after start-up: requests in, bytes out; bytes in, answers out. It knows no socket.
///
/// A request waits in `waiting_` until there is room on the wire, then becomes one slot for each statement; a
/// slot leaves the pipeline only when its group's ReadyForQuery has come. Finished requests gather in
/// `finished()`.
class conversation {
public:
    conversation(const connection_options& options, server_state state, wire::inbox inbox,
                 std::string name_prefix = "tusk_");
    conversation(const conversation&) = delete;
    conversation& operator=(const conversation&) = delete;

    // --- asking

    /// Queues the request. One that cannot be sent at all is finished at once, with its error.
    void submit(detail::request& r);

    /// Writes what may go out now. False when there is nothing to write. Not to be called while `output()` is
    /// still being written.
    [[nodiscard]] bool fill();
    [[nodiscard]] std::span<const std::byte> output() const noexcept { return out_.bytes(); }
    /// The output has been written, all of it.
    void written() noexcept;
    /// Whether something waits that may go out.
    [[nodiscard]] bool may_fill() const noexcept
    {
        if (barrier_) [[unlikely]]
            return !error_ && has_piece();
        return !error_ && !fenced_ && in_flight_ < options_.max_in_flight &&
               !(healing_.empty() && (transaction_ ? reserved_ : waiting_).empty());
    }

    /// Whether the request at the head is to be relieved of what it received before more is read.
    [[nodiscard]] bool holds_reading() noexcept
    {
        return !slots_.empty() && slots_.front().owner && slots_.front().owner->holds_reading;
    }
    /// Whether this transaction reserves the connection.
    [[nodiscard]] bool is_reserved_for(std::uint64_t transaction) const noexcept
    {
        return transaction_ == transaction;
    }
    /// While it is up no request is sent: the server is being asked to end what is on the wire.
    void set_fence(bool up) noexcept { fenced_ = up; }

    /// Finishes the request with `why`: a waiting one leaves the queue, one on the wire leaves its slot
    /// behind. Nothing happens when it is finished already.
    void cancel(std::uint64_t id, std::error_code why);
    /// The same for many, which are sorted, in one pass.
    void cancel(std::span<const std::uint64_t> ids, std::error_code why);
    /// The same for every request that is marked as unwanted, in one pass.
    void cancel_unwanted(std::error_code why);
    /// The same for every request.
    void cancel_all(std::error_code why);
    /// Whether something is on the wire and nobody waits for any of it, so that the server may be asked to end it; which
    /// may not be where that would fail a transaction (`spares_transaction`).
    [[nodiscard]] bool only_abandoned() const noexcept { return abandoned_ > 0 && abandoned_ == in_flight_; }
    /// Whether the server is told by CopyFail that the COPY at the head is over.
    [[nodiscard]] bool ends_copy() const noexcept { return step_ == step::copy_in; }
    /// Whether more rows or data of the request at the head are coming than the server sends at one time: they are on
    /// their way.
    [[nodiscard]] bool is_answering() const noexcept
    {
        return step_ == step::rows || step_ == step::copy_out;
    }

    // --- listening

    /// Room for received bytes, never empty.
    [[nodiscard]] std::span<std::byte> prepare() { return inbox_.prepare(); }
    /// Takes in `n` received bytes. False when the connection is of no more use: see `error()`.
    [[nodiscard]] bool commit(std::size_t n);
    /// Handles what the inbox already held when the session took it over.
    [[nodiscard]] bool drain() { return commit(0); }

    /// The requests that are ready to be completed.
    [[nodiscard]] detail::request_queue& finished() noexcept { return finished_; }

    /// The UNLISTEN that has just completed is the session's own.
    void forget_unlisten() noexcept
    {
        if (unlistened_ > 0) --unlistened_;
    }

    // --- ending

    /// The connection is gone: everything that is queued or in flight is finished with `why`.
    void abandon_all(std::error_code why, const diagnostics& diag);
    [[nodiscard]] std::error_code error() const noexcept { return error_; }
    /// Why the session ended, in the server's words where it said farewell.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

    // --- state

    [[nodiscard]] const server_state& server() const noexcept { return server_; }
    [[nodiscard]] bool idle() const noexcept
    {
        return slots_.empty() && waiting_.empty() && reserved_.empty() && healing_.empty() &&
               awaiting_.empty();
    }
    /// Groups on the wire.
    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
    /// Groups whose ReadyForQuery has come.
    [[nodiscard]] std::uint64_t answered() const noexcept { return answered_; }
    [[nodiscard]] const connection_statistics& statistics() const noexcept { return statistics_; }
    [[nodiscard]] connection_statistics& statistics() noexcept { return statistics_; }

    /// Shows all messages from now on; without a sink to nobody.
    void set_trace(const wire_trace& to);
    [[nodiscard]] const std::shared_ptr<wire::tracer>& tracer() const noexcept { return tracer_; }

    std::function<void(const diagnostics&)> on_notice;
    std::function<void(std::int32_t pid, std::string_view channel, std::string_view payload)> on_notification;
    std::function<void(std::string_view name, std::string_view value)> on_parameter;
    std::function<void()> on_unlistened; ///< UNLISTEN or DISCARD ALL has come into effect, or was undone

private:
    /// What the slot at the head of the pipeline waits for.
    enum class step : std::uint8_t {
        close,      ///< CloseComplete, as often as the slot says
        parse,      ///< ParseComplete
        parameters, ///< ParameterDescription
        columns,    ///< RowDescription | NoData
        bind,       ///< BindComplete
        portal,     ///< BindComplete or CloseComplete of a named portal
        fetch,      ///< the first of a portal's answers to Execute
        rows,       ///< DataRow* (CommandComplete | EmptyQueryResponse | PortalSuspended)
        script,     ///< the answers to Query
        sending,    ///< our CopyData are on their way: ErrorResponse
        copy_in,    ///< our CopyFail is on its way: ErrorResponse
        copy_out,   ///< CopyData* CopyDone, then CommandComplete
        ready,      ///< ReadyForQuery
        skipping,   ///< after an ErrorResponse: ReadyForQuery, nothing else
    };

    /// The failure of the group at the head, reported to its owner when the group is over.
    struct failure {
        std::error_code ec;
        diagnostics diag;
        std::uint32_t part = 0;
        bool at_sync = false; ///< after every statement had completed: all of them failed
        bool stale =
            false; ///< the statement, or the formats asked for, are out of date: sending anew may help
        bool stale_name =
            false; ///< the former: reported as errc::stale_statement where it cannot be sent anew
    };

    // sending (send.cpp)
    [[nodiscard]] bool admit(detail::request& r) const;
    void send(detail::request& r);
    [[nodiscard]] bool send_statements(detail::request& r, wire::writer& out);
    void send_statement(slot& s, const statement_view& b, bool last, wire::writer& out);
    void send_prepare(detail::request& r, wire::writer& out);
    void send_script(detail::request& r, wire::writer& out);
    void send_ping(detail::request& r, wire::writer& out);
    void send_reset(detail::request& r, wire::writer& out);
    void send_open_portal(detail::request& r, wire::writer& out);
    void send_closes(slot& s, wire::writer& out);
    [[nodiscard]] std::span<const format> formats_of(const columns& of);
    void send_execute(const slot& s, const statement_view& b, wire::writer& out);
    slot& push_slot(detail::request& r, const statement_view& b, std::uint32_t part, bool repeated);
    void unsend(std::size_t slots, std::size_t bytes);

    // giving requests up (cancel.cpp)
    void drop_unsent(detail::request& r, std::error_code why, outcome what);
    void drop_awaiting(detail::request& r, std::error_code why);
    void leave_slot(slot& s, std::error_code why);
    template <class Which>
    void mark_unwanted(Which which);

    /// What becomes of the request at the head of its queue: it is sent, or waits with all behind it, or has left the
    /// queue.
    enum class turn : std::uint8_t { send, hold, gone };

    // transactions (transactions.cpp)
    [[nodiscard]] turn turn_in_transaction(detail::request& r, detail::request_queue& from);
    [[nodiscard]] turn reserve(detail::request& r);
    [[nodiscard]] turn turn_by_status(detail::request& r, detail::request_queue& from);
    [[nodiscard]] bool ends_transaction() noexcept;
    [[nodiscard]] bool begins_transaction(const detail::request& r) const noexcept
    {
        return r.transaction != 0 && r.transaction == transaction_ && !begun_;
    }
    void send_begin(detail::request& r, wire::writer& out);
    void send_begin_alone(detail::request& r);
    void heed_transaction(bool at_begin, bool alone, bool ends, const detail::request* owner);
    void leave_transaction();

    // types that are known at run time only (types.cpp)
    [[nodiscard]] turn turn_of(detail::request& r, detail::request_queue& from);
    [[nodiscard]] turn hold(detail::request& r, detail::type_wants missing);
    void release_held();
    void look_up();
    void send_lookup(detail::type_wants wants);
    void put_aside(detail::request& r);
    void on_types();
    void settle_awaiting();
    void read_now(detail::request& r);
    void finish_unread(detail::request& r, std::error_code why, const diagnostics& what);
    [[nodiscard]] detail::type_wants unknown_of(const detail::type_wants& wants) const;

    // answers (replies.cpp)
    [[nodiscard]] bool handle(const wire::frame& f);
    [[nodiscard]] bool handle_in_step(const wire::frame& f);
    [[nodiscard]] bool on_empty_message(const wire::frame& f, char expected);
    [[nodiscard]] bool on_bound(const wire::frame& f);
    [[nodiscard]] bool on_parameters(const wire::frame& f);
    [[nodiscard]] bool on_columns(const wire::frame& f);
    [[nodiscard]] bool on_rows(const wire::frame& f);
    [[nodiscard]] bool on_data_row(const wire::frame& f);
    [[nodiscard]] bool on_data_rows(wire::frame& f, wire::framing& got);
    [[nodiscard]] bool on_command_complete(const wire::frame& f);
    [[nodiscard]] bool on_ready(const wire::frame& f);
    [[nodiscard]] bool take_columns(const wire::frame& f, result_formats as);
    void start_head() noexcept;
    [[nodiscard]] static step first_step(const slot& s) noexcept;
    void next_step() noexcept;
    void begin_rows();
    void heed_command(std::string_view tag);
    void end_rows(std::string_view tag);
    bool undescribed();
    void finish_group();
    void pop_slot() noexcept;

    // cursors (portals.cpp)
    void send_portal(detail::request& r, wire::writer& out);
    [[nodiscard]] static step portal_step(const slot& s) noexcept;
    [[nodiscard]] bool on_portal(const wire::frame& f);
    [[nodiscard]] bool on_fetch(const wire::frame& f);
    [[nodiscard]] bool on_suspended(const wire::frame& f);
    void begin_fetch(detail::request& owner);
    void heed_fetch_failure(const slot& s, std::error_code why, const diagnostics& what);

    // COPY (copy.cpp)
    [[nodiscard]] bool has_piece() const noexcept;
    void send_piece();
    void send_next_piece();
    void send_copy_data();
    void send_data(detail::copy_buffer& piece, wire::writer& out);
    void end_copy_in(wire::writer& out);
    [[nodiscard]] bool on_copy(const wire::frame& f);
    [[nodiscard]] bool on_copy_out(const wire::frame& f);
    void refuse_copy(const slot& s, bool in);
    void send_copy_refusal();

    // answers to Query (script.cpp)
    [[nodiscard]] bool on_script(const wire::frame& f);
    [[nodiscard]] bool on_script_columns(const wire::frame& f);

    // failures (failures.cpp)
    [[nodiscard]] bool on_error(const wire::frame& f);
    void fail_head(failure why);
    [[nodiscard]] bool went_stale(slot& s, const diagnostics& what, failure& why);
    [[nodiscard]] bool needs_text(slot& s, const diagnostics& what, failure& why);
    void ask_for_text(prepared& entry);
    [[nodiscard]] bool types_went_stale(slot& s, failure& why);
    void settle(detail::request& r);
    void fail_skipped(slot& s);
    static void refuse_part(detail::request& r, std::size_t bad, std::error_code why,
                            const diagnostics& what);
    void give_up(detail::request& r, std::error_code why, const diagnostics& what);
    [[nodiscard]] bool may_heal(const detail::request& r) const noexcept;
    [[nodiscard]] bool stop(std::error_code why, diagnostics what);
    [[nodiscard]] bool illegal(const wire::frame& f);
    [[nodiscard]] bool malformed(const wire::frame& f);

    // observing (watch.cpp)
    [[nodiscard]] bool take_in_watched();
    void show(const wire::frame& f);
    void note_sent(detail::request& r, std::size_t slots, std::size_t bytes);

    // taken out of the stream wherever they come (asides.cpp)
    [[nodiscard]] bool on_parameter_status(const wire::frame& f);
    [[nodiscard]] bool on_notice_response(const wire::frame& f);
    [[nodiscard]] bool on_notification_response(const wire::frame& f);

    connection_options options_;
    server_state server_;
    wire::inbox inbox_;
    wire::buffer out_;
    statement_cache cache_;
    slot_ring slots_;
    detail::request_queue waiting_;
    detail::request_queue reserved_; // of the transaction; what waits elsewhere waits for its end
    detail::request_queue healing_;  // goes out before what waits
    detail::request_queue awaiting_; // off the wire, until types are known
    detail::request_queue finished_;
    type_catalogue catalogue_;
    type_lookup lookup_;
    bool lookup_answered_ = false;
    named_parameters named_; // of the statement that is being written
    connection_statistics statistics_;
    std::shared_ptr<wire::tracer> tracer_; // null for none
    bool watched_ = false;                 // by a tracer, or by who observes requests
    std::vector<format> codes_;            // scratch
    std::size_t in_flight_ = 0;            // groups on the wire
    std::size_t abandoned_ = 0;            // of them, whose owners have left, and which may be ended early
    std::uint64_t answered_ = 0;
    std::size_t group_start_ = 0;   // the first slot of the group that is being written
    std::uint64_t transaction_ = 0; // which reserves the connection; 0 for none
    std::string begin_;             // its BEGIN
    bool begun_ = false;            // which was sent
    bool over_ = false;             // SQL has ended it
    std::uint8_t touched_ = 0;      // of the session: see touched.hpp
    std::uint8_t resetting_ = 0;    // of it, what the reset on the wire takes back
    bool fenced_ = false;
    std::uint32_t unlistened_ = 0; // how often, by whomever else, since the last transaction
    bool barrier_ = false;         // a COPY or a script is on the wire: nothing may follow it yet
    bool encoding_changed_ =
        false; // client_encoding is no longer UTF8: the session ends at the next ReadyForQuery
    bool refuse_copy_ = false; // the server waits for data that nobody will send
    bool sync_due_ =
        false; // the Sync of the request at the head was swallowed by its COPY, and is to be sent again

    // the head of the pipeline
    step step_ = step::ready;
    std::uint16_t closes_left_ = 0;
    std::uint32_t script_part_ = 0;
    bool script_open_ = false; // a result of the script has begun
    bool copied_ = false;      // the group's COPY has begun: there is one at most
    bool group_ran_ = false;   // a statement of the group has completed
    bool has_failure_ = false;
    failure failure_;
    columns_ptr columns_;         // of the rows that are arriving
    text_style style_;            // of the texts that are arriving
    bool style_in_doubt_ = false; // until the next ReadyForQuery
    std::vector<oid> parameters_; // of the statement that is being described

    std::error_code error_;
    diagnostics diag_;
};

} // namespace tusk::session
