// Distributed under the Boost Software License, Version 1.0.
// What stands for GSSAPI in a build without it; gss_krb5.cpp is the other.
#include "auth/gss_client.hpp"

#include <tusk/error.hpp>

#include <utility>

namespace tusk::auth {

struct gss_client::context {};

bool gss_client::built() noexcept { return false; }

gss_client::gss_client(gss_target to)
    : to_(std::move(to))
{
}

gss_client::~gss_client() = default;

gss_answer gss_client::feed(std::span<const std::byte>)
{
    return {.now = gss_answer::step::failed,
            .token = {},
            .ec = errc::authentication_unsupported,
            .reason =
                "GSSAPI is wanted, which this build of tusk does not have; the build option is TUSK_GSSAPI"};
}

std::size_t gss_client::room_in(std::size_t) { return 0; }
bool gss_client::wrap(std::span<const std::byte>, std::vector<std::byte>&) { return false; }
bool gss_client::unwrap(std::span<const std::byte>, std::vector<std::byte>&) { return false; }

} // namespace tusk::auth
