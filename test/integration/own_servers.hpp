// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>

namespace tusk_test {

/// A primary of the test's own, of the version of the_server(), and its standby: for what would disturb other tests.
class own_servers {
public:
    /// Starts the primary.
    own_servers();
    own_servers(const own_servers&) = delete;
    own_servers& operator=(const own_servers&) = delete;
    /// Stops both.
    ~own_servers();

    /// Starts the standby, or again. `options`: more of postgres' options.
    void start_standby(const std::string& options = {});
    /// Stops the primary and starts it again, on the same port.
    void restart_primary();
    /// Returns when its process is gone.
    void stop_primary();

    [[nodiscard]] const std::string& primary() const noexcept { return primary_; } ///< its port
    [[nodiscard]] const std::string& standby() const noexcept { return standby_; } ///< the same

private:
    void remove() noexcept;

    std::string dir_;
    std::string primary_, standby_;
    int pid_ = 0;
};

} // namespace tusk_test
