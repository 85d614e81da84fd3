// Distributed under the Boost Software License, Version 1.0.
#include "conversation_requests.hpp"

#include "session/conversation.hpp"
#include "session/observation.hpp"

#include <tusk/error.hpp>
#include <tusk/request_event.hpp>
#include <tusk/sql.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

// Requests of all kinds, given up at any time, and a server that says anything. The first byte chooses the options; each
// that follows is a step: below 128 something that the client does, above a message of the server's.
namespace {

using conversation_fuzz::asked;
using conversation_fuzz::book;
using conversation_fuzz::most_requests;
using conversation_fuzz::require;
using tusk::detail::request_kind;
using tusk::detail::transaction_step;
using tusk::session::conversation;

/// Type, length, body.
std::string message(char type, std::string_view body)
{
    const auto n = static_cast<std::uint32_t>(body.size() + 4);
    std::string whole{type, static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                      static_cast<char>(n)};
    return whole += body;
}

std::string error(std::string_view severity, std::string_view code, std::string_view routine = "r")
{
    std::string fields;
    for (const auto& [letter, text] : std::initializer_list<std::pair<char, std::string_view>>{
             {'S', severity}, {'V', severity}, {'C', code}, {'M', "words"}, {'R', routine}})
        fields += letter + std::string(text) + '\0';
    return message('E', fields + '\0');
}

using namespace std::string_literals;

/// What the server may say.
const std::vector<std::string>& messages()
{
    static const std::string column =
        "a\0"s + "\0\0\0\0"s + "\0\0"s + "\0\0\0\x17"s + "\0\4"s + "\xff\xff\xff\xff"s + "\0\0"s;
    static const std::string strange =
        "b\0"s + "\0\0\0\0"s + "\0\0"s + "\0\1\x86\x9f"s + "\xff\xff"s + "\xff\xff\xff\xff"s + "\0\0"s;
    static const std::vector<std::string> all = {message('1', ""),
                                                 message('2', ""),
                                                 message('3', ""),
                                                 message('n', ""),
                                                 message('t', "\0\0"s),
                                                 message('t', "\0\1\0\0\0\x17"s),
                                                 message('T', "\0\1"s + column),
                                                 message('T', "\0\2"s + column + strange),
                                                 message('T', "\0\0"s),
                                                 message('D', "\0\1\0\0\0\4\0\0\0\7"s),
                                                 message('D', "\0\2\0\0\0\1x\xff\xff\xff\xff"s),
                                                 message('D', "\0\0"s),
                                                 message('C', "SELECT 1\0"s),
                                                 message('C', "BEGIN\0"s),
                                                 message('C', "COMMIT\0"s),
                                                 message('C', "ROLLBACK\0"s),
                                                 message('C', "DISCARD ALL\0"s),
                                                 message('C', "UNLISTEN\0"s),
                                                 message('C', "SET\0"s),
                                                 message('C', "DROP TYPE\0"s),
                                                 message('C', "COPY 3\0"s),
                                                 message('I', ""),
                                                 message('Z', "I"),
                                                 message('Z', "T"),
                                                 message('Z', "E"),
                                                 message('G', "\0\0\1\0\0"s),
                                                 message('G', "\1\0\0"s),
                                                 message('H', "\0\0\1\0\0"s),
                                                 message('d', "data"),
                                                 message('c', ""),
                                                 error("ERROR", "42601"),
                                                 error("ERROR", "57014"),
                                                 error("ERROR", "26000"),
                                                 error("ERROR", "42P05"),
                                                 error("ERROR", "0A000", "RevalidateCachedQuery"),
                                                 error("ERROR", "42883", "getTypeBinaryOutputInfo"),
                                                 error("ERROR", "XX000", "getTypeOutputInfo"),
                                                 error("ERROR", "42704"),
                                                 error("FATAL", "57P01"),
                                                 message('S', "DateStyle\0SQL, DMY\0"s),
                                                 message('S', "search_path\0a\0"s),
                                                 message('S', "client_encoding\0LATIN1\0"s),
                                                 message('N', "SNOTICE\0C00000\0Mhm\0\0"s),
                                                 message('A', "\0\0\0\1a\0b\0"s),
                                                 message('s', ""),
                                                 message('R', "\0\0\0\0"s),
                                                 message('K', "\0\0\0\1abcd"s),
                                                 "Z\0\0\0\4"s,
                                                 "\0"s,
                                                 "D\x7f\xff\xff\xff"s};
    return all;
}

class session {
public:
    explicit session(unsigned choice)
        : fences_((choice & 64) != 0)
        , talk_(options_of(choice), {}, tusk::wire::inbox(256))
    {
        notes_.stubborn = (choice & 32) != 0;
        talk_.on_notification = [](auto, auto, auto) {};
        if ((choice & 128) != 0)
            tell_ = std::make_shared<const std::function<void(const tusk::request_event&)>>(
                [](const tusk::request_event& e) { static_cast<void>(e.sql(0)); });
    }

