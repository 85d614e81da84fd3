// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk.hpp>

#include <asio/awaitable.hpp>

#include <string>

/// The parts of the demo, in their order. Each prints what it found, and throws where that is not right.
namespace demo {

inline constexpr int account_count = 100'000;
inline constexpr int select_count = 10'000;

asio::awaitable<void> introduce(tusk::connection& db, std::string where);
asio::awaitable<void> fill(tusk::connection& db);
asio::awaitable<void> typed(tusk::connection& db);
asio::awaitable<void> point_selects(tusk::connection& db);
asio::awaitable<void> violation(tusk::connection& db);
asio::awaitable<void> dynamic(tusk::connection& db);

} // namespace demo
