// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "examination.hpp"

#include <iosfwd>

namespace doctor {

/// For people. `colour`: with the terminal's colours.
void report_text(const examination& seen, std::ostream& out, bool colour);

/// For machines: one JSON object.
void report_json(const examination& seen, std::ostream& out);

} // namespace doctor
