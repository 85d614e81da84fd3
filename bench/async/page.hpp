// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/results.hpp"

#include <filesystem>
#include <string>

namespace async_bench {

/// What to know about a run beside its numbers.
struct run_facts {
    std::string server;  ///< version
    std::string cores;   ///< who ran where
    std::string command; ///< that repeats it
    bool quick = false;
};

/// Writes report.md, with all tables, and the plots into a folder.
void write_report(const std::filesystem::path& folder, const results& all, const run_facts& facts);

/// Puts the tables between their marks in a page, `<!-- table: NAME -->` and `<!-- end of table -->`, and the
/// plots of `folder` into a folder beside the page that has its name. What was not measured stays as it is.
void renew_page(const std::filesystem::path& page, const std::filesystem::path& folder, const results& all,
                const run_facts& facts);

} // namespace async_bench
