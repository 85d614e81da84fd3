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

/// Larger pieces are not copied: their blocks are nearly full or were made for them.
constexpr std::size_t largest_copy = 1u << 20;

/// Exchanges the segment's block for a copy of the used part when less than four fifths of it are used.
void settle(row_segment& s)
{
    const std::size_t used = s.size();
    if (used > largest_copy || used >= s.block->capacity() / 5 * 4) return;
    block_ptr copy = block_ptr::make(used);
    std::memcpy(copy->data(), s.begin, used);
    s.begin = copy->data();
    s.end = s.begin + used;
    s.block = std::move(copy);
}

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

void result_builder::begin(const columns_ptr& cols)
{
    reset();
    cols_ = cols;
}

void result_builder::row(const block_ptr& block, std::span<const std::byte> body)
{
    if (!cols_) return; // rows come after their description only
    const std::byte* message = body.data() - header_size;
    constexpr std::size_t reach = std::numeric_limits<std::uint32_t>::max(); // of a mark
    row_segment& s = store_.last();
    if (store_.rows == 0 || s.block != block || static_cast<std::size_t>(message - s.begin) > reach) {
        open(block, message);
    } else if (until_mark_ == 0) {
        store_.marks.push_back(static_cast<std::uint32_t>(message - s.begin));
        until_mark_ = row_store::rows_per_mark;
    }
    --until_mark_;
    store_.last().end = body.data() + body.size();
    store_.bytes += header_size + body.size();
    ++store_.rows;
}

void result_builder::open(const block_ptr& block, const std::byte* message)
{
    row_segment s{block, message, message, store_.rows, store_.marks.size()};
    if (store_.rows == 0)
        store_.head = std::move(s);
    else
        store_.tail.push_back(std::move(s));
    until_mark_ = row_store::rows_per_mark;
}

void result_builder::end(std::string_view tag)
{
    if (store_.rows != 0) settle(store_.head);
    for (row_segment& s : store_.tail) settle(s);
    done_ = std::make_shared<const result_data>(
        result_data{std::move(cols_), std::exchange(store_, {}), command_tag(tag)});
}

void result_builder::reset() noexcept
{
    cols_.reset();
    store_ = {};
    until_mark_ = 0;
    done_.reset();
}

result result_builder::take(diagnostics diag)
{
    result taken(std::move(done_), std::move(diag));
    reset();
    return taken;
}

} // namespace detail

row result::operator[](std::size_t i) const
{
    if (i >= size())
        throw std::out_of_range("tusk: row " + std::to_string(i) + " of a result with " +
                                std::to_string(size()));
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
