// Distributed under the Boost Software License, Version 1.0.
#include "allocations.hpp"
#include "wire/inbox.hpp"

#include <tusk/result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using tusk::column;
using tusk::errc;
using tusk::format;
using tusk::oid;
using tusk::result;
using tusk::detail::block_ptr;
using tusk::detail::result_builder;
using tusk::test::allocation_watch;

static_assert(std::forward_iterator<result::iterator>);
static_assert(std::forward_iterator<tusk::row::iterator>);

using cell = std::optional<std::string>;

std::string int32_bytes(std::size_t n)
{
    std::string s;
    for (const int shift : {24, 16, 8, 0}) s += static_cast<char>(n >> shift & 0xff);
    return s;
}

std::string message(char type, const std::string& body) { return type + int32_bytes(body.size() + 4) + body; }

std::string data_row(const std::vector<cell>& cells)
{
    std::string body = int32_bytes(cells.size()).substr(2);
    for (const cell& c : cells) body += c ? int32_bytes(c->size()) + *c : std::string(4, '\xff');
    return message('D', body);
}

tusk::columns_ptr columns_named(const std::vector<std::string>& names, oid type = oid::text)
{
    tusk::columns cols;
    for (const std::string& name : names)
        cols.push_back(
            {.name = name, .type = type, .format = type == oid::text ? format::text : format::binary});
    return std::make_shared<const tusk::columns>(std::move(cols));
}

/// Puts messages into blocks and gives the rows among them to a builder, as the session does.
class feed {
public:
    explicit feed(result_builder& to, std::size_t capacity = 32 * 1024)
        : to_(&to)
        , capacity_(capacity)
    {
    }

    void operator()(const std::string& bytes)
    {
        if (!block_ || used_ + bytes.size() > block_->capacity()) {
            block_ = block_ptr::make(std::max(capacity_, bytes.size()));
            used_ = 0;
        }
        std::byte* at = block_->data() + used_;
        std::memcpy(at, bytes.data(), bytes.size());
        used_ += bytes.size();
        if (bytes[0] == 'D') to_->row(block_, {at + 5, bytes.size() - 5});
    }

    [[nodiscard]] const block_ptr& block() const { return block_; }

private:
    result_builder* to_;
    std::size_t capacity_;
    block_ptr block_;
    std::size_t used_ = 0;
};

result make(const tusk::columns_ptr& cols, const std::vector<std::vector<cell>>& rows)
{
    result_builder b;
    feed in(b);
    b.begin(cols);
    for (const auto& r : rows) in(data_row(r));
    b.end("SELECT " + std::to_string(rows.size()));
    return b.take();
}

TEST(result, a_default_one_is_empty)
{
    const result r;
    EXPECT_TRUE(r.empty());
    EXPECT_FALSE(r.has_columns());
    EXPECT_TRUE(r.columns().empty());
    EXPECT_EQ(r.tag(), "");
    EXPECT_EQ(r.rows_affected(), 0U);
    EXPECT_TRUE(r.begin() == r.end());
    EXPECT_FALSE(r.column_index("a"));
    EXPECT_THROW((void)r[0], std::out_of_range);
    EXPECT_EQ(result(tusk::diagnostics::client("no")).diag().message(), "no");
}

TEST(result, gives_rows_and_fields)
{
    const result r = make(columns_named({"id", "name"}), {{"1", "Ada"}, {"2", std::nullopt}, {"3", ""}});
    ASSERT_EQ(r.size(), 3U);
    EXPECT_EQ(r.tag(), "SELECT 3");
    EXPECT_EQ(r.rows_affected(), 3U);
    EXPECT_EQ(r.column_index("name"), 1U);
    EXPECT_FALSE(r.column_index("Name"));
    EXPECT_EQ(r[0]["name"].view(), "Ada");
    EXPECT_EQ(r[0]["name"].column().name, "name");
    EXPECT_TRUE(r[1][1].is_null());
    EXPECT_TRUE(r[1][1].bytes().empty());
    EXPECT_FALSE(r[2][1].is_null());
    EXPECT_EQ(r[2][1].view(), "");
    std::string all;
    for (const tusk::row row : r)
        for (const tusk::field f : row) all += f.is_null() ? "NULL," : std::string(f.view()) + ',';
    EXPECT_EQ(all, "1,Ada,2,NULL,3,,");
}

TEST(result, says_what_is_not_there)
{
    const result r = make(columns_named({"id"}), {{"1"}});
    EXPECT_THROW((void)r[1], std::out_of_range);
    EXPECT_THROW((void)r[0][1], std::out_of_range);
    try {
        (void)r[0]["nmae"];
        FAIL();
    } catch (const tusk::error& e) {
        EXPECT_EQ(e.code(), errc::column_mismatch);
        EXPECT_NE(std::string_view(e.what()).find("nmae"), std::string_view::npos);
    }
}

