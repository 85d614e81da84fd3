// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/bytea.hpp>
#include <tusk/codec/integer.hpp>
#include <tusk/detail/typed_sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/rows.hpp>
#include <tusk/sql.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

namespace tusk::detail {

/// What one call of loread or lowrite moves at most.
inline constexpr std::size_t large_object_piece = std::size_t{1} << 20;

/// What asio's streams say at the end.
[[nodiscard]] std::error_code end_of_file() noexcept;

template <class Buffer>
concept single_buffer = requires(const Buffer& b)
{
    static_cast<const void*>(b.data());
    b.size();
};

/// The first buffer that is not empty of a buffer sequence of Asio's, a single buffer, or contiguous bytes.
template <class Byte, class Buffers>
[[nodiscard]] std::span<Byte> first_buffer(const Buffers& buffers)
{
    const auto span_of = [](const auto& b) {
        using memory = std::remove_pointer_t<decltype(b.data())>;
        constexpr std::size_t unit =
            std::is_void_v<memory> ? 1 : sizeof(std::conditional_t<std::is_void_v<memory>, char, memory>);
        using pointer = std::conditional_t<std::is_const_v<Byte>, const void*, void*>;
        return std::span<Byte>(static_cast<Byte*>(static_cast<pointer>(b.data())), b.size() * unit);
    };
    if constexpr (requires {
                      {
                          *buffers.begin()
                          } -> single_buffer;
                  }) {
        for (const auto& b : buffers)
            if (b.size() != 0) return span_of(b);
        return {};
    } else {
        return span_of(buffers);
    }
}

/// A function of the server whose answer says no more than that it worked.
class lo_done_sink : public one_sink<std::int32_t> {
public:
    using value_type = diagnostics;
    explicit lo_done_sink(bound&& call)
        : one_sink<std::int32_t>(std::move(call))
    {
    }

protected:
    ~lo_done_sink() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }
};

struct fill_buffer {
    std::span<std::byte> to;
    std::size_t filled = 0;

    void operator()(const std::span<const std::byte>& bytes) noexcept
    {
        filled = std::min(bytes.size(), to.size());
        if (filled) std::memcpy(to.data(), bytes.data(), filled);
    }
};

/// loread, straight into the caller's buffer.
class lo_read_sink : public visit_sink<std::span<const std::byte>, fill_buffer> {
public:
    using value_type = single<std::size_t>;
    lo_read_sink(std::int32_t descriptor, std::span<std::byte> to)
        : visit_sink(sql("select pg_catalog.loread($1, $2)", descriptor,
                         static_cast<std::int32_t>(std::min(to.size(), large_object_piece))),
                     fill_buffer{to})
    {
    }

protected:
    ~lo_read_sink() = default;

    void prepare() noexcept
    {
        if (!ec && store_.visit.filled == 0 && !store_.visit.to.empty()) fail(end_of_file());
    }
    [[nodiscard]] single<std::size_t> take()
    {
        return single<std::size_t>(ec ? 0 : store_.visit.filled, std::move(diag));
    }
};

class lo_write_sink : public one_sink<std::int32_t> {
public:
    using value_type = single<std::size_t>;
    lo_write_sink(std::int32_t descriptor, std::span<const std::byte> bytes)
        : one_sink<std::int32_t>(sql("select pg_catalog.lowrite($1, $2)", descriptor,
                                     bytes.first(std::min(bytes.size(), large_object_piece))))
    {
    }

protected:
    ~lo_write_sink() = default;
    [[nodiscard]] single<std::size_t> take()
    {
        const std::int32_t written = ec ? 0 : store_.value.value_or(0);
        return single<std::size_t>(static_cast<std::size_t>(std::max(written, 0)), std::move(diag));
    }
};

} // namespace tusk::detail
