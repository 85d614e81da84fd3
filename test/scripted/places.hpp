// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// Names and ports that behave as networks do on a bad day. This program's getaddrinfo() knows these names and leaves all
/// others to the system.
namespace scripted {

/// A name with these numeric addresses, in this order, as long as the object lives.
class known_name {
public:
    explicit known_name(std::vector<std::string> addresses);
    known_name(const known_name&) = delete;
    known_name& operator=(const known_name&) = delete;
    ~known_name();
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    std::string name_;
};

/// A name whose look-up does not come to an end before the object does; it then finds nothing.
class hanging_name {
public:
    hanging_name();
    hanging_name(const hanging_name&) = delete;
    hanging_name& operator=(const hanging_name&) = delete;
    ~hanging_name() { release(); }
    void release();
    /// The system has been asked.
    void wait_until_asked() const;
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    std::string name_;
};

/// A port that neither accepts nor refuses: others fill its queue, so that the system drops further requests.
class silent_port {
public:
    /// On any port, or on the one of another address.
    explicit silent_port(const std::string& address = "127.0.0.1", const std::string& port = "0");
    silent_port(const silent_port&) = delete;
    silent_port& operator=(const silent_port&) = delete;
    ~silent_port();
    [[nodiscard]] const std::string& port() const noexcept { return port_; }

private:
    int listener_;
    int filler_;
    std::string port_;
};

/// What a process holds that could be left behind.
struct belongings {
    std::size_t files = 0;
    std::size_t threads = 0;
};
[[nodiscard]] belongings count_belongings();
/// As many files as before and no more threads. A thread that has been joined may be seen for a moment longer.
void expect_belongings(const belongings& before);

} // namespace scripted
