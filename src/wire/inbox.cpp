// Distributed under the Boost Software License, Version 1.0.
#include "wire/inbox.hpp"

#include "wire/backend.hpp"

#include <tusk/error.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace tusk::wire {
namespace {

constexpr std::size_t smallest_block = 256;
constexpr std::size_t least_length = 4;             // the length field counts itself
constexpr std::size_t greatest_length = 0x7fffffff; // it is an Int32
constexpr std::size_t least_error_length = 8;

bool may_be_long(char type) { return std::string_view("DdTVENAt").find(type) != std::string_view::npos; }

std::string sentence(char type, std::size_t length)
{
    std::string text = "the server sent ";
    text += message_name(type);
    text += " with a length of ";
    // Shown as the protocol has it: an Int32.
    text += std::to_string(static_cast<std::int32_t>(static_cast<std::uint32_t>(length)));
    return text;
}

} // namespace

inbox::inbox(std::size_t block_size) noexcept
    : block_size_(std::max(block_size, smallest_block))
{
}

void inbox::set_limits(const inbox_limits& limits) noexcept
{
    limits_ = limits;
    limits_.max_message = std::clamp(limits.max_message, least_length, greatest_length);
    short_limit_ = std::min(limits_.max_message, max_short_message);
    if (!error_) short_least_ = limits.authenticated ? least_length : least_error_length;
}

bool inbox::acceptable(char type, std::size_t length)
{
    if (error_) return false;
    auto refuse = [&](errc why, std::string rule) {
        diag_ = diagnostics::client(sentence(type, length) + rule);
        error_ = why;
        short_least_ = greatest_length + 1; // no length goes unseen any more
        return false;
    };
    if (length < least_length || length > greatest_length)
        return refuse(errc::protocol_violation, ", which no message can have");
    // Before protocol 3 an error was 'E' and text without a length: what looks like a length then is none.
    if (!limits_.authenticated && type == 'E' && length < least_error_length)
        return refuse(errc::protocol_violation, ", which no error message can have");
    if (length > max_short_message && (!limits_.authenticated || !may_be_long(type)))
        return refuse(errc::protocol_violation,
                      limits_.authenticated ? ", which this message cannot have"
                                            : ", which no message before the end of the login can have");
    if (length > limits_.max_message)
        return refuse(errc::message_too_large,
                      ", more than max_message_size = " + std::to_string(limits_.max_message));
    return true;
}

/// How long the message at begin_ is with its type byte; 0 when that is not known, or it is no message.
std::size_t inbox::wanted() const noexcept
{
    if (error_ || end_ - begin_ < header_size) return 0;
    const std::size_t length = load<std::uint32_t>(block_->data() + begin_ + 1);
    return length <= limits_.max_message ? length + 1 : 0;
}

/// Where messages are large against a block, its end is often lost to a message that did not fit and moved
/// on. So blocks are to hold eight of the largest, yet be small against what was received.
std::size_t inbox::block_target() const noexcept
{
    const std::size_t some = received_ / 8;
    return some / 8 <= largest_ ? std::max(some, block_size_) : std::max(largest_ * 8, block_size_);
}

void inbox::adopt(std::size_t capacity)
{
    detail::block_ptr fresh = detail::block_ptr::make(capacity);
    const std::size_t received = end_ - begin_;
    if (received != 0) std::memcpy(fresh->data(), block_->data() + begin_, received);
    block_ = std::move(fresh);
    begin_ = 0;
    end_ = received;
}

std::span<std::byte> inbox::prepare()
{
    if (!block_) adopt(block_size_);
    const std::size_t received = end_ - begin_;
    const std::size_t room = block_->capacity() - end_;
    if (received == 0) {
        start_over(room);
    } else {
        const std::size_t whole = wanted();
        const bool known = whole > received;
        const bool fits = known ? begin_ + whole <= block_->capacity() : room >= block_size_ / 16;
        const bool fill_first = known && begin_ == 0 && room != 0;
        if (!fits && !fill_first) move_message(received, known ? whole : 0);
    }
    return {block_->data() + end_, block_->capacity() - end_};
}

/// All received bytes were given out.
void inbox::start_over(std::size_t room)
{
    if (!block_.unique()) {
        if (room < block_size_ / 16) adopt(block_target());
        return;
    }
    begin_ = end_ = 0;
    received_ = largest_ = 0;
    // A stream of largish messages keeps its block, a huge one gives its memory back.
    if (block_->capacity() > block_size_ * 8) adopt(block_size_);
}

/// The message that has begun does not fit behind what lies before it. `whole` is 0 when its length is not
/// known.
void inbox::move_message(std::size_t received, std::size_t whole)
{
    const std::size_t capacity = block_->capacity();
    const bool fits = whole != 0 && whole <= capacity;
    if (block_.unique() && begin_ != 0 && (fits || received <= capacity / 2)) {
        std::memmove(block_->data(), block_->data() + begin_, received);
        begin_ = 0;
        end_ = received;
        return;
    }
    const std::size_t doubled = received * 2;
    adopt(std::max(block_target(), whole != 0 ? std::min(whole, doubled) : doubled));
}

void inbox::commit(std::size_t n) noexcept
{
    const std::size_t room = block_ ? block_->capacity() - end_ : 0;
    n = std::min(n, room);
    end_ += n;
    received_ += n;
}

} // namespace tusk::wire
