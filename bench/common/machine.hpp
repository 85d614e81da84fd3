// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>

namespace bench {

/// For reports: "AMD EPYC, 2 cores, 8 GB".
[[nodiscard]] std::string machine();
/// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0".
[[nodiscard]] std::string operating_system();
/// "GCC 12.2.0, release build".
[[nodiscard]] std::string compiler();
/// "2025-01-31".
[[nodiscard]] std::string today();

} // namespace bench
