// Distributed under the Boost Software License, Version 1.0.
#include "wire/inbox.hpp"
#include "wire/tracer.hpp"

#include "../unit/wire_messages.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A server's bytes, cut into reads of the fuzzer's choice. The first byte: bit 0 logged in, bit 1 retain each
// block, bits 2.. size of the reads; the rest is the stream.
namespace {

using namespace tusk::wire;

void require(bool holds)
{
    if (!holds) std::abort();
}

/// A row that was found valid can be walked without a fault, and ends where its fields do.
void walk_row(std::span<const std::byte> body)
{
    data_row row;
    if (!read(body, row) || !tusk::detail::row_fits(body, row.count)) return;
    for (unsigned i = 0; i != row.count; ++i) {
        const std::int32_t length = row.fields.i32();
        if (length > 0) static_cast<void>(row.fields.bytes(static_cast<std::size_t>(length)));
    }
    require(row.fields.done());
}

/// A trace of any message is text that ends with a line break.
void trace(const frame& f)
{
    std::string text;
    tracer to({[&](std::string_view piece) { text += piece; }, tusk::trace_flags::suppress_timestamps});
    to.received(f);
    require(text.starts_with("B\t") && text.ends_with('\n'));
}

struct kept {
    tusk::detail::block_ptr block;
    std::span<const std::byte> body;
    std::size_t at; // of the body in the stream
};

void run(std::span<const std::byte> stream, std::size_t step, inbox_limits limits, bool retain)
{
    inbox in(256);
    in.set_limits(limits);
    std::vector<kept> retained;
    std::size_t fed = 0;
    std::size_t given = 0;
    while (fed != stream.size()) {
        const auto room = in.prepare();
        const std::size_t n = std::min({room.size(), step, stream.size() - fed});
        require(n != 0);
        std::memcpy(room.data(), stream.data() + fed, n);
        in.commit(n);
        fed += n;
        frame f;
        framing what;
        while ((what = in.next(f)) == framing::message) {
            require(f.type == static_cast<char>(stream[given]));
            require(std::ranges::equal(f.body, stream.subspan(given + 5, f.body.size())));
            if (f.type == data_row::type) walk_row(f.body);
            static_cast<void>(wire_test::read_any(f.type, f.body));
            if (!retain) trace(f);
            if (retain) retained.push_back({in.block(), f.body, given + 5});
            given += f.body.size() + 5;
        }
        require(given + in.buffered() == fed);
        require(in.block()->capacity() <= 256 + 2 * fed);
        require((what == framing::violation) == static_cast<bool>(in.error()));
        if (what == framing::violation) {
            require(!in.diag().message().empty());
            break;
        }
    }
    for (const kept& k : retained) require(std::ranges::equal(k.body, stream.subspan(k.at, k.body.size())));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const auto input = std::as_bytes(std::span(data, size));
    const unsigned choice = data[0];
    run(input.subspan(1), 1 + (choice >> 2) * 7, {1 << 20, (choice & 1) != 0}, (choice & 2) != 0);
    return 0;
}
