// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "dialogue.hpp"

#include "session/conversation.hpp"

#include <tusk/error.hpp>
#include <tusk/sql.hpp>

#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace session_test {

/// A request that writes down what it is told. Completed, it stays, so that a second time would be seen.
class recorder final : public tusk::detail::request {
public:
    recorder(tusk::detail::request_kind what, std::vector<tusk::bound> parts)
        : parts_(std::move(parts))
    {
        kind = what;
        for (const tusk::bound& part : parts_) names_types = names_types || part.view().places;
    }

    [[nodiscard]] std::size_t size() const noexcept override { return parts_.size(); }
    [[nodiscard]] tusk::statement_view part(std::size_t i) const noexcept override
    {
        return parts_[i].view();
    }
    [[nodiscard]] std::size_t bad_part(std::error_code& why, tusk::diagnostics& what) const noexcept override
    {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            why = parts_[i].error();
            what = parts_[i].diag();
            if (why) return i;
        }
        return none;
    }
    [[nodiscard]] tusk::detail::portal_use with_portal() noexcept override { return {portal.get(), limit}; }
    void describe(std::span<const tusk::oid> types, const tusk::columns_ptr& cols) noexcept override
    {
        std::string line = "describe";
        for (tusk::oid t : types) line += " " + std::to_string(static_cast<std::uint32_t>(t));
        log.push_back(line + " ->" + names(cols));
    }
    void begin(std::size_t part, const tusk::columns_ptr& cols) noexcept override
    {
        columns = cols;
        log.push_back("begin " + std::to_string(part) + names(cols));
    }
    [[nodiscard]] bool row(const tusk::detail::block_ptr& block,
                           std::span<const std::byte> body) noexcept override
    {
        if (!columns || !tusk::detail::row_fits(body, columns->size())) return false;
        rows.emplace_back(block, body);
        log.push_back("row" + fields(body));
        row_lines.push_back(log.back());
        return true;
    }
    void end(std::size_t part, std::string_view tag) noexcept override
    {
        log.push_back("end " + std::to_string(part) + " " + std::string(tag));
    }
    void fail_part(std::size_t part, std::error_code why, const tusk::diagnostics& what) noexcept override
    {
        log.push_back("fail " + std::to_string(part) + " " + why.message() + ": " +
                      std::string(what.message()));
        part_errors.emplace_back(part, why);
    }
    [[nodiscard]] bool restart() noexcept override
    {
        if (!forgetful) return false;
        log.clear();
        rows.clear();
        row_lines.clear();
        part_errors.clear();
        ++restarts;
        return true;
    }
    void complete() override
    {
        ++completed;
        for (std::size_t i = 0; i < rows.size(); ++i) // nobody may have written over what was retained
            EXPECT_EQ("row" + fields(rows[i].second), row_lines[i]);
    }
    void destroy() noexcept override { ++completed; }

    [[nodiscard]] std::string text() const
    {
        std::string all;
        for (const std::string& line : log) all += line + "\n";
        if (completed) {
            all += ec ? "failed " + ec.message() + ": " + std::string(diag.message()) : "done";
            static constexpr const char* outcomes[] = {"not sent", "unknown", "completed"};
            if (ec) all += std::string(" (") + outcomes[static_cast<std::size_t>(diag.outcome())] + ")";
        }
        return all;
    }

    /// Formats the columns as "a:25b", with b for binary and t for text.
    [[nodiscard]] static std::string names(const tusk::columns_ptr& cols)
    {
        if (!cols) return " no columns";
        std::string line;
        for (const tusk::column& c : *cols)
            line += " " + c.name + ":" + std::to_string(static_cast<std::uint32_t>(c.type)) +
                    (c.format == tusk::format::binary ? "b" : "t");
        return line;
    }
    [[nodiscard]] static std::string fields(std::span<const std::byte> body)
    {
        tusk::wire::reader from(body);
        std::string line;
        for (unsigned n = from.u16(); n; --n) {
            const std::int32_t length = from.i32();
            line +=
                length < 0 ? " NULL" : " " + wire_test::text(from.bytes(static_cast<std::size_t>(length)));
        }
        return line;
    }

    std::vector<std::string> log;
    std::vector<std::string> row_lines;
    std::vector<std::pair<tusk::detail::block_ptr, std::span<const std::byte>>> rows;
    std::vector<std::pair<std::size_t, std::error_code>> part_errors;
    tusk::columns_ptr columns;
    int completed = 0;
    int restarts = 0;
    bool forgetful = true;                        // its answers can be taken back
    std::shared_ptr<tusk::detail::portal> portal; // of a cursor
    std::int32_t limit = 0;

    // when, on the dialogue's clock
    bool submitted = false;
    std::optional<std::size_t> sent_at;
    std::optional<std::size_t> finished_at;

private:
    std::vector<tusk::bound> parts_;
};

/// A conversation with its requests. What the server says about request 0 holds "#0", and so on.
struct conversation_peer : peer_base {
    using kind = tusk::detail::request_kind;

    explicit conversation_peer(const tusk::connection_options& options = {},
                               tusk::session::server_state state = {})
        : talk(options, std::move(state), tusk::wire::inbox(256))
    {
        talk.on_notice = [this](const tusk::diagnostics& d) {
            asides += "notice " + std::string(d.message()) + "\n";
        };
        talk.on_notification = [this](std::int32_t pid, std::string_view channel, std::string_view payload) {
            asides += "notify " + std::to_string(pid) + " " + std::string(channel) + " " +
                      std::string(payload) + "\n";
        };
    }

