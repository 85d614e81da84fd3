// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/endian.hpp"

#include <tusk/detail/block.hpp>
#include <tusk/diagnostics.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

namespace tusk::wire {

/// A whole message. Its header (Byte1 type, Int32 length) lies in the same block, in the five bytes before
/// the body, and the next message of the block follows the body at once.
struct frame {
    char type = 0;
    std::span<const std::byte> body;
};

enum class framing { message, need_more, violation };

struct inbox_limits {
    /// The largest length field that is taken.
    std::size_t max_message = (std::size_t{1} << 30) - 1;
    /// Before it, no message may be longer than `max_short_message`.
    bool authenticated = false;
};

/// The largest length field of a message that is short by nature. DataRow, CopyData, RowDescription,
/// FunctionCallResponse, ErrorResponse, NoticeResponse, NotificationResponse and ParameterDescription may be
/// longer.
inline constexpr std::size_t max_short_message = 30'000;

/// Cuts received bytes into messages, without copying them out of the block that they were read into.
///
/// A block that somebody retains is never written over, only behind its last byte; one that nobody retains is
/// used again in place. Memory grows geometrically with the bytes received, whatever length a message
/// declares.
class inbox {
public:
    static constexpr std::size_t default_block_size = 32 * 1024;

    explicit inbox(std::size_t block_size = default_block_size) noexcept;

    /// Room for the next read, never empty. Throws std::bad_alloc, and is then as it was before.
    [[nodiscard]] std::span<std::byte> prepare();
    /// `n` bytes were read into the span of prepare().
    void commit(std::size_t n) noexcept;

    /// The next message. It stays valid until the next prepare(), or as long as somebody retains block().
    [[nodiscard]] framing next(frame& out)
    {
        const std::size_t received = end_ - begin_;
        if (received < header_size) return error_ ? framing::violation : framing::need_more;
        const std::byte* header = block_->data() + begin_;
        const auto type = static_cast<char>(header[0]);
        const std::size_t length = load<std::uint32_t>(header + 1);
        if (length < short_least_ || length > short_limit_) [[unlikely]] {
            if (!acceptable(type, length)) return framing::violation;
        }
        if (received < length + 1) return framing::need_more;
        out.type = type;
        out.body = {header + header_size, length - 4};
        begin_ += length + 1;
        if (length >= largest_) largest_ = length + 1;
        return framing::message;
    }

    /// The block that holds the frame given last; null before the first prepare().
    [[nodiscard]] const detail::block_ptr& block() const noexcept { return block_; }

    /// After framing::violation: errc::protocol_violation or errc::message_too_large.
    [[nodiscard]] std::error_code error() const noexcept { return error_; }
    /// After framing::violation: names the message's type and length.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

    /// How many received bytes were not yet given out.
    [[nodiscard]] std::size_t buffered() const noexcept { return end_ - begin_; }
    /// These bytes: what a peer that does not speak the protocol (version 3) sent. After a violation more may
    /// be read as usual; the caller then bounds it. Valid until the next prepare().
    [[nodiscard]] std::span<const std::byte> pending() const noexcept
    {
        if (!block_) return {};
        return {block_->data() + begin_, end_ - begin_};
    }

    void set_limits(const inbox_limits& limits) noexcept;

private:
    static constexpr std::size_t header_size = 5;

    [[nodiscard]] bool acceptable(char type, std::size_t length);
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] std::size_t block_target() const noexcept;
    void start_over(std::size_t room);
    void move_message(std::size_t received, std::size_t whole);
    void adopt(std::size_t capacity);

    detail::block_ptr block_;
    std::size_t begin_ = 0;  // of the first message not given out
    std::size_t end_ = 0;    // of the received bytes
    std::size_t block_size_; // what a block has as long as nothing asks for more
    // Between these two a length needs no look at the message's type, nor at error_: then none is between them.
    std::size_t short_least_ = 8;
    std::size_t short_limit_ = max_short_message;
    std::size_t largest_ = 0;  // message since the block was last used again in place
    std::size_t received_ = 0; // bytes since then
    inbox_limits limits_;
    std::error_code error_;
    diagnostics diag_;
};

} // namespace tusk::wire
