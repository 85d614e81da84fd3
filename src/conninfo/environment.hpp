// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace tusk::conn {

/// A file as `environment::read_file` found it.
struct file_content {
    enum class state { missing, unreadable, not_regular, too_large, read };

    state status = state::missing;
    unsigned mode = 0; ///< permission bits as POSIX has them, e.g. 0600
    std::string text;
};

/// What resolving reads of the world, so that tests need no real one. An empty function finds nothing.
struct environment {
    std::function<std::optional<std::string>(const std::string& name)> variable;
    std::function<std::string()> home_directory; ///< empty when unknown
    std::function<std::string()> user_name;      ///< of the operating system's user; empty when unknown
    std::function<file_content(const std::string& path)> read_file;
    std::function<bool(const std::string& path)> is_directory;
};

/// The real one of this process.
[[nodiscard]] environment process_environment();

} // namespace tusk::conn
