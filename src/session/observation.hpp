// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/request.hpp>
#include <tusk/request_event.hpp>

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace tusk::detail {

/// What is noted of a request for connection_options::on_request_event, which is told from here.
class observation {
public:
    using hook = std::function<void(const request_event&)>;

    observation(std::shared_ptr<const hook> tell, std::int32_t process_id) noexcept;
    observation(const observation&) = delete;
    observation& operator=(const observation&) = delete;

    /// `of` was made, and has `this` as its observation.
    void begin(const request& of) noexcept;
    /// `of` was written for the socket.
    void sent(const request& of, std::size_t bytes, bool cached) noexcept;
    /// More of it was, as of a COPY.
    void sent_more(std::size_t bytes) noexcept { bytes_sent_ += bytes; }
    /// A message of its answer.
    void received(const request& of, char type, std::span<const std::byte> body) noexcept;
    /// What was received counts for nothing: it will be sent again.
    void restart() noexcept;
    /// It ends with its `ec` and `diag`.
    void end(const request& of) noexcept;

private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] std::chrono::nanoseconds elapsed() const noexcept { return clock::now() - begun_; }
    void tell(enum request_event::step what, const request& of, std::error_code ec,
              const diagnostics& diag) noexcept;

    std::shared_ptr<const hook> tell_;
    std::any context_;
    clock::time_point begun_ = clock::now();
    std::optional<std::chrono::nanoseconds> sent_;
    std::optional<std::chrono::nanoseconds> first_answer_;
    std::uint64_t id_ = 0;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t bytes_received_ = 0;
    std::uint64_t rows_ = 0;
    std::uint64_t rows_affected_ = 0;
    std::int32_t process_id_;
    enum request_event::kind kind_ = request_event::kind::query;
    std::uint8_t resent_ = 0;
    bool cached_ = false;
};

} // namespace tusk::detail
