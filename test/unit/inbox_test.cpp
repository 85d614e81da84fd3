// Distributed under the Boost Software License, Version 1.0.
#include "wire/inbox.hpp"

#include "wire_messages.hpp"

#include <tusk/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace std::string_literals;
using namespace std::string_view_literals;
using tusk::errc;
using tusk::detail::block_ptr;
using tusk::wire::frame;
using tusk::wire::framing;
using tusk::wire::inbox;
using wire_test::int32;
using wire_test::message;
using wire_test::text;

namespace {

inbox authenticated(std::size_t block_size = inbox::default_block_size, std::size_t max = (1u << 30) - 1)
{
    inbox in(block_size);
    in.set_limits({max, true});
    return in;
}

/// Feeds as much of `bytes` as one read takes; gives how much that was.
std::size_t feed(inbox& in, std::string_view bytes)
{
    const auto room = in.prepare();
    EXPECT_FALSE(room.empty());
    const std::size_t n = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), n);
    in.commit(n);
    return n;
}

/// Feeds all of it, however often that takes, and appends the messages that come out.
framing feed_all(inbox& in, std::string_view bytes, std::string* out = nullptr)
{
    framing last = framing::need_more;
    while (!bytes.empty()) {
        bytes.remove_prefix(feed(in, bytes));
        frame f;
        while ((last = in.next(f)) == framing::message)
            if (out) *out += message(f.type, text(f.body));
        if (last == framing::violation) break;
    }
    return last;
}

std::string header(char type, std::uint32_t length) { return std::string(1, type) + int32(length); }

std::string row(std::size_t size, char fill = 'x') { return message('D', std::string(size, fill)); }

/// Messages of many sizes, around the limits of a block of 256 bytes.
std::string mixed_stream()
{
    std::string stream;
    for (std::size_t size :
         {0u, 1u, 7u, 100u, 245u, 250u, 251u, 252u, 3u, 260u, 0u, 600u, 2000u, 5u, 511u, 40u})
        stream += message("DdTVENAt"[size % 8], std::string(size, static_cast<char>('a' + size % 26)));
    return stream;
}

} // namespace

TEST(inbox, gives_whole_messages)
{
    inbox in;
    EXPECT_FALSE(in.block());
    EXPECT_EQ(in.buffered(), 0u);
    EXPECT_TRUE(in.pending().empty());
    frame f;
    EXPECT_EQ(in.next(f), framing::need_more);
    feed(in, message('R', int32(0)) + message('Z', "I") + "S\0"s);
    ASSERT_EQ(in.next(f), framing::message);
    EXPECT_EQ(f.type, 'R');
    EXPECT_EQ(text(f.body), "\0\0\0\0"sv);
    ASSERT_EQ(in.next(f), framing::message);
    EXPECT_EQ(f.type, 'Z');
    EXPECT_EQ(text(f.body), "I");
    EXPECT_EQ(in.next(f), framing::need_more);
    EXPECT_EQ(in.buffered(), 2u);
    EXPECT_EQ(text(in.pending()), "S\0"sv);
    EXPECT_FALSE(in.error());
}

TEST(inbox, byte_by_byte)
{
    const std::string stream = mixed_stream();
    for (std::size_t block_size : {256u, 1000u, 32768u}) {
        inbox in = authenticated(block_size);
        std::string out;
        for (char c : stream) EXPECT_EQ(feed_all(in, {&c, 1}, &out), framing::need_more);
        EXPECT_EQ(out, stream);
        EXPECT_EQ(in.buffered(), 0u);
    }
}

TEST(inbox, every_split_in_two)
{
    const std::string stream = mixed_stream();
    for (std::size_t at = 0; at <= stream.size(); ++at) {
        inbox in = authenticated(256);
        std::string out;
        feed_all(in, std::string_view(stream).substr(0, at), &out);
        feed_all(in, std::string_view(stream).substr(at), &out);
        ASSERT_EQ(out, stream) << "split at " << at;
    }
}

