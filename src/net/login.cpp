// Distributed under the Boost Software License, Version 1.0.
#include "net/login.hpp"

#include "net/ask.hpp"
#include "net/gss_call.hpp"
#include "net/peer.hpp"
#include "net/send_all.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tusk::net {

namespace {

using verdict = session::startup::verdict;

/// Hashing goes on in slices of the usual iteration count, between which others have their turn.
constexpr std::uint32_t hash_slice = 4096;

/// What PostgreSQL may say first: Authentication, NegotiateProtocolVersion, ErrorResponse, NoticeResponse.
constexpr std::string_view first_letters = "RvEN";

class dialogue {
public:
    dialogue(transport& stream, session::login who, const connection_options& options, connect_steps& steps)
        : stream_(stream)
        , options_(options)
        , steps_(steps)
        , gss_(who.gss)
        , machine_(std::move(who))
        , inbox_(options.read_size)
    {
        inbox_.set_limits({.max_message = options.max_message_size, .authenticated = false});
    }

    asio::awaitable<attempt> run()
    {
        if (const std::string why = wrong_peer(); !why.empty()) co_return stranger(why);
        verdict v = machine_.start(out_);
        for (;;) {
            if (const std::error_code ec = co_await flush()) {
                attempt end = co_await hear_out(ec);
                co_return end;
            }
            std::optional<attempt> end;
            switch (v) {
            case verdict::ready:
                co_return logged_in();
            case verdict::failed:
                co_return refused();
            case verdict::hash:
                co_await hash(v);
                break;
            case verdict::ask:
                end = co_await ask_user(v);
                break;
            case verdict::gss:
                end = co_await ask_gss(v);
                break;
            case verdict::more:
                end = co_await receive(v);
                break;
            }
            if (end) co_return std::move(*end);
        }
    }

private:
    attempt logged_in()
    {
        machine_.server().address = address_of_peer(stream_);
        return {dialled{std::move(stream_), std::move(machine_.server()), std::move(inbox_)}, {}, {}, true};
    }

    // Each sets the next verdict, or gives the end of the attempt.

    asio::awaitable<void> hash(verdict& v)
    {
        v = machine_.hash(hash_slice, out_);
        if (v != verdict::hash) co_return;
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
    }

    asio::awaitable<std::optional<attempt>> ask_user(verdict& v)
    {
        credential c = co_await ask(stream_, machine_, options_);
        if (c.lost) co_return lost("waiting for a secret", c.ec);
        v = c.ec ? machine_.withhold(c.ec, std::move(c.sentence)) : machine_.give(std::move(c.secret), out_);
        co_return std::nullopt;
    }

    asio::awaitable<std::optional<attempt>> ask_gss(verdict& v)
    {
        if (!gss_client_) gss_client_ = std::make_shared<auth::gss_client>(std::move(gss_));
        const gss_called called = co_await call_gss(stream_.socket(), gss_client_, machine_.gss_input());
        if (called.interrupted) co_return lost("waiting for GSSAPI", called.interrupted);
        v = machine_.answer_gss(called.answer, out_);
        co_return std::nullopt;
    }

    /// One message, or more bytes of it.
    asio::awaitable<std::optional<attempt>> receive(verdict& v)
    {
        bool waiting = false;
        v = next(waiting, false);
        if (!waiting) {
            tell_steps();
            co_return std::nullopt;
        }
        std::error_code ec;
        const std::size_t n =
            co_await stream_.async_read_some(inbox_.prepare(), asio::redirect_error(asio::use_awaitable, ec));
        inbox_.commit(n);
        if (!ec) co_return std::nullopt;
        v = next(waiting, true);
        if (waiting || v == verdict::more) co_return lost("receiving", ec);
        co_return std::nullopt;
    }

    /// Nothing can be sent any more. Why may be here to be read: an error, or in TLS 1.3 what is wrong with our certificate.
    asio::awaitable<attempt> hear_out(std::error_code broken)
    {
        std::optional<attempt> end;
        verdict v = verdict::more;
        while (!end && v == verdict::more) {
            end = co_await receive(v);
            wipe(); // what would be answered
        }
        if (end && end->ec == errc::tls_failed) co_return std::move(*end);
        if (!end && v == verdict::failed) co_return refused();
        co_return lost("sending", broken);
    }