    /// Does what the bytes say.
    void run(std::span<const std::uint8_t> steps)
    {
        for (std::size_t i = 0; i < steps.size() && !lost_; ++i) {
            const std::uint8_t step = steps[i];
            const std::uint8_t more = i + 1 < steps.size() ? steps[i + 1] : std::uint8_t{0};
            if (step >= 128)
                hear(messages()[(step - 128U) % messages().size()]);
            else if (step < 64)
                ask(step);
            else if (++i; step < 80)
                give_up(step, more);
            else if (step < 96)
                use_portal(step, more);
            else
                tend(step, more);
            settle();
        }
        end();
    }

private:
    static tusk::connection_options options_of(unsigned choice)
    {
        tusk::connection_options o;
        o.mode = std::array{tusk::statement_mode::cached, tusk::statement_mode::cached,
                            tusk::statement_mode::unnamed, tusk::statement_mode::simple}[choice & 3];
        o.max_in_flight = (choice & 4) != 0 ? 2 : 1000;
        o.statement_cache_capacity = (choice & 8) != 0 ? 1 : 100;
        o.write_size = (choice & 16) != 0 ? 1 : 65536;
        if ((choice & 128) != 0) o.on_request_event = [](const tusk::request_event&) {};
        return o;
    }

    void ask(std::uint8_t what)
    {
        if (asked_ == most_requests) return;
        static constexpr request_kind kinds[] = {
            request_kind::query,    request_kind::batch, request_kind::prepare,
            request_kind::script,   request_kind::types, request_kind::copy_in,
            request_kind::copy_out, request_kind::ping,  request_kind::reset};
        const std::uint64_t id = ++asked_;
        const request_kind kind = kinds[what % std::size(kinds)];
        const bool odd = what / std::size(kinds) % 2 != 0;
        std::vector<tusk::bound> parts;
        if (kind == request_kind::batch) parts = {"a", odd ? "copy t from stdin" : "b"};
        if (kind == request_kind::copy_in) parts = {odd ? "copy t from stdin" : "call secretly_a_copy()"};
        if (kind == request_kind::copy_out) parts = {"copy t to stdout"};
        if (kind == request_kind::reset) parts = {odd ? "" : "discard all"};
        if (kind == request_kind::query && what >= 45)
            parts = {tusk::sql("select $1", tusk::as_type("mood", "sad"))};
        if (kind != request_kind::types && parts.empty()) parts = {odd ? "a" : "b"};
        auto r = std::make_unique<asked>(notes_, kind, id, std::move(parts));
        r->curious = odd && what >= 27;
        r->slow = what >= 36 && odd;
        submit(*r.release());
    }

    /// A statement of a transaction, its beginning or its end.
    void transact(std::uint8_t what)
    {
        if (asked_ == most_requests) return;
        static constexpr transaction_step steps[] = {transaction_step::begin, transaction_step::none,
                                                     transaction_step::end, transaction_step::outside,
                                                     transaction_step::inside};
        const transaction_step step = steps[what % std::size(steps)];
        const std::uint64_t id = ++asked_;
        if (step == transaction_step::begin) transaction_ = id;
        auto r = std::make_unique<asked>(
            notes_, what & 128 ? request_kind::copy_in : request_kind::query, id,
            std::vector<tusk::bound>{step == transaction_step::begin ? tusk::bound("begin")
                                     : (what & 16) != 0 ? tusk::sql("select $1", tusk::as_type("mood", "sad"))
                                                        : tusk::bound("a")});
        r->step = step;
        const bool belongs = step == transaction_step::none || step == transaction_step::end ||
                             (step == transaction_step::inside && (what & 64) != 0);
        if (belongs) r->transaction = transaction_;
        if (step == transaction_step::begin || belongs) r->unnamed = (what & 32) != 0;
        submit(*r.release());
    }

    /// A cursor is opened, fetched from, or closed; in the transaction, or where there may be none.
    void use_portal(std::uint8_t what, std::uint8_t how)
    {
        if (asked_ == most_requests) return;
        static constexpr request_kind kinds[] = {request_kind::open_portal, request_kind::fetch,
                                                 request_kind::fetch, request_kind::close_portal};
        const request_kind kind = kinds[what % std::size(kinds)];
        const std::uint64_t id = ++asked_;
        std::vector<tusk::bound> parts;
        if (kind == request_kind::open_portal) parts = {(how & 1) != 0 ? "a" : "b"};
        auto r = std::make_unique<asked>(notes_, kind, id, std::move(parts));
        std::shared_ptr<tusk::detail::portal>& which = portals_[(how & 2) != 0 ? 1 : 0];
        if (!which || kind == request_kind::open_portal) {
            which = std::make_shared<tusk::detail::portal>();
            which->name = "p" + std::to_string(id);
        }
        r->portal = which;
        r->limit = (how & 4) != 0 ? 1 : 1000;
        r->slow = (how & 8) != 0;
        r->curious = (how & 16) != 0;
        if ((how & 32) == 0) r->transaction = transaction_;
        submit(*r.release());
    }

