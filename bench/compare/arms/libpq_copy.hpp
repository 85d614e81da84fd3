// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/arm.hpp"

#include <memory>

namespace bench {

/// COPY by libpq: a row is made by hand, and given to PQputCopyData, or taken from PQgetCopyData.
[[nodiscard]] std::unique_ptr<arm> make_libpq_copy(const job& j);

} // namespace bench