TEST(result, rows_are_found_over_blocks_and_between_other_messages)
{
    for (const std::size_t capacity : {16U, 100U, 1000U, 32768U}) {
        result_builder b;
        feed in(b, capacity);
        b.begin(columns_named({"n"}));
        constexpr std::size_t count = 1000;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string row = data_row({std::to_string(i)});
            bytes += row.size();
            if (i % 7 == 0) in(message('N', std::string("SNOTICE\0\0", 9)));
            in(row);
            if (i % 5 == 0) in(message('A', std::string(i % 11, 'D')));
        }
        b.end("SELECT 1000");
        const result r = b.take();
        ASSERT_EQ(r.size(), count);
        EXPECT_EQ(r.bytes(), bytes);
        std::size_t i = 0;
        for (const tusk::row row : r) ASSERT_EQ(row[0].view(), std::to_string(i++));
        EXPECT_EQ(i, count);
        for (i = 0; i < count; ++i) ASSERT_EQ(r[i][0].view(), std::to_string(i));
    }
}

TEST(result, rows_without_columns_count)
{
    const result r = make(columns_named({}), std::vector<std::vector<cell>>(40));
    EXPECT_EQ(r.size(), 40U);
    EXPECT_TRUE(r.has_columns());
    EXPECT_TRUE(r[39].empty());
    EXPECT_EQ(std::distance(r.begin(), r.end()), 40);
    EXPECT_TRUE(r[0].begin() == r[0].end());
}

TEST(result, a_command_has_no_columns)
{
    result_builder b;
    b.begin(nullptr);
    b.end("INSERT 0 12");
    const result r = b.take();
    EXPECT_FALSE(r.has_columns());
    EXPECT_TRUE(r.columns().empty());
    EXPECT_EQ(r.rows_affected(), 12U);
}

TEST(result, copies_share_and_outlive_the_first)
{
    std::optional<result> first = make(columns_named({"a"}), {{"value"}});
    const allocation_watch watch;
    const result copy = *first;
    EXPECT_EQ(watch.count(), 0U);
    const std::string_view view = copy[0][0].view();
    EXPECT_EQ(view.data(), (*first)[0][0].view().data());
    first.reset();
    EXPECT_EQ(view, "value");
}

TEST(result, reads_values_tuples_and_structs)
{
    struct person {
        std::string name;
        std::optional<std::string> email;
    };
    const result r = make(columns_named({"name", "email"}), {{"Ada", std::nullopt}, {"Bob", "b@x"}});
    EXPECT_EQ(r[0][0].as<std::string>(), "Ada");
    EXPECT_EQ(r[0].as<person>().name, "Ada");
    EXPECT_FALSE(r[0].as<person>().email);
    const auto [name, email] = r[1].as<std::tuple<std::string, std::string>>();
    EXPECT_EQ(name + email, "Bobb@x");
    std::tuple<std::string, std::string> out;
    EXPECT_EQ(r[0].get(out), errc::unexpected_null);
    std::tuple<std::string> narrow;
    EXPECT_EQ(r[0].get(narrow), errc::column_mismatch);
}

TEST(result, a_value_that_cannot_be_read_names_column_and_types)
{
    const auto cols = columns_named({"price"}, oid::int4);
    const result r = make(cols, {{std::string("\0\0\0\5", 4)}, {std::nullopt}, {"abc"}});
    EXPECT_EQ(r[0][0].as<std::int32_t>(), 5);
    const auto message_of = [](auto read) -> std::string {
        try {
            read();
        } catch (const tusk::error& e) {
            return e.what();
        }
        return {};
    };
    const std::string mismatch = message_of([&] { (void)r[0][0].as<std::string>(); });
    EXPECT_NE(mismatch.find("column \"price\" of type int4 cannot be read as std::string"), std::string::npos)
        << mismatch;
    const std::string null = message_of([&] { (void)r[1][0].as<std::int32_t>(); });
    EXPECT_NE(null.find("\"price\" of type int4"), std::string::npos) << null;
    EXPECT_NE(null.find("NULL"), std::string::npos) << null;
    std::int32_t n = 0;
    EXPECT_EQ(r[1][0].get(n), errc::unexpected_null);
    EXPECT_EQ(r[2][0].get(n), errc::invalid_value);
    std::string s;
    EXPECT_EQ(r[0][0].get(s), errc::column_mismatch);
}

TEST(result_builder, forgets_when_reset_and_is_as_new_after_take)
{
    result_builder b;
    feed in(b);
    b.begin(columns_named({"a"}));
    in(data_row({"1"}));
    b.reset();
    EXPECT_TRUE(b.take().empty());
    b.begin(columns_named({"a"}));
    in(data_row({"2"}));
    b.end("SELECT 1");
    const result r = b.take(tusk::diagnostics::client("words"));
    ASSERT_EQ(r.size(), 1U);
    EXPECT_EQ(r[0][0].view(), "2");
    EXPECT_EQ(r.diag().message(), "words");
    EXPECT_FALSE(b.take().has_columns());
}