    void submit(asked& r)
    {
        waiting_.push_back(&r);
        if (tell_) {
            r.observed = new tusk::detail::observation(tell_, 1);
            r.observed->begin(r);
        }
        talk_.submit(r);
        deliver();
    }

    void give_up(std::uint8_t how, std::uint8_t which)
    {
        const std::error_code why = std::make_error_code(std::errc::operation_canceled);
        const std::uint64_t first = which % (asked_ + 1), second = which / 16 % (asked_ + 1);
        if (how % 4 == 0 && first != 0) talk_.cancel(first, why);
        const std::array ids{std::min(first, second), std::max(first, second)};
        if (how % 4 == 1 && ids[0] != 0) talk_.cancel(ids, why);
        if (how % 4 == 2) talk_.cancel_all(why);
        if (how % 4 == 3) { // as when time limits run out
            for (asked* r : waiting_) r->unwanted = (r->id + which) % 3 == 0;
            talk_.cancel_unwanted(tusk::errc::timed_out);
        }
        deliver();
    }

    /// The user takes or gives data, or begins and ends transactions.
    void tend(std::uint8_t how, std::uint8_t which)
    {
        if (how < 112) return transact(which);
        for (asked* r : waiting_) {
            if (how < 120) r->holds_reading = false;
            if (how >= 120 && r->kind == request_kind::copy_in) {
                r->fails = which % 2 != 0;
                r->say(which % 5);
            }
        }
    }

    void hear(std::string_view bytes)
    {
        while (!bytes.empty() && !lost_) {
            const auto room = talk_.prepare();
            const std::size_t n = std::min(room.size(), bytes.size());
            std::memcpy(room.data(), bytes.data(), n);
            bytes.remove_prefix(n);
            if (!talk_.commit(n)) lose();
            deliver();
        }
    }

    /// What the pump does behind everything that happens.
    void settle()
    {
        deliver();
        for (int turns = 0; !lost_; ++turns) {
            require(turns < 1000);
            fence_ = fences_ && talk_.in_flight() > 0 && (fence_ || talk_.only_abandoned());
            talk_.set_fence(fence_);
            const bool wrote = talk_.fill();
            if (wrote) check(talk_.output());
            if (wrote) talk_.written();
            const bool finished = deliver();
            if (!wrote && !finished) break;
        }
        // with nothing on the wire nothing waits, but behind a transaction
        if (!lost_ && talk_.in_flight() == 0 && talk_.is_reserved_for(0)) require(talk_.idle());
        if (!lost_ && talk_.idle() && talk_.is_reserved_for(0)) require(waiting_.empty());
    }

    /// Whole messages of the client's.
    static void check(std::span<const std::byte> said)
    {
        while (!said.empty()) {
            require(said.size() >= 5);
            require(std::string_view("PDBECSQXHdcf").find(static_cast<char>(said[0])) !=
                    std::string_view::npos);
            std::size_t length = 0;
            for (int i = 1; i < 5; ++i)
                length = length << 8 | std::to_integer<std::size_t>(said[static_cast<std::size_t>(i)]);
            require(length >= 4 && length + 1 <= said.size());
            said = said.subspan(length + 1);
        }
    }

    bool deliver()
    {
        bool any = false;
        while (tusk::detail::request* r = talk_.finished().pop()) {
            std::erase(waiting_, static_cast<asked*>(r));
            const std::uint64_t id = r->id;
            r->complete();
            require(notes_.completed.at(id) == 1);
            any = true;
        }
        return any;
    }

    void lose()
    {
        require(static_cast<bool>(talk_.error()));
        lost_ = true;
        talk_.abandon_all(talk_.error(), talk_.diag());
    }

    void end()
    {
        if (!lost_) talk_.abandon_all(tusk::errc::connection_lost, tusk::diagnostics::client("gone"));
        deliver();
        for (std::uint64_t id = 1; id <= asked_; ++id) require(notes_.completed.at(id) == 1);
        require(talk_.idle() && talk_.in_flight() == 0 && !talk_.fill());
    }

    book notes_;
    bool fences_;
    bool fence_ = false;
    bool lost_ = false;
    std::shared_ptr<const std::function<void(const tusk::request_event&)>> tell_;
    std::vector<asked*> waiting_; // what has not completed
    std::uint64_t asked_ = 0;

    std::uint64_t transaction_ = 0;
    std::array<std::shared_ptr<tusk::detail::portal>, 2> portals_;
    conversation talk_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const std::span input(data, size);
    session(input[0]).run(input.subspan(1));
    return 0;
}
