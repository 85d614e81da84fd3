// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "backend_messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace session_test {

/// How the server's bytes are cut into reads.
struct cutting {
    enum class kind { whole, messages, bytes, at };
    kind how = kind::whole;
    std::size_t position = 0; // kind::at: one cut, that many bytes from the start of the dialogue
};

inline std::size_t whole_message(std::string_view text)
{
    std::size_t length = 1;
    for (std::size_t i = 0, shift = 24; i < 4; ++i, shift -= 8)
        length += static_cast<std::size_t>(static_cast<unsigned char>(text.at(i + 1))) << shift;
    return length;
}

/// What is done to one of the server's messages.
struct damage {
    std::size_t message = 0; ///< which one, from 0
    std::function<std::string(const std::string&)> make;
    bool lost = false; ///< the connection ends behind the damaged message
};

/// What both sides say, step by step. It can be played in one piece, in pieces of any size, and damaged at any
/// message; the sides are made anew each time.
///
/// `Peer` is the side under test:
///     bool receive(std::string_view)  takes bytes in; false when it has given the connection up
///     std::string output()            what it has to say
///     void lose()                     the connection is gone
///     std::string summary()           what became of everything, for comparison
///     bool over()                     it has given the connection up, or lost it
///     void check(const Peer& whole, bool broken)   after damage: what holds whatever has happened; `broken` when
///                                     the damage was surely none that the protocol allows
///     static bool forbids(char candidate, char original, char previous)   surely illegal in its place
template <class Peer>
class dialogue {
public:
    using make_peer = std::function<std::unique_ptr<Peer>()>;
    using act_step = std::function<void(Peer&)>;
    using say_step = std::function<std::string(Peer&)>;

    explicit dialogue(make_peer make)
        : make_(std::move(make))
    {
    }

    /// Something happens on the side under test.
    dialogue& act(act_step f)
    {
        steps_.push_back({.does = std::move(f)});
        return *this;
    }
    /// The side under test says exactly this.
    template <class... Text>
    dialogue& client(const Text&... text)
    {
        const std::string expected = (std::string() + ... + text);
        return act([expected](Peer& p) {
            if (p.damaged())
                (void)p.output();
            else
                EXPECT_EQ(p.output(), expected);
        });
    }
    /// The server sends these messages, one or more in each text.
    template <class... Text>
    dialogue& server(const Text&... text)
    {
        for (std::string_view rest : {std::string_view(text)...}) {
            while (!rest.empty()) {
                const std::size_t n = whole_message(rest);
                steps_.push_back({.says = [m = std::string(rest.substr(0, n))](Peer&) { return m; }});
                rest.remove_prefix(n);
            }
        }
        return *this;
    }
    /// The server sends a message that is made when it is its turn.
    dialogue& server_makes(say_step f)
    {
        steps_.push_back({.says = std::move(f), .late = true});
        return *this;
    }

    /// Plays it, and gives the side under test as it is at the end.
    std::unique_ptr<Peer> play(const cutting& cut = {}, const damage* harm = nullptr) const
    {
        std::unique_ptr<Peer> peer = make_();
        run r{*peer, cut, harm};
        for (const step& s : steps_) {
            if (s.says) {
                if (s.late) r.flush();
                r.say(s.says(*peer));
            } else {
                r.flush();
                s.does(*peer);
            }
        }
        r.flush();
        peer->messages = r.count;
        peer->bytes = r.sent;
        if (!harm) EXPECT_EQ(peer->output(), "") << "nothing more was to be said";
        return peer;
    }

    /// Plays it whole, byte by byte, and cut at every position: it must always end in the same way.
    std::unique_ptr<Peer> play_every_way() const
    {
        std::unique_ptr<Peer> whole = play();
        const std::string expected = whole->summary();
        EXPECT_EQ(play({cutting::kind::bytes})->summary(), expected) << "byte by byte";
        for (std::size_t at = 1; at < whole->bytes; ++at) {
            const std::string cut = play({cutting::kind::at, at})->summary();
            EXPECT_EQ(cut, expected) << "cut at byte " << at;
            if (cut != expected) break;
        }
        return whole;
    }

    /// Plays it once for each way to spoil each message.
    void break_everywhere() const
    {
        const std::unique_ptr<Peer> whole = play(each_message);
        for (std::size_t i = 0; i < whole->messages && !testing::Test::HasFailure(); ++i) {
            lose_at(i, *whole);
            resize_at(i, *whole);
            replace_at(i, *whole);
        }
    }

