// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/credentials.hpp"

#include "auth/base64.hpp"
#include "auth/secret_string.hpp"
#include "conninfo/model.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tusk::conn {
namespace {

constexpr std::size_t key_size = 32; // of SHA-256
constexpr std::string_view well_known = "/.well-known/";

failure read_key(const conninfo& merged, key which, secret& out)
{
    const std::string_view text = access::get(merged, which);
    if (text.empty()) return {};
    std::vector<std::byte> bytes;
    const bool good = auth::base64_decode(text, bytes) && bytes.size() == key_size;
    if (good) out = secret(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    auth::wipe(bytes.data(), bytes.size());
    if (good) return {};
    return failure::invalid(label(merged, which) + " is not base64 of 32 bytes");
}

} // namespace

failure read_scram_keys(const conninfo& merged, scram_key_pair& out)
{
    if (failure why = read_key(merged, "scram_client_key", out.client)) return why;
    return read_key(merged, "scram_server_key", out.server);
}

void read_oauth(const conninfo& merged, oauth_settings& out)
{
    const std::string_view issuer = access::get(merged, "oauth_issuer");
    out.issuer = issuer.substr(0, issuer.find(well_known));
    out.client_id = access::get(merged, "oauth_client_id");
    out.client_secret = secret(access::get(merged, "oauth_client_secret"));
    out.scope = access::get(merged, "oauth_scope");
    if (issuer.empty()) return;
    out.discovery_url = out.issuer.size() != issuer.size()
                            ? std::string(issuer)
                            : out.issuer + std::string(well_known) + "openid-configuration";
}

} // namespace tusk::conn
