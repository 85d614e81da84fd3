// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "libpq.hpp"

#include <tusk/conninfo.hpp>

#include <map>
#include <string>
#include <vector>

namespace tusk::test {

/// A directory of its own as home, and no variable that means anything to libpq but those that are set here.
class stage {
public:
    stage();
    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;
    ~stage();

    /// Relative to the home directory.
    void file(const std::string& name, const std::string& text, unsigned mode = 0600);
    void variable(const std::string& name, const std::string& value);
    void clear(); ///< all variables and files

    [[nodiscard]] std::string path(const std::string& name) const { return home_ + '/' + name; }

private:
    std::string home_;
    std::vector<std::string> variables_, files_;
};

/// What tusk makes of the same.
[[nodiscard]] verdict ask_tusk(const std::string& text);
[[nodiscard]] verdict complete_by_tusk(const conninfo& info);

/// In which way the two differ, in a sentence; empty when they agree.
[[nodiscard]] std::string difference(const verdict& libpq, const verdict& tusk);

/// The difference is one that docs/conninfo.md lists.
[[nodiscard]] bool different_on_purpose(const verdict& libpq, const verdict& tusk);

} // namespace tusk::test