    /// Feeds the machine what has come. `waiting`: there is no whole message.
    verdict next(bool& waiting, bool ended)
    {
        const auto pending = inbox_.pending();
        if (!machine_.heard() && !pending.empty() &&
            first_letters.find(static_cast<char>(pending.front())) == std::string_view::npos)
            return machine_.refuse(pending, ended);
        wire::frame f;
        switch (inbox_.next(f)) {
        case wire::framing::message:
            if (stream_.tracer()) stream_.tracer()->received(f);
            return machine_.feed(f, out_);
        case wire::framing::need_more:
            waiting = true;
            return verdict::more;
        case wire::framing::violation:
            break;
        }
        const verdict v = machine_.refuse(pending, ended);
        waiting = v == verdict::more;
        return v;
    }

    /// What the last message has led to.
    void tell_steps()
    {
        using step = enum connect_event::step;
        const bool accepted = machine_.authenticated();
        const std::string_view method = machine_.server().authentication;
        if (!told_method_ && (accepted || method != "trust")) {
            told_method_ = true;
            steps_.tell(step::authentication, method);
        }
        if (!told_accepted_ && accepted) {
            told_accepted_ = true;
            steps_.tell(step::authenticated);
        }
    }

    /// To who traces. The first message has no type.
    void show_output() noexcept
    {
        wire::tracer* const tracer = stream_.tracer();
        if (!tracer || out_.empty()) return;
        if (std::exchange(started_, true))
            tracer->sent(out_.bytes());
        else
            tracer->sent_untyped(out_.bytes());
    }

    asio::awaitable<std::error_code> flush()
    {
        show_output();
        const std::error_code ec = co_await send_all(stream_, out_.bytes());
        wipe();
        co_return ec;
    }

    /// The output may hold a password.
    void wipe() noexcept
    {
        if (!out_.empty()) auth::wipe(out_.data(), out_.size());
        out_.clear();
    }

    attempt lost(const char* doing, std::error_code ec)
    {
        const std::string how =
            ec == asio::error::eof ? "the server closed the connection" : stream_.explain(ec);
        return {
            {},
            ec == asio::error::eof ? make_error_code(errc::connection_lost) : ec,
            diagnostics::client(std::string(doing) + " during start-up failed: " + how, outcome::not_sent),
            false};
    }

    /// requirepeer, before a byte is sent: why the server is not to be spoken to.
    [[nodiscard]] std::string wrong_peer()
    {
        const std::string& wanted = machine_.who().require_peer;
        if (wanted.empty()) return {};
        std::error_code ec;
        const std::string owner = owner_of_peer(stream_, ec);
        if (owner == wanted) return {};
        if (ec) return "requirepeer: who runs the server cannot be told: " + ec.message();
        if (owner.empty()) return "requirepeer is " + wanted + ", but the server's user has no name here";
        return "requirepeer is " + wanted + ", but the server runs as " + owner;
    }

    [[nodiscard]] static attempt stranger(const std::string& why)
    {
        return {{}, errc::peer_mismatch, diagnostics::client(why, outcome::not_sent), true};
    }

    attempt refused()
    {
        const bool starting_up =
            machine_.error() == sqlstate::cannot_connect_now && !machine_.authenticated();
        const bool no_server =
            machine_.error() == errc::not_postgresql || machine_.error() == errc::protocol_violation;
        return {{},
                machine_.error(),
                machine_.diag().with_outcome(outcome::not_sent),
                !starting_up && !no_server,
                !starting_up && !machine_.diag().severity().empty() && !machine_.authenticated()};
    }

    transport& stream_;
    const connection_options& options_;
    connect_steps& steps_;
    bool started_ = false;
    bool told_method_ = false;
    bool told_accepted_ = false;
    auth::gss_target gss_;
    std::shared_ptr<auth::gss_client> gss_client_; // its thread may outlive this object
    session::startup machine_;
    wire::inbox inbox_;
    wire::buffer out_;
};

} // namespace

asio::awaitable<attempt> log_in(transport& stream, session::login who, const connection_options& options,
                                connect_steps& steps)
{
    dialogue d(stream, std::move(who), options, steps);
    attempt result = co_await d.run();
    co_return result;
}

} // namespace tusk::net
