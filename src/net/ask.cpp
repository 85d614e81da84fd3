// Distributed under the Boost Software License, Version 1.0.
#include "net/ask.hpp"

#include <tusk/error.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace tusk::net {

namespace {

using secret = session::startup::secret;

/// One question to the user's function. The answer may come on any thread, twice, or after the question was given up.
class question : public std::enable_shared_from_this<question> {
public:
    explicit question(asio::any_io_executor executor)
        : executor_(std::move(executor))
    {
    }

    void answer(std::error_code ec, std::string text)
    {
        const auth::wipe_guard guard(text.data(), text.size());
        const std::lock_guard lock(lock_);
        if (!open_) return;
        open_ = false;
        answer_.emplace();
        answer_->ec = ec;
        if (!ec) answer_->secret = auth::secret_string(text);
        // under the lock: who gives up waits for it, and only then may the execution context go
        asio::post(executor_, [self = shared_from_this()] { self->wake(); });
    }

    /// Nobody waits any more.
    void give_up() noexcept
    {
        const std::lock_guard lock(lock_);
        open_ = false;
        waiting_ = nullptr;
        answer_.reset();
        executor_ = {}; // the user's function may keep this longer than the execution context lives
    }

    [[nodiscard]] std::optional<credential> take()
    {
        const std::lock_guard lock(lock_);
        return std::exchange(answer_, std::nullopt);
    }

    /// The socket that waits for the answer; the executor's business alone.
    void wait_at(transport::socket_type& socket) noexcept { waiting_ = &socket; }

private:
    void wake() noexcept
    {
        std::error_code ignored;
        if (waiting_) std::exchange(waiting_, nullptr)->cancel(ignored);
    }

    asio::any_io_executor executor_;
    std::mutex lock_;
    bool open_ = true;
    std::optional<credential> answer_;
    transport::socket_type* waiting_ = nullptr;
};

class giving_up {
public:
    explicit giving_up(std::shared_ptr<question> q) noexcept
        : question_(std::move(q))
    {
    }
    giving_up(const giving_up&) = delete;
    giving_up& operator=(const giving_up&) = delete;
    ~giving_up() { question_->give_up(); }

private:
    std::shared_ptr<question> question_;
};

void describe(credential_request& to, const session::login& who, bool encrypted)
{
    to.host = who.host;
    to.port = who.port;
    to.user = who.user;
    to.database = who.database;
    to.encrypted = encrypted;
}

/// Hands the question over. False: the function threw.
[[nodiscard]] bool put(const std::shared_ptr<question>& q, secret what, const session::login& who,
                       bool encrypted, const connection_options& options)
try {
    const credential_handler done = [q](std::error_code ec, std::string text) {
        q->answer(ec, std::move(text));
    };
    if (what == secret::password) {
        credential_request r;
        describe(r, who, encrypted);
        options.password_provider(r, done);
    } else {
        oauth_request r;
        describe(r, who, encrypted);
        r.issuer = who.oauth.issuer;
        r.client_id = who.oauth.client_id;
        r.client_secret = who.oauth.client_secret.str();
        r.scope = who.oauth.scope;
        r.discovery_url = who.oauth.discovery_url;
        const auth::wipe_guard guard(r.client_secret.data(), r.client_secret.size());
        options.token_provider(r, done);
    }
    return true;
} catch (...) { // what it says may hold a secret
    return false;
}

[[nodiscard]] const char* name_of(secret what) noexcept
{
    return what == secret::password ? "password_provider" : "token_provider";
}

} // namespace

asio::awaitable<credential> ask(transport& stream, const session::startup& machine,
                                const connection_options& options)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto q = std::make_shared<question>(executor);
    const giving_up at_the_end(q);
    credential result;
    if (!put(q, machine.wanted(), machine.who(), stream.is_encrypted(), options)) {
        result.ec = errc::credentials_missing;
        result.sentence = std::string(name_of(machine.wanted())) + " threw an exception";
        co_return result;
    }
    auto answer = q->take();
    if (!answer) {
        q->wait_at(stream.socket());
        std::error_code ec;
        co_await stream.socket().async_wait(transport::socket_type::wait_error,
                                            asio::redirect_error(asio::use_awaitable, ec));
        answer = q->take();
        if (!answer) {
            result.lost = true;
            result.ec = ec ? ec : make_error_code(errc::connection_lost);
            co_return result;
        }
    }
    result = std::move(*answer);
    if (result.ec)
        result.sentence = std::string(name_of(machine.wanted())) + " gave none: " + result.ec.message();
    co_return result;
}

} // namespace tusk::net