    recorder& add(kind what, std::vector<tusk::bound> parts)
    {
        requests.push_back(std::make_unique<recorder>(what, std::move(parts)));
        requests.back()->id = requests.size();
        return *requests.back();
    }
    recorder& query(tusk::bound b) { return add(kind::query, {std::move(b)}); }
    recorder& operator[](std::size_t i) { return *requests.at(i); }

    void ask(std::size_t i)
    {
        recorder& r = *requests.at(i);
        r.submitted = true;
        waiting.push_back(i);
        talk.submit(r);
        deliver();
    }
    void leave(std::size_t i)
    {
        talk.cancel(requests.at(i)->id, std::make_error_code(std::errc::operation_canceled));
        deliver();
    }

    bool receive(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto room = talk.prepare();
            const std::size_t n = std::min(room.size(), bytes.size());
            std::memcpy(room.data(), bytes.data(), n);
            bytes.remove_prefix(n);
            const std::uint64_t heals = talk.statistics().heals;
            if (!talk.commit(n)) {
                EXPECT_TRUE(talk.error());
                talk.abandon_all(talk.error(), talk.diag());
                lost = true;
                deliver();
                return false;
            }
            healing += talk.statistics().heals - heals;
            deliver();
        }
        return true;
    }

    std::string output()
    {
        const std::uint64_t before = talk.statistics().requests;
        std::string said;
        if (talk.fill()) said = wire_test::text(talk.output());
        note_sent(talk.statistics().requests - before);
        if (!said.empty()) talk.written();
        deliver();
        return said;
    }

    void lose()
    {
        talk.abandon_all(tusk::errc::connection_lost,
                         tusk::diagnostics::client("the connection was lost", tusk::outcome::unknown));
        lost = true;
        deliver();
    }
    [[nodiscard]] bool over() const { return lost; }

    [[nodiscard]] std::string summary() const
    {
        std::string all;
        for (std::size_t i = 0; i < requests.size(); ++i)
            all += "-- " + std::to_string(i) + "\n" + requests[i]->text() + "\n";
        all += "-- aside\n" + asides;
        if (talk.error())
            all += "ended: " + talk.error().message() + ": " + std::string(talk.diag().message());
        return all;
    }

    void check(const conversation_peer& whole, bool broken)
    {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            SCOPED_TRACE("request " + std::to_string(i) + "\n" + requests[i]->text() + "\nundamaged:\n" +
                         whole.requests[i]->text());
            check_request(i, *requests[i], *whole.requests[i], broken);
        }
    }

    /// Whether the candidate is surely illegal where the original stood.
    static bool forbids(char candidate, char original, char previous)
    {
        const auto among = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
        if (among(candidate, "SNAE")) return false;   // anywhere
        if (among(candidate, "RKvVWsq")) return true; // nowhere
        if (original == 'E') return false;            // it may have stood for anything
        if (previous == 'E') return true;             // only ReadyForQuery
        if (among(original, "123t")) return true;
        if (original == 'T') return !among(candidate, "nCIGHZ"); // the latter in a script
        if (original == 'n') return candidate != 'T';
        if (original == 'D') return candidate != 'C';
        if (among(original, "dc") || (among(original, "SNA") && previous == 'd'))
            return !among(candidate, "dc");
        return !among(candidate, "DTCIGHZ"); // the end of a statement, or of a group
    }

    tusk::session::conversation talk;
    std::vector<std::unique_ptr<recorder>> requests;
    std::string asides;
    std::deque<std::size_t> waiting;
    std::size_t healing = 0;
    bool lost = false;

private:
    void deliver()
    {
        while (tusk::detail::request* r = talk.finished().pop()) {
            requests.at(r->id - 1)->finished_at = time;
            r->complete();
        }
    }

    void note_sent(std::uint64_t n)
    {
        const std::uint64_t again = std::min<std::uint64_t>(n, healing);
        healing -= again;
        for (n -= again; n && !waiting.empty();) {
            recorder& r = *requests.at(waiting.front());
            waiting.pop_front();
            if (r.completed) continue; // cancelled, or refused
            r.sent_at = time;
            --n;
        }
    }

    void check_request(std::size_t i, const recorder& r, const recorder& whole, bool broken) const
    {
        ASSERT_EQ(r.completed, r.submitted ? 1 : 0);
        if (!r.submitted) return;
        const std::string all = r.text();
        for (std::size_t other = 0; other < requests.size(); ++other)
            if (other != i && broken) // else it is another dialogue, though a legal one
                ASSERT_EQ(all.find("#" + std::to_string(other)), std::string::npos);
        if (whole.finished_at && *whole.finished_at < damaged_at) {
            EXPECT_EQ(all, whole.text());
        } else if (broken) {
            check_unanswered(i, r, whole);
        }
    }

    void check_unanswered(std::size_t i, const recorder& r, const recorder& whole) const
    {
        EXPECT_TRUE(r.ec);
        if (!whole.sent_at || *whole.sent_at > damaged_at) {
            EXPECT_EQ(r.diag.outcome(), tusk::outcome::not_sent);
            EXPECT_TRUE(r.log.empty() || r.log.front().starts_with("fail"));
        } else if (r.diag.message().find("#" + std::to_string(i)) != std::string_view::npos) {
            if (!whole.restarts) EXPECT_EQ(r.ec, whole.ec); // the server's word had come
        } else if (!whole.restarts && r.ec != whole.ec) {
            EXPECT_EQ(r.diag.outcome(), tusk::outcome::unknown);
            EXPECT_EQ(r.ec, talk.error());
        } else {
            EXPECT_NE(r.diag.outcome(), tusk::outcome::not_sent);
        }
    }
};

using conversation_dialogue = dialogue<conversation_peer>;

} // namespace session_test
