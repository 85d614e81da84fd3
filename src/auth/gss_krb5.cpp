// Distributed under the Boost Software License, Version 1.0.
// GSSAPI by MIT Kerberos; gss_absent.cpp stands for it in a build without.
#include "auth/gss_client.hpp"

#include <tusk/error.hpp>

#include <limits>
#include <utility>

#include <gssapi/gssapi.h>

namespace tusk::auth {

namespace {

/// A buffer that the library has filled.
struct owned_buffer {
    gss_buffer_desc raw = GSS_C_EMPTY_BUFFER;
    owned_buffer() = default;
    owned_buffer(const owned_buffer&) = delete;
    owned_buffer& operator=(const owned_buffer&) = delete;
    ~owned_buffer()
    {
        OM_uint32 ignored = 0;
        gss_release_buffer(&ignored, &raw);
    }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return {static_cast<const std::byte*>(raw.value), raw.length};
    }
};

/// The library does not write through the pointer.
[[nodiscard]] gss_buffer_desc lent(std::span<const std::byte> bytes) noexcept
{
    return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

/// All that the library says of a status, "a; b".
[[nodiscard]] std::string words(OM_uint32 status, int kind)
{
    constexpr int most = 8; // it ends by itself; that nobody can make it go on is our affair
    std::string all;
    OM_uint32 position = 0;
    for (int i = 0; i != most; ++i) {
        owned_buffer text;
        OM_uint32 minor = 0;
        if (GSS_ERROR(gss_display_status(&minor, status, kind, GSS_C_NO_OID, &position, &text.raw))) break;
        if (!all.empty()) all += "; ";
        all.append(static_cast<const char*>(text.raw.value), text.raw.length);
        if (position == 0) break;
    }
    return all;
}

[[nodiscard]] std::string sentence(const char* doing, OM_uint32 major, OM_uint32 minor)
{
    std::string text = std::string(doing) + ": " + words(major, GSS_C_GSS_CODE);
    if (minor != 0) text += ": " + words(minor, GSS_C_MECH_CODE);
    return text;
}

[[nodiscard]] gss_answer failed(std::error_code ec, std::string reason)
{
    return {.now = gss_answer::step::failed, .token = {}, .ec = ec, .reason = std::move(reason)};
}

} // namespace

struct gss_client::context {
    gss_ctx_id_t handle = GSS_C_NO_CONTEXT;
    gss_name_t name = GSS_C_NO_NAME;
    bool complete = false;

    context() = default;
    context(const context&) = delete;
    context& operator=(const context&) = delete;
    ~context()
    {
        OM_uint32 ignored = 0;
        if (handle != GSS_C_NO_CONTEXT) gss_delete_sec_context(&ignored, &handle, GSS_C_NO_BUFFER);
        if (name != GSS_C_NO_NAME) gss_release_name(&ignored, &name);
    }
};

bool gss_client::built() noexcept { return true; }

gss_client::gss_client(gss_target to)
    : to_(std::move(to))
    , context_(std::make_unique<context>())
{
}

gss_client::~gss_client() = default;

gss_answer gss_client::feed(std::span<const std::byte> token)
{
    OM_uint32 minor = 0;
    if (context_->complete) return failed(errc::gssapi_failed, "a token behind the last one");
    if (context_->name == GSS_C_NO_NAME) {
        if (to_.host.empty())
            return failed(errc::gssapi_failed, "GSSAPI needs the server's name: host must be given");
        const std::string name = to_.service + "@" + to_.host;
        gss_buffer_desc text = lent(std::as_bytes(std::span(name)));
        const OM_uint32 major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &context_->name);
        if (major != GSS_S_COMPLETE)
            return failed(errc::gssapi_failed,
                          sentence("the server's name is no name for GSSAPI", major, minor));
    }
    OM_uint32 flags = GSS_C_MUTUAL_FLAG;
    if (to_.encrypt) flags |= GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    const OM_uint32 demanded = flags;
    if (to_.delegate) flags |= GSS_C_DELEG_FLAG;
    gss_buffer_desc in = lent(token);
    owned_buffer out;
    OM_uint32 got = 0;
    const OM_uint32 major = gss_init_sec_context(
        &minor, GSS_C_NO_CREDENTIAL, &context_->handle, context_->name, GSS_C_NO_OID, flags, 0,
        GSS_C_NO_CHANNEL_BINDINGS, token.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out.raw, &got, nullptr);
    if (major != GSS_S_COMPLETE && major != GSS_S_CONTINUE_NEEDED)
        return failed(errc::gssapi_failed,
                      sentence(token.empty() ? "GSSAPI gives nothing to log in with"
                                             : "the server's answer does not satisfy GSSAPI",
                               major, minor));
    gss_answer answer{.now = gss_answer::step::more,
                      .token = {out.bytes().begin(), out.bytes().end()},
                      .ec = {},
                      .reason = {}};
    if (major == GSS_S_CONTINUE_NEEDED) return answer;
    if ((got & demanded) != demanded)
        return failed(errc::server_not_verified,
                      "GSSAPI would not let the server prove itself, or not protect the connection");
    context_->complete = true;
    answer.now = gss_answer::step::complete;
    return answer;
}

std::size_t gss_client::room_in(std::size_t packet)
{
    if (packet > std::numeric_limits<OM_uint32>::max()) return 0;
    OM_uint32 minor = 0, room = 0;
    const OM_uint32 major = gss_wrap_size_limit(&minor, context_->handle, 1, GSS_C_QOP_DEFAULT,
                                                static_cast<OM_uint32>(packet), &room);
    if (major == GSS_S_COMPLETE) return room;
    reason_ = sentence("GSSAPI cannot encrypt", major, minor);
    return 0;
}

bool gss_client::wrap(std::span<const std::byte> plain, std::vector<std::byte>& to)
{
    OM_uint32 minor = 0;
    int encrypted = 0;
    gss_buffer_desc in = lent(plain);
    owned_buffer out;
    const OM_uint32 major =
        gss_wrap(&minor, context_->handle, 1, GSS_C_QOP_DEFAULT, &in, &encrypted, &out.raw);
    if (major != GSS_S_COMPLETE || encrypted == 0) {
        reason_ = sentence("GSSAPI cannot encrypt", major, minor);
        return false;
    }
    to.insert(to.end(), out.bytes().begin(), out.bytes().end());
    return true;
}

bool gss_client::unwrap(std::span<const std::byte> packet, std::vector<std::byte>& to)
{
    OM_uint32 minor = 0;
    int encrypted = 0;
    gss_buffer_desc in = lent(packet);
    owned_buffer out;
    // A packet that came twice, late or out of order is no GSS_S_COMPLETE either.
    const OM_uint32 major = gss_unwrap(&minor, context_->handle, &in, &out.raw, &encrypted, nullptr);
    if (major != GSS_S_COMPLETE || encrypted == 0) {
        reason_ = major == GSS_S_COMPLETE ? "a packet came that was not encrypted"
                                          : sentence("a packet cannot be decrypted", major, minor);
        return false;
    }
    to.insert(to.end(), out.bytes().begin(), out.bytes().end());
    return true;
}

} // namespace tusk::auth
