// Distributed under the Boost Software License, Version 1.0.
#include <tusk/cancel_token.hpp>

#include "net/connection_core.hpp"

namespace tusk {

void cancel_token::cancel() const noexcept
{
    if (const auto alive = connection_.lock()) alive->cancel_all();
}

} // namespace tusk
