// Distributed under the Boost Software License, Version 1.0.
// After a login the password is nowhere in this process's memory. No text of the test holds the password itself but
// while it connects: it is kept backwards, and so the server is told of it.
#include "integration/tls_support.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace {

/// Blocks that were given back while `keeping`: not to be used again before they have been looked at.
std::array<void*, 100'000> kept;
std::size_t kept_count = 0;
thread_local bool keeping = false;

} // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // which keep blocks themselves
extern "C" void __libc_free(void*) noexcept;
extern "C" void free(void* block) noexcept
{
    if (keeping && block && kept_count != kept.size())
        kept[kept_count++] = block;
    else
        __libc_free(block);
}
#endif

namespace tusk_test {
namespace {

/// While it lives, what stands in memory that is given back stays there: a copy is not hidden by its place being used
/// for something else.
class kept_memory {
public:
    kept_memory() { keeping = true; }
    kept_memory(const kept_memory&) = delete;
    kept_memory& operator=(const kept_memory&) = delete;
    ~kept_memory()
    {
        keeping = false;
        while (kept_count != 0) std::free(kept[--kept_count]);
    }
};

constexpr std::string_view backwards = "drowssap-detnaw-ton-si-hcihw-gnol-a-7-terceS";

/// The password where it is needed, overwritten at the end.
class shown {
public:
    shown()
        : text_(backwards.rbegin(), backwards.rend())
    {
    }
    shown(const shown&) = delete;
    shown& operator=(const shown&) = delete;
    ~shown() { OPENSSL_cleanse(text_.data(), text_.size()); }
    [[nodiscard]] std::string_view view() const noexcept { return text_; }

private:
    std::string text_;
};

/// Memory that was given back has the allocator's own notes at its front: only what is behind them is looked for.
constexpr std::size_t notes = 24;

bool holds(const char* at) noexcept
{
    for (std::size_t i = notes; i != backwards.size(); ++i)
        if (at[i] != backwards[backwards.size() - 1 - i]) return false;
    return true;
}

/// How often the password stands in the memory that this process can write to.
int copies_in_memory()
{
    static std::array<char, 1 << 20> window; // overlaps from one to the next, so that nothing is cut in two
    struct region {
        unsigned long from, to;
    };
    std::array<region, 4096> regions{};
    std::size_t count = 0;
    // nothing is allocated here: what is searched must not move meanwhile
    std::FILE* maps = std::fopen("/proc/self/maps", "r");
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    require(maps && memory >= 0, "this process's memory can be read");
    std::array<char, 1024> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), maps) && count != regions.size()) {
        region r{};
        std::array<char, 5> rights{};
        if (std::sscanf(line.data(), "%lx-%lx %4s", &r.from, &r.to, rights.data()) != 3) continue;
        if (rights[0] == 'r' && rights[1] == 'w') regions[count++] = r;
    }
    std::fclose(maps);
    int found = 0;
    for (std::size_t i = 0; i != count; ++i)
        for (unsigned long at = regions[i].from; at < regions[i].to;) {
            const std::size_t size = std::min<std::size_t>(window.size(), regions[i].to - at);
            const ssize_t n = ::pread(memory, window.data(), size, static_cast<off_t>(at));
            const std::size_t got = n > 0 ? static_cast<std::size_t>(n) : 0;
            const auto begin = reinterpret_cast<unsigned long>(window.data());
            for (std::size_t k = 0; k + backwards.size() <= got; ++k) {
                const unsigned long address = at + k;
                const bool own = address >= begin && address < begin + window.size();
                if (!own && holds(window.data() + k)) ++found;
            }
            OPENSSL_cleanse(window.data(), got);
            if (got < size || size < window.size()) break;
            at += size - backwards.size();
        }
    ::close(memory);
    return found;
}

