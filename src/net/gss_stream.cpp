// Distributed under the Boost Software License, Version 1.0.
#include "net/gss_stream.hpp"

#include <tusk/error.hpp>

#include <algorithm>
#include <cstring>
#include <new>

namespace tusk::net {

namespace {

constexpr std::size_t length_size = 4;
/// Of a packet with its length, as PostgreSQL limits it for both sides.
constexpr std::size_t largest_packet = 16 * 1024;
/// Plain bytes that are encrypted at a time, when a request is huge.
constexpr std::size_t write_piece = 128 * 1024;

void put_length(std::byte* to, std::size_t n) noexcept
{
    for (std::size_t i = 0; i != length_size; ++i)
        to[i] = static_cast<std::byte>(n >> (8 * (length_size - 1 - i)) & 0xff);
}

} // namespace

gss_stream::gss_stream(std::shared_ptr<auth::gss_client> context)
    : context_(std::move(context))
    , in_(2 * largest_packet)
    , most_(context_->room_in(largest_packet - length_size))
{
    if (most_ == 0) fail(errc::gssapi_failed, context_->reason());
}

void gss_stream::fail(std::error_code ec, std::string reason)
{
    error_ = ec;
    reason_ = std::move(reason);
}

/// Not empty: what is left over is less than one packet, else it would be readable.
std::span<std::byte> gss_stream::room() noexcept
{
    if (begin_ != 0) {
        std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
    }
    return std::span(in_).subspan(end_);
}

void gss_stream::received(std::size_t n, std::error_code ec) noexcept
{
    end_ += n;
    if (ec && !error_) error_ = ec;
}

std::span<const std::byte> gss_stream::outgoing() noexcept
{
    if (sent_ == sending_.size()) {
        sending_.clear();
        sent_ = 0;
    }
    return std::span<const std::byte>(sending_).subspan(sent_);
}

/// Of the first packet without its length; 0: its length has not come yet.
std::size_t gss_stream::packet_size() const noexcept
{
    if (end_ - begin_ < length_size) return 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i != length_size; ++i) n = n << 8 | std::to_integer<std::size_t>(in_[begin_ + i]);
    return n;
}

bool gss_stream::readable() const noexcept
{
    if (taken_ != plain_.size() || error_) return true;
    const std::size_t here = end_ - begin_;
    const std::size_t size = packet_size();
    return here >= length_size &&
           (size == 0 || size > largest_packet - length_size || here - length_size >= size);
}

/// False: there is no whole packet, or it is none.
bool gss_stream::unwrap_next()
{
    const std::size_t here = end_ - begin_;
    if (here < length_size || reason_.size() != 0) return false;
    const std::size_t size = packet_size();
    if (size == 0 || size > largest_packet - length_size) {
        fail(errc::gssapi_failed, "the server sent an encrypted packet of " + std::to_string(size) +
                                      " bytes, which is not allowed");
        return false;
    }
    if (here - length_size < size) return false;
    plain_.clear();
    taken_ = 0;
    if (!context_->unwrap(std::span<const std::byte>(in_).subspan(begin_ + length_size, size), plain_)) {
        fail(errc::gssapi_failed, context_->reason());
        return false;
    }
    begin_ += length_size + size;
    return true;
}

std::size_t gss_stream::read(std::span<std::byte> to, std::error_code& ec) noexcept
try {
    std::size_t all = 0;
    do {
        const std::size_t n = std::min(to.size() - all, plain_.size() - taken_);
        if (n != 0) std::memcpy(to.data() + all, plain_.data() + taken_, n);
        taken_ += n;
        all += n;
    } while (all < to.size() && unwrap_next());
    if (all == 0) ec = error_;
    return all;
} catch (const std::bad_alloc&) {
    error_ = make_error_code(std::errc::not_enough_memory);
    ec = error_;
    return 0;
}

void gss_stream::write(std::span<const std::byte> from, std::error_code& ec)
{
    if (written_ != 0) return;
    from = from.first(std::min(from.size(), write_piece));
    const std::size_t whole = from.size();
    while (!from.empty()) {
        const auto piece = from.first(std::min(from.size(), most_));
        const std::size_t at = sending_.size();
        sending_.resize(at + length_size);
        if (piece.empty() || !context_->wrap(piece, sending_)) {
            if (!error_) fail(errc::gssapi_failed, context_->reason());
            ec = error_;
            return;
        }
        put_length(sending_.data() + at, sending_.size() - at - length_size);
        from = from.subspan(piece.size());
    }
    written_ = whole;
}

} // namespace tusk::net
