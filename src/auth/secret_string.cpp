// Distributed under the Boost Software License, Version 1.0.
#include "auth/secret_string.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

#include <openssl/crypto.h>

namespace tusk::auth {

void wipe(void* memory, std::size_t size) noexcept
{
    if (size != 0) OPENSSL_cleanse(memory, size);
}

secret_string::secret_string(std::string_view text)
{
    if (text.empty()) return;
    text_ = std::make_unique<char[]>(text.size() + 1);
    text.copy(text_.get(), text.size());
    size_ = text.size();
}

void secret_string::clear() noexcept
{
    wipe(text_.get(), size_);
    text_.reset();
    size_ = 0;
}

} // namespace tusk::auth
