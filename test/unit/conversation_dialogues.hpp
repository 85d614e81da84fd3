// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conversation_peer.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The pieces that dialogues with a conversation are put together from.
namespace session_test {

using kind = tusk::detail::request_kind;

struct asked {
    kind what;
    std::vector<tusk::bound> parts;
};

inline asked query(const char* text) { return {kind::query, {text}}; }
inline asked script(const char* text) { return {kind::script, {text}}; }

/// A dialogue about these requests, not yet submitted.
inline conversation_dialogue about_requests(std::vector<asked> requests,
                                            tusk::connection_options options = {})
{
    return conversation_dialogue([requests, options] {
        auto peer = std::make_unique<conversation_peer>(options);
        for (const asked& a : requests) peer->add(a.what, a.parts);
        return peer;
    });
}

/// The same with one query for each statement.
inline conversation_dialogue about(std::vector<tusk::bound> queries, tusk::connection_options options = {})
{
    std::vector<asked> requests;
    for (tusk::bound& q : queries) requests.push_back({kind::query, {std::move(q)}});
    return about_requests(std::move(requests), options);
}

inline conversation_dialogue::act_step ask(std::size_t i)
{
    return [i](conversation_peer& p) { p.ask(i); };
}
inline conversation_dialogue::act_step leave(std::size_t i)
{
    return [i](conversation_peer& p) { p.leave(i); };
}

/// All that the server says to a select of one row that it sees for the first time, and to a cached one.
inline std::string answer_miss(const std::string& mark, const char* column = "a")
{
    return server::parse_complete() + server::parameters({}) + server::columns({{column}}) +
           server::bind_complete() + server::row({mark}) + server::complete("SELECT " + mark) +
           server::ready();
}
inline std::string answer_hit(const std::string& mark)
{
    return server::bind_complete() + server::row({mark}) + server::complete("SELECT " + mark) +
           server::ready();
}
/// To a statement without rows that it sees for the first time, up to its Execute.
inline std::string bound_miss()
{
    return server::parse_complete() + server::parameters({}) + server::no_data() + server::bind_complete();
}

} // namespace session_test
