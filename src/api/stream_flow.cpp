// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/stream_flow.hpp>

#include <cstring>
#include <utility>

namespace tusk::detail {

namespace {

/// What may wait for the user, in bytes.
constexpr std::size_t most_waiting = 64 * 1024;

constexpr std::size_t header_size = 5; // Byte1 type, Int32 length

/// A copy of the rows that async_next has left of a piece.
[[nodiscard]] result rest_of(const columns_ptr& cols, result::iterator from, const result::iterator& to)
{
    std::size_t size = 0;
    for (result::iterator i = from; i != to; ++i) size += header_size + (*i).body().size();
    const block_ptr copy = block_ptr::make(size);
    result_builder rest;
    rest.begin(cols);
    std::byte* at = copy->data();
    for (; from != to; ++from) {
        const std::span<const std::byte> body = (*from).body();
        std::memcpy(at, body.data() - header_size, header_size + body.size());
        rest.row(copy, {at + header_size, body.size()});
        at += header_size + body.size();
    }
    rest.end({});
    return rest.take();
}

} // namespace

void stream_flow::begin(std::size_t part, const columns_ptr& cols) noexcept
try {
    if (!only(part, cols)) return;
    cols_ = cols;
    builder_.begin(cols);
} catch (...) {
    fail_with_current_exception();
}

bool stream_flow::row(const block_ptr& block, std::span<const std::byte> body) noexcept
try {
    if (!fits(body)) return false;
    any_ = true;
    if (ec || is_abandoned()) return true;
    builder_.row(block, body);
    bytes_ += body.size();
    if (op()) finish_op(); // it takes what has come by then
    holds_reading = bytes_ >= most_waiting;
    return true;
} catch (...) {
    fail_with_current_exception();
    return true;
}

void stream_flow::end(std::size_t part, std::string_view tag) noexcept
{
    if (part == 0) tag_ = command_tag(tag);
}

bool stream_flow::restart() noexcept
{
    if (any_) return false;
    builder_.reset();
    cols_ = nullptr;
    return true;
}

bool stream_flow::serve(request&) noexcept { return bytes_ != 0 || at_ != chunk_.end(); }

void stream_flow::drop() noexcept
{
    builder_.reset();
    bytes_ = 0;
}

result stream_flow::take_rows()
{
    result taken;
    if (at_ != chunk_.end()) {
        taken = rest_of(cols_, at_, chunk_.end());
        at_ = chunk_.end();
        return taken;
    }
    if (bytes_ == 0) return taken;
    builder_.end({});
    taken = builder_.take();
    builder_.begin(cols_);
    bytes_ = 0;
    if (std::exchange(holds_reading, false)) advance();
    return taken;
}

bool stream_flow::begin_chunk()
{
    chunk_ = take_rows();
    at_ = chunk_.begin();
    return at_ != chunk_.end();
}

} // namespace tusk::detail
