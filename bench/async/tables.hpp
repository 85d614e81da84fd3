// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/page.hpp"

#include <string>
#include <utility>
#include <vector>

namespace async_bench {

struct named_table {
    std::string name; ///< in the marks
    std::string title;
    std::string text; ///< Markdown
};

/// All tables of which something was measured.
[[nodiscard]] std::vector<named_table> make_tables(const results& all, const run_facts& facts);

} // namespace async_bench
