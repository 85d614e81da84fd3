// Distributed under the Boost Software License, Version 1.0.
#include <tusk/result.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

namespace tusk {
namespace detail {
namespace {

constexpr std::size_t header_size = 5; // Byte1 type, Int32 length

} // namespace

std::uint64_t affected_rows(std::string_view tag) noexcept
{
    const std::string_view last = tag.substr(tag.rfind(' ') + 1); // npos + 1 is 0
    std::uint64_t n = 0;
    const auto [stop, ec] = std::from_chars(last.data(), last.data() + last.size(), n);
    return ec == std::errc() && stop == last.data() + last.size() ? n : 0;
}

const std::byte* row_store::find(std::size_t i, std::size_t& in) const noexcept
{
    const auto above = std::upper_bound(
        tail.begin(), tail.end(), i, [](std::size_t row, const row_segment& s) { return row < s.first_row; });
    in = static_cast<std::size_t>(above - tail.begin());
    const row_segment& s = segment(in);
    const std::size_t offset = i - s.first_row;
    const std::size_t mark = offset / rows_per_mark;
    const std::byte* message = mark == 0 ? s.begin : s.begin + marks[s.first_mark + mark - 1];
    for (std::size_t steps = offset % rows_per_mark; steps > 0; --steps) message = next(message, in);
    return message;
}

void row_store::append(const block_ptr& block, std::span<const std::byte> body)
{
    const std::byte* message = body.data() - header_size;
    constexpr std::size_t reach = std::numeric_limits<std::uint32_t>::max(); // of a mark
    row_segment* s = &last();
    const bool follows = rows != 0 && s->block == block && (block || s->end == message);
    if (!follows || static_cast<std::size_t>(message - s->begin) > reach) {
        row_segment fresh{block, message, message, rows, marks.size()};
        s = rows == 0 ? &(head = std::move(fresh)) : &tail.emplace_back(std::move(fresh));
    } else if ((rows - s->first_row) % rows_per_mark == 0) {
        marks.push_back(static_cast<std::uint32_t>(message - s->begin));
    }
    s->end = body.data() + body.size();
    bytes += header_size + body.size();
    ++rows;
}

namespace {

/// Larger pieces are not copied: their blocks are nearly full or were made for them.
constexpr std::size_t largest_copy = 1u << 20;

void settle(row_segment& s)
{
    if (!s.block) return;
    const std::size_t used = s.size();
    if (used > largest_copy || used >= s.block->capacity() / 5 * 4) return;
    block_ptr copy = block_ptr::make(used);
    std::memcpy(copy->data(), s.begin, used);
    s.begin = copy->data();
    s.end = s.begin + used;
    s.block = std::move(copy);
}

} // namespace

void settle(result_data& result)
{
    if (result.store.rows == 0) return;
    settle(result.store.head);
    for (row_segment& s : result.store.tail) settle(s);
}

void batch_data::row(const block_ptr& block, std::span<const std::byte> body)
{
    constexpr std::size_t copied_rows = 1024; // bytes of them in a part
    constexpr std::size_t first_copy = 512;
    constexpr std::size_t most_copied = 64 * 1024;
    row_store& store = current().store;
    const std::size_t size = header_size + body.size();
    if (store.bytes + size > copied_rows) return store.append(block, body);
    if (copies_.empty() || copies_.back()->capacity() - used_ < size) {
        const std::size_t doubled = copies_.empty() ? first_copy : copies_.back()->capacity() * 2;
        copies_.push_back(block_ptr::make(std::max(std::min(doubled, most_copied), size)));
        used_ = 0;
    }
    std::byte* copy = copies_.back()->data() + used_;
    std::memcpy(copy, body.data() - header_size, size);
    used_ += size;
    if (store.rows != 0) return store.append({}, {copy + header_size, body.size()});
    store.head.begin = copy;
    store.head.end = copy + size;
    store.bytes = size;
    store.rows = 1;
}

void result_builder::begin(const columns_ptr& cols)
{
    reset();
    data_ = std::make_shared<result_data>();
    data_->cols = cols;
}

void result_builder::row(const block_ptr& block, std::span<const std::byte> body)
{
    if (data_ && data_->cols) data_->store.append(block, body); // rows come after their description only
}

void result_builder::end(std::string_view tag)
{
    if (!data_) data_ = std::make_shared<result_data>();
    settle(*data_);
    data_->tag = command_tag(tag);
    ended_ = true;
}

void result_builder::reset() noexcept
{
    data_.reset();
    ended_ = false;
}

result result_builder::take(diagnostics diag)
{
    if (!ended_) data_.reset();
    result taken(std::move(data_), std::move(diag));
    reset();
    return taken;
}

} // namespace detail

row result::operator[](std::size_t i) const
{
    if (i >= size())
        throw std::out_of_range("tusk: row " + std::to_string(i) + " of a result with " +
                                std::to_string(size()));
    if (i == 0) return {*data_->cols, detail::row_body(data_->store.head.begin)};
    std::size_t segment = 0;
    return {*data_->cols, detail::row_body(data_->store.find(i, segment))};
}

const tusk::columns& result::columns() const noexcept
{
    static const tusk::columns none;
    return has_columns() ? *data_->cols : none;
}

std::optional<std::size_t> result::column_index(std::string_view name) const noexcept
{
    const tusk::columns& all = columns();
    const auto found = std::ranges::find(all, name, &column::name);
    if (found == all.end()) return std::nullopt;
    return static_cast<std::size_t>(found - all.begin());
}

} // namespace tusk