TEST(inbox, any_split_with_or_without_retained_blocks)
{
    std::mt19937 random(20240817);
    for (int round = 0; round != 300; ++round) {
        std::string stream;
        for (int i = 0; i != 40; ++i)
            stream += row(random() % (random() % 8 == 0 ? 3000 : 120), "abcdefgh"[i % 8]);
        inbox in = authenticated(256 + random() % 512);
        struct kept {
            block_ptr block;
            std::span<const std::byte> body;
            std::string expected;
        };
        std::vector<kept> retained;
        std::string out;
        for (std::string_view rest = stream; !rest.empty();) {
            rest.remove_prefix(feed(in, rest.substr(0, 1 + random() % 700)));
            frame f;
            while (in.next(f) == framing::message) {
                out += message(f.type, text(f.body));
                if (random() % 3 == 0) retained.push_back({in.block(), f.body, text(f.body)});
            }
            if (random() % 5 == 0) retained.clear();
        }
        ASSERT_EQ(out, stream) << "round " << round;
        for (const kept& k : retained) ASSERT_EQ(text(k.body), k.expected) << "round " << round;
    }
}

TEST(inbox, may_be_fed_without_being_emptied)
{
    const std::string stream = mixed_stream() + mixed_stream();
    inbox in = authenticated(256);
    for (std::string_view rest = stream; !rest.empty();) rest.remove_prefix(feed(in, rest));
    EXPECT_EQ(text(in.pending()), stream);
    EXPECT_LE(in.block()->capacity(), stream.size() * 2);
    std::string out;
    frame f;
    while (in.next(f) == framing::message) out += message(f.type, text(f.body));
    EXPECT_EQ(out, stream);
}

TEST(inbox, messages_of_a_block_follow_each_other_with_their_headers)
{
    inbox in = authenticated();
    const std::string stream = row(10, 'a') + message('N', "n") + row(20, 'b');
    feed(in, stream);
    frame first, notice, second;
    ASSERT_EQ(in.next(first), framing::message);
    ASSERT_EQ(in.next(notice), framing::message);
    ASSERT_EQ(in.next(second), framing::message);
    const std::byte* start = first.body.data() - 5;
    EXPECT_EQ(start, in.block()->data());
    EXPECT_EQ(text({start, stream.size()}), stream);
    EXPECT_EQ(second.body.data() + second.body.size(), start + stream.size());
}

TEST(inbox, uses_its_block_again)
{
    inbox in = authenticated();
    const std::byte* memory = in.prepare().data();
    for (int i = 0; i != 1000; ++i) {
        // Whole messages and one that is cut, so that a part of it has to be moved to the front now and then.
        EXPECT_EQ(feed_all(in, row(5000) + header('D', 5004)), framing::need_more);
        EXPECT_EQ(feed_all(in, std::string(5000, 'y')), framing::need_more);
        EXPECT_EQ(in.block()->data(), memory);
        EXPECT_EQ(in.block()->capacity(), inbox::default_block_size);
    }
}

TEST(inbox, writes_only_behind_what_is_retained)
{
    inbox in = authenticated();
    feed(in, row(100, 'a'));
    frame f;
    ASSERT_EQ(in.next(f), framing::message);
    block_ptr retained = in.block();
    const auto room = in.prepare();
    EXPECT_EQ(in.block(), retained);
    EXPECT_EQ(room.data(), f.body.data() + f.body.size());
    std::memset(room.data(), 'z', room.size());
    EXPECT_EQ(text(f.body), std::string(100, 'a'));
    retained = {};
    EXPECT_LT(in.prepare().data(), room.data());
}

TEST(inbox, leaves_a_retained_block_that_is_full)
{
    inbox in = authenticated(1024);
    feed(in, row(1010, 'a'));
    frame f;
    ASSERT_EQ(in.next(f), framing::message);
    const block_ptr retained = in.block();
    static_cast<void>(in.prepare());
    EXPECT_NE(in.block(), retained);
    EXPECT_EQ(in.block()->capacity(), 1024u);
    EXPECT_EQ(text(f.body), std::string(1010, 'a'));
}

