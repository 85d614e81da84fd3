// Distributed under the Boost Software License, Version 1.0.
#include "auth/md5.hpp"

#include "auth/secret_string.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace tusk::auth {

namespace {

using md5_hex = std::array<char, 32>;

std::span<const std::byte> bytes_of(std::string_view text) noexcept
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

bool md5(std::initializer_list<std::span<const std::byte>> parts, md5_hex& out)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) != 1) return false;
    for (const auto part : parts)
        if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) return false;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    const wipe_guard guard(digest.data(), digest.size());
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1 || size * 2 != out.size()) return false;
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = "0123456789abcdef"[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
    return true;
}

} // namespace

std::string md5_password(std::string_view user, std::string_view password, std::span<const std::byte, 4> salt)
{
    md5_hex inner{}; // as good as the password: it is what the server stores
    const wipe_guard guard(inner.data(), inner.size());
    md5_hex outer{};
    if (!md5({bytes_of(password), bytes_of(user)}, inner)) return {};
    if (!md5({bytes_of({inner.data(), inner.size()}), salt}, outer)) return {};
    return "md5" + std::string(outer.data(), outer.size());
}

} // namespace tusk::auth
