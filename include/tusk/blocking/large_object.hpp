// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/waiting.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/large_object.hpp>
#include <tusk/oid.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace tusk::blocking {

/// `tusk::large_object` for a blocking connection, with the same operations. It has the shape of Asio's SyncReadStream and
/// SyncWriteStream, so that asio::read and asio::write take it.
///
/// **Errors.** What was moved from, or was never opened, is errc::already_ended.
/// \code
/// auto tx = db.begin();
/// auto photo = tx.open_large_object(id);
/// std::vector<std::byte> head(512);
/// std::size_t n = photo.read_some(std::span(head));
/// \endcode
class large_object {
public:
    large_object() noexcept = default;
    large_object(std::shared_ptr<detail::own_loop> loop, tusk::large_object async) noexcept
        : on_(std::move(loop), std::move(async))
    {
    }
    explicit large_object(diagnostics why) noexcept
        : diag_(std::move(why))
    {
    }

    /// The number by which it is found again.
    [[nodiscard]] oid id() const noexcept { return on_.async.id(); }

    template <class Buffers, detail::error_target... Ec>
    auto read_some(const Buffers& buffer, Ec&... ec)
    {
        return on_.async.async_read_some(buffer, wait(ec...));
    }
    template <class Buffers, detail::error_target... Ec>
    auto write_some(const Buffers& buffer, Ec&... ec)
    {
        return on_.async.async_write_some(buffer, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto seek(std::int64_t offset, seek_from from = seek_from::begin, Ec&... ec)
    {
        return on_.async.async_seek(offset, from, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto tell(Ec&... ec)
    {
        return on_.async.async_tell(wait(ec...));
    }
    template <detail::error_target... Ec>
    auto truncate(std::int64_t size, Ec&... ec)
    {
        return on_.async.async_truncate(size, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto close(Ec&... ec)
    {
        return on_.async.async_close(wait(ec...));
    }

    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    template <detail::error_target... Ec>
    requires(sizeof...(Ec) < 2) [[nodiscard]] auto wait(Ec&... ec) const
    {
        if (!on_.loop) throw error(errc::already_ended);
        return detail::waiting<sizeof...(Ec) == 0>{on_.loop.get(), {on_.loop->limit}, &ec...};
    }

    detail::on_loop<tusk::large_object> on_;
    diagnostics diag_;
};

} // namespace tusk::blocking