/// A role of the given kind with the password, for as long as this object lives.
class role {
public:
    explicit role(const char* kind)
        : name_(unique_name("hush"))
    {
        // a warning about MD5 would come with the statement that it is about
        run(std::string("set client_min_messages = error; do $$ begin ") +
            (std::string_view(kind) == "tusk_md5" ? "set password_encryption = md5; " : "") +
            "execute format('create role %I login password %L in role " + kind + "', '" + name_ +
            "', reverse('" + std::string(backwards) + "')); end $$");
    }
    role(const role&) = delete;
    role& operator=(const role&) = delete;
    ~role() { run("drop role " + name_); }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    static void run(const std::string& sql)
    {
        run_loop([&]() -> asio::awaitable<void> {
            auto executor = co_await asio::this_coro::executor;
            tusk::connection db(executor);
            co_await db.async_connect(where());
            co_await db.async_script(sql);
            co_await db.async_close();
        });
    }

    std::string name_;
};

enum class given { in_string, in_conninfo, in_uri, by_provider };

/// Logs in, and looks while the session is open.
void expect_forgotten(const role& who, via route, given how, const std::string& more = {})
{
    const kept_memory all;
    asio::io_context ctx;
    tusk::connection_options options;
    if (how == given::by_provider)
        options.password_provider = [](const auto&, const tusk::credential_handler& done) {
            const shown password;
            done({}, std::string(password.view()));
        };
    tusk::connection db(ctx, options);
    std::error_code ec = tusk::errc::not_connected;
    std::string text;
    const auto done = [&](std::error_code e, const tusk::diagnostics& diag) {
        ec = e;
        text = diag.message();
    };
    {
        const shown password;
        std::string plain = where(who.name(), {}, route, more);
        if (how == given::in_string || how == given::in_uri) {
            std::string whole;
            whole.reserve(plain.size() + 100 + password.view().size());
            if (how == given::in_uri)
                whole.append("postgresql://")
                    .append(who.name())
                    .append(":")
                    .append(password.view())
                    .append("@127.0.0.1:" + the_server().port + "/tusk?sslmode=disable");
            else
                whole.append(plain).append(" password=").append(password.view());
            db.async_connect(std::string_view(whole), done);
            OPENSSL_cleanse(whole.data(), whole.size());
        } else {
            tusk::conninfo info = tusk::conninfo::parse(plain);
            if (how == given::in_conninfo) info.set("password", password.view());
            db.async_connect(std::move(info), done);
        }
    }
    while (ec == tusk::errc::not_connected && ctx.run_one() != 0) {
    }
    ASSERT_FALSE(ec) << text;
    EXPECT_EQ(copies_in_memory(), 0) << db.authentication_method();
    EXPECT_LT(kept_count, kept.size()) << "not everything was kept";
}

TEST(secrets, a_copy_would_be_found)
{
    ASSERT_EQ(copies_in_memory(), 0);
    {
        const shown one;
        EXPECT_EQ(copies_in_memory(), 1);
    }
    EXPECT_EQ(copies_in_memory(), 0);
    const kept_memory all;
    {
        const shown one;
        const std::string careless(one.view());
    }
    EXPECT_EQ(copies_in_memory(), 1);
    OPENSSL_cleanse(kept[0], backwards.size());
}

TEST(secrets, the_password_is_forgotten_after_the_login)
{
    for (const char* kind : {"tusk_password", "tusk_md5", "tusk_scram"}) {
        const role who(kind);
        for (const given how : {given::in_string, given::in_conninfo, given::by_provider}) {
            SCOPED_TRACE(std::string(kind) + ' ' + std::to_string(static_cast<int>(how)));
            expect_forgotten(who, via::unix_socket, how);
        }
    }
    const role who("tusk_scram");
    expect_forgotten(who, via::tcp, given::in_uri);
}

TEST(secrets, the_password_is_forgotten_also_under_tls)
{
    const tls_server lock;
    for (const char* kind : {"tusk_password", "tusk_tls"}) {
        const role who(kind);
        for (const char* version : {"TLSv1.2", "TLSv1.3"})
            expect_forgotten(who, via::tcp, given::in_conninfo,
                             std::string("sslmode=require ssl_max_protocol_version=") + version);
    }
}

} // namespace
} // namespace tusk_test