    void play_and_break() const
    {
        (void)play_every_way();
        if (!testing::Test::HasFailure()) break_everywhere();
    }

private:
    static constexpr cutting each_message{cutting::kind::messages};

    struct step {
        act_step does = {};
        say_step says = {};
        bool late = false; // what was said before has to arrive first
    };

    struct run {
        Peer& peer;
        const cutting& cut;
        const damage* harm;
        std::string pending = {};
        std::size_t sent = 0;
        std::size_t count = 0;

        void say(const std::string& message)
        {
            if (peer.over()) return;
            const std::size_t index = count++;
            if (!harm || harm->message != index) {
                pending += message;
                peer.last_type = message.front();
                if (cut.how == cutting::kind::messages) flush(2 * index + 1);
                return;
            }
            peer.original_type = message.front();
            peer.previous_type = peer.last_type;
            peer.damaged_at = 2 * index + 1;
            pending = harm->make(message);
            flush(2 * index + 1);
            if (harm->lost && !peer.over()) peer.lose();
        }

        void flush(std::size_t now_is = 0)
        {
            peer.time = now_is;
            const std::string now = std::exchange(pending, {});
            std::string_view rest = now;
            while (!rest.empty() && !peer.over()) {
                std::size_t n = rest.size();
                if (cut.how == cutting::kind::bytes) n = 1;
                if (cut.how == cutting::kind::at && cut.position > sent && cut.position < sent + n)
                    n = cut.position - sent;
                sent += n;
                if (!peer.receive(rest.substr(0, n))) peer.gave_up = true;
                rest.remove_prefix(n);
            }
            peer.time = 2 * count; // between two messages
        }
    };

    void lose_at(std::size_t i, const Peer& whole) const
    {
        for (std::size_t kept :
             {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{5}, std::size_t{6}}) {
            const damage harm{
                i, [kept](const std::string& m) { return m.substr(0, std::min(kept, m.size() - 1)); }, true};
            SCOPED_TRACE("lost in message " + std::to_string(i) + " after " + std::to_string(kept) +
                         " bytes");
            const auto peer = play(each_message, &harm);
            if (!peer->over()) peer->lose();
            peer->check(whole, peer->gave_up);
        }
    }

    void resize_at(std::size_t i, const Peer& whole) const
    {
        for (int by : {-1, 1}) {
            bool resized = false;
            const damage harm{i,
                              [by, &resized](const std::string& m) {
                                  if (m.size() == 5 && by < 0) return m;
                                  resized = true;
                                  std::string body = m.substr(5);
                                  body.resize(static_cast<std::size_t>(static_cast<int>(body.size()) + by));
                                  return message(m.front(), body);
                              },
                              false};
            SCOPED_TRACE("message " + std::to_string(i) + " resized by " + std::to_string(by));
            const auto peer = play(each_message, &harm);
            if (!resized) continue;
            if (peer->original_type != 'd')
                EXPECT_TRUE(peer->gave_up) << "a malformed " << peer->original_type;
            if (!peer->over()) peer->lose();
            peer->check(whole, peer->gave_up);
        }
    }

    void replace_at(std::size_t i, const Peer& whole) const
    {
        for (const std::string& other : server::one_of_each()) {
            const damage harm{i, [&](const std::string&) { return other; }, false};
            const auto peer = play(each_message, &harm);
            if (peer->original_type == other.front()) continue;
            SCOPED_TRACE("message " + std::to_string(i) + " (" + peer->original_type + ") replaced by " +
                         other.front());
            const bool illegal = Peer::forbids(other.front(), peer->original_type, peer->previous_type);
            if (illegal) EXPECT_TRUE(peer->gave_up);
            if (!peer->over()) peer->lose();
            peer->check(whole, illegal);
        }
    }

    make_peer make_;
    std::vector<step> steps_;
};

/// What the engine keeps with each side under test.
struct peer_base {
    std::size_t messages = 0;
    std::size_t bytes = 0;
    std::size_t time = 0;       ///< 2 i + 1 during message i, 2 i before it
    std::size_t damaged_at = 0; ///< the time of the damage; 0: none yet
    char original_type = 0;
    char previous_type = 0;
    char last_type = 0;
    bool gave_up = false;

    [[nodiscard]] bool damaged() const { return damaged_at != 0; }
};

} // namespace session_test
