// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/cursor.hpp>
#include <tusk/detail/waiting.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/row.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace tusk::blocking {

/// `tusk::cursor` for a blocking connection, with the same operations. One that goes out of scope closes its portal without
/// waiting.
///
/// **Errors.** As those of `tusk::cursor`. What was moved from, or was never opened, is errc::already_ended.
/// \code
/// auto tx = db.begin();
/// auto users = tx.cursor<user>("select id, name from users order by id");
/// for (auto some = users.fetch(100); !some.empty(); some = users.fetch(100))
///     for (const user& u : some) tx.execute(tusk::sql("insert into greeted values ($1)", u.id));
/// tx.commit();
/// \endcode
template <class T = row>
class cursor {
public:
    cursor() noexcept = default;
    cursor(std::shared_ptr<detail::own_loop> loop, tusk::cursor<T> async) noexcept
        : on_(std::move(loop), std::move(async))
    {
        if (!is_open()) on_.loop = nullptr;
    }

    /// The next rows, `count` of them or as many as are left; none at the end.
    template <detail::error_target... Ec>
    auto fetch(std::size_t count, Ec&... ec)
    {
        return on_.async.async_fetch(count, wait(ec...));
    }
    /// Closes it before the transaction ends.
    template <detail::error_target... Ec>
    auto close(Ec&... ec)
    {
        return on_.async.async_close(wait(ec...));
    }

    [[nodiscard]] bool is_open() const noexcept { return on_.async.is_open(); }
    [[nodiscard]] bool at_end() const noexcept { return on_.async.at_end(); }
    [[nodiscard]] const tusk::columns& columns() const noexcept { return on_.async.columns(); }
    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return on_.async.diag(); }

private:
    template <detail::error_target... Ec>
    requires(sizeof...(Ec) < 2) [[nodiscard]] auto wait(Ec&... ec) const
    {
        if (!on_.loop) throw error(errc::already_ended);
        return detail::waiting<sizeof...(Ec) == 0>{on_.loop.get(), {on_.loop->limit}, &ec...};
    }

    detail::on_loop<tusk::cursor<T>> on_;
};

} // namespace tusk::blocking