TEST(result_builder, a_result_that_did_not_end_has_no_rows)
{
    result_builder b;
    feed in(b);
    b.begin(columns_named({"a"}));
    in(data_row({"1"}));
    EXPECT_TRUE(b.take().empty());
}

TEST(result_builder, rows_without_a_description_are_dropped)
{
    result_builder b;
    feed in(b);
    in(data_row({"1"}));
    b.end("SELECT 1");
    EXPECT_TRUE(b.take().empty());
}

TEST(result_builder, a_small_result_gives_its_block_back)
{
    result_builder b;
    feed in(b);
    b.begin(columns_named({"a"}));
    in(data_row({"1"}));
    in(data_row({"2"}));
    EXPECT_FALSE(in.block().unique());
    const allocation_watch watch;
    b.end("SELECT 2");
    EXPECT_TRUE(in.block().unique()); // the inbox can use it again in place
    EXPECT_LE(watch.count(), 2U);
    const result r = b.take();
    std::memset(in.block()->data(), 0xff, in.block()->capacity());
    EXPECT_EQ(r[1][0].view(), "2");
}

std::size_t allocations_for(std::size_t columns)
{
    const auto cols = columns_named(std::vector<std::string>(columns, "c"));
    const std::string row =
        data_row(std::vector<cell>(columns, "some value that is longer than a short string"));
    std::vector<block_ptr> blocks;
    for (int i = 0; i < 100; ++i) {
        blocks.push_back(block_ptr::make(row.size()));
        std::memcpy(blocks.back()->data(), row.data(), row.size());
    }
    const allocation_watch watch;
    result_builder b;
    b.begin(cols);
    for (const block_ptr& block : blocks) b.row(block, {block->data() + 5, row.size() - 5});
    b.end("SELECT 100");
    const result r = b.take();
    std::size_t seen = 0;
    for (const tusk::row x : r)
        for (const tusk::field f : x) seen += f.view().size();
    EXPECT_EQ(seen, 100 * columns * 45);
    return watch.count();
}

TEST(result, allocations_do_not_grow_with_the_number_of_columns)
{
    EXPECT_EQ(allocations_for(1), allocations_for(1600));
    EXPECT_LT(allocations_for(1), 15U);
}

TEST(result, keeps_little_more_memory_than_it_has_bytes)
{
    constexpr std::size_t count = 100'000;
    const auto cols = columns_named({"n"}, oid::int4);
    std::string stream;
    for (std::size_t i = 0; i < count; ++i) stream += data_row({int32_bytes(i)});
    for (const std::size_t read_size : {32768U, 8192U, 1000U}) {
        const allocation_watch watch;
        result r;
        {
            tusk::wire::inbox in;
            result_builder b;
            b.begin(cols);
            for (std::size_t at = 0; at < stream.size();) {
                const auto room = in.prepare();
                const std::size_t n = std::min({room.size(), read_size, stream.size() - at});
                std::memcpy(room.data(), stream.data() + at, n);
                in.commit(n);
                at += n;
                tusk::wire::frame f;
                while (in.next(f) == tusk::wire::framing::message) b.row(in.block(), f.body);
            }
            b.end("SELECT 100000");
            r = b.take();
        }
        ASSERT_EQ(r.size(), count);
        EXPECT_EQ(r.bytes(), stream.size());
        EXPECT_LE(watch.live(), stream.size() + stream.size() * 3 / 10) << read_size;
        std::size_t i = 0;
        for (const tusk::row row : r) ASSERT_EQ(row[0].view(), int32_bytes(i++));
        ASSERT_EQ(i, count);
        for (i = 0; i < count; i += 997) ASSERT_EQ(r[i][0].view(), int32_bytes(i));
    }
}

TEST(command, tells_tag_and_rows)
{
    const auto rows = [](std::string_view tag) { return tusk::command(tag).rows_affected(); };
    EXPECT_EQ(rows("INSERT 0 5"), 5U);
    EXPECT_EQ(rows("SELECT 18446744073709551615"), 18446744073709551615U);
    EXPECT_EQ(rows("SELECT 18446744073709551616"), 0U);
    EXPECT_EQ(rows("CREATE TABLE"), 0U);
    EXPECT_EQ(rows("UPDATE -1"), 0U);
    EXPECT_EQ(rows("UPDATE 1x"), 0U);
    EXPECT_EQ(rows("UPDATE "), 0U);
    EXPECT_EQ(rows(""), 0U);
    const allocation_watch watch;
    const tusk::command c("COPY 3");
    const tusk::command copy = c;
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_EQ(copy.tag(), "COPY 3");
    EXPECT_EQ(tusk::command(std::string(100, 'x') + " 9").tag(), std::string(63, 'x'));
    EXPECT_EQ(rows(std::string(100, 'x') + " 9"), 9U);
}

} // namespace
