// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "scripted/client.hpp"

#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

/// What the tests of LISTEN share.
namespace scripted {

using received = answer<tusk::single<tusk::notification>>;

/// Keeps the subscription that it is given.
struct listening {
    void operator()(std::error_code ec, tusk::subscription s) const
    {
        said->ec = ec;
        said->s = std::move(s);
        ++said->calls;
    }
    [[nodiscard]] bool done() const { return said->calls > 0; }
    [[nodiscard]] tusk::subscription& get() const { return said->s; }

    struct what {
        int calls = 0;
        std::error_code ec;
        tusk::subscription s;
    };
    std::shared_ptr<what> said = std::make_shared<what>();
};

inline listening listen(client& c, const std::string& channel)
{
    listening l;
    c.db.async_listen(channel, l);
    return l;
}

inline received receive(tusk::subscription& s)
{
    received r;
    s.async_receive(r);
    return r;
}

inline const std::string listened = joined(first_done("LISTEN"));

/// The statement of a Parse.
inline std::string text_of(const std::vector<message>& sent)
{
    const std::string& body = sent.at(0).body;
    return body.substr(1, body.find('\0', 1) - 1); // behind the name of the unnamed statement
}

} // namespace scripted