TEST(inbox, a_declared_length_takes_no_memory)
{
    inbox in = authenticated();
    ASSERT_EQ(feed_all(in, header('D', 0x3fffffff)), framing::need_more);
    EXPECT_LE(in.prepare().size(), inbox::default_block_size);
    EXPECT_EQ(in.block()->capacity(), inbox::default_block_size);
    // From there it grows with what is received: never above twice that.
    const std::string some(10'000, 'x');
    for (std::size_t received = 5; received < 3'000'000; received += some.size()) {
        ASSERT_EQ(feed_all(in, some), framing::need_more);
        static_cast<void>(in.prepare());
        ASSERT_LE(in.block()->capacity(), std::max(inbox::default_block_size, 2 * (received + some.size())));
    }
}

TEST(inbox, a_declared_length_behind_retained_rows_takes_no_memory)
{
    inbox in = authenticated();
    feed(in, row(30'000));
    frame f;
    ASSERT_EQ(in.next(f), framing::message);
    const block_ptr retained = in.block();
    feed_all(in, header('D', 0x3fffffff));
    static_cast<void>(in.prepare());
    EXPECT_NE(in.block(), retained);
    EXPECT_EQ(in.block()->capacity(), inbox::default_block_size);
}

TEST(inbox, a_large_message_is_bounded_by_its_own_length_and_its_memory_given_back)
{
    inbox in = authenticated();
    const std::string large = row(1'000'000);
    std::string_view rest = large;
    while (rest.size() > 1) rest.remove_prefix(feed(in, rest.substr(0, rest.size() - 1)));
    static_cast<void>(in.prepare());
    EXPECT_LE(in.block()->capacity(), large.size());
    EXPECT_EQ(in.prepare().size(), 1u);
    feed(in, rest);
    frame f;
    ASSERT_EQ(in.next(f), framing::message);
    EXPECT_EQ(f.body.size(), 1'000'000u);
    static_cast<void>(in.prepare());
    EXPECT_EQ(in.block()->capacity(), inbox::default_block_size);
}

TEST(inbox, retained_blocks_cost_little_more_than_what_was_received)
{
    for (std::size_t size : {0u, 20u, 100u, 3000u, 17'000u, 33'000u, 150'000u, 1'000'000u}) {
        inbox in = authenticated();
        std::vector<block_ptr> retained;
        std::size_t received = 0;
        std::size_t held = 0;
        const std::string one = row(size);
        std::string stream;
        while (stream.size() < 64 * 1024) stream += one;
        while (received < 30'000'000) {
            for (std::string_view rest = stream; !rest.empty();) {
                const std::size_t n = feed(in, rest);
                rest.remove_prefix(n);
                received += n;
                frame f;
                while (in.next(f) == framing::message) {
                    if (!retained.empty() && retained.back() == in.block()) continue;
                    retained.push_back(in.block());
                    held += in.block()->capacity();
                }
            }
        }
        EXPECT_LT(static_cast<double>(held), 1.3 * static_cast<double>(received)) << "rows of " << size;
    }
}

TEST(inbox, lengths_that_no_message_has)
{
    for (std::uint32_t length : {0u, 1u, 2u, 3u, 0x80000000u, 0xfffffffcu, 0xffffffffu}) {
        inbox in = authenticated();
        EXPECT_EQ(feed_all(in, header('D', length)), framing::violation);
        EXPECT_EQ(in.error(), errc::protocol_violation);
        EXPECT_NE(in.diag().message().find("DataRow ('D')"), std::string_view::npos);
        const std::string shown = std::to_string(static_cast<std::int32_t>(length));
        EXPECT_NE(in.diag().message().find("length of " + shown), std::string_view::npos)
            << in.diag().message();
    }
}

TEST(inbox, only_some_messages_may_be_long)
{
    for (int type = 0; type != 256; ++type) {
        const auto c = static_cast<char>(type);
        const bool may = "DdTVENAt"sv.find(c) != std::string_view::npos;
        inbox in = authenticated();
        EXPECT_EQ(feed_all(in, header(c, 30'001)), may ? framing::need_more : framing::violation);
        EXPECT_EQ(in.error(), may ? std::error_code() : make_error_code(errc::protocol_violation));
        inbox short_one = authenticated();
        EXPECT_EQ(feed_all(short_one, header(c, 30'000)), framing::need_more);
    }
}

TEST(inbox, before_the_end_of_the_login_no_message_may_be_long)
{
    for (char type : "DdTVENAtRS"sv) {
        inbox in;
        EXPECT_EQ(feed_all(in, header(type, 30'001)), framing::violation);
        EXPECT_EQ(in.error(), errc::protocol_violation);
        inbox short_one;
        EXPECT_EQ(feed_all(short_one, header(type, 30'000)), framing::need_more);
    }
}

TEST(inbox, the_largest_message_can_be_set)
{
    for (std::size_t max :
         {std::size_t{1000}, std::size_t{30'000}, std::size_t{100'000}, std::size_t{0x7fffffff}}) {
        inbox in = authenticated(1024, max);
        EXPECT_EQ(feed_all(in, header('D', static_cast<std::uint32_t>(max))), framing::need_more);
        inbox too_large = authenticated(1024, max);
        EXPECT_EQ(feed_all(too_large, header('D', static_cast<std::uint32_t>(max + 1))), framing::violation);
        EXPECT_EQ(too_large.error(), max == 0x7fffffff ? errc::protocol_violation : errc::message_too_large);
    }
    inbox in = authenticated(1024, 1000);
    feed_all(in, header('D', 5000));
    EXPECT_EQ(in.diag().message(), "the server sent DataRow ('D') with a length of 5000, more than "
                                   "max_message_size = 1000");
}

TEST(inbox, limits_may_change_between_messages)
{
    inbox in;
    feed(in, message('R', int32(0)) + header('T', 40'000));
    frame f;
    ASSERT_EQ(in.next(f), framing::message);
    in.set_limits({1 << 20, true});
    EXPECT_EQ(in.next(f), framing::need_more);
}

TEST(inbox, a_violation_stays)
{
    inbox in = authenticated();
    EXPECT_EQ(feed_all(in, row(3) + header('?', 2)), framing::violation);
    const std::string first(in.diag().message());
    EXPECT_NE(first.find("an unknown message ('?')"), std::string::npos) << first;
    EXPECT_EQ(feed_all(in, message('Z', "I")), framing::violation);
    EXPECT_EQ(in.diag().message(), first);
}

TEST(inbox, an_error_from_before_protocol_3_can_be_read_to_its_end)
{
    const std::string old = "EFATAL:  unsupported frontend protocol 2.0\n\0"s;
    inbox in;
    EXPECT_EQ(feed_all(in, std::string_view(old).substr(0, 9)), framing::violation);
    feed(in, std::string_view(old).substr(9));
    EXPECT_EQ(text(in.pending()), old);
    // A length below 8 is none either, as long as nobody logged in.
    inbox empty;
    EXPECT_EQ(feed_all(empty, header('E', 7)), framing::violation);
    inbox later = authenticated();
    EXPECT_EQ(feed_all(later, header('E', 5) + "\0"s), framing::need_more);
}

TEST(inbox, what_speaks_http_is_a_violation)
{
    inbox in;
    EXPECT_EQ(feed_all(in, "HTTP/1.1 400 Bad Request\r\n\r\n"), framing::violation);
    EXPECT_EQ(in.error(), errc::protocol_violation);
}

TEST(inbox, more_than_there_is_room_for_cannot_be_committed)
{
    inbox in = authenticated(256);
    in.commit(5);
    EXPECT_EQ(in.buffered(), 0u);
    const std::size_t room = in.prepare().size();
    std::memset(in.prepare().data(), 0, room);
    in.commit(room + 1);
    EXPECT_EQ(in.buffered(), room);
}

TEST(inbox, starts_again_when_assigned)
{
    inbox in;
    feed_all(in, "HTTP/1.1 400");
    in = inbox();
    EXPECT_FALSE(in.error());
    EXPECT_TRUE(in.diag().empty());
    EXPECT_EQ(in.buffered(), 0u);
    EXPECT_EQ(feed_all(in, message('Z', "I")), framing::need_more);
}
