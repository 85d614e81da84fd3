// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/waiting.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/row_stream.hpp>
#include <tusk/rows.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace tusk::blocking {

/// `tusk::row_stream` for a blocking connection: a range that is gone through once, in constant memory. A failure is
/// thrown where the loop stands. A T may be moved from; a `tusk::row` is good until the next one is asked for.
/// \code
/// for (const user& u : db.stream<user>("select id, name from users")) greet(u);
/// \endcode
template <class T = row>
class row_stream {
    static constexpr bool dynamic = std::is_same_v<T, row>;
    using some_rows = std::conditional_t<dynamic, result, rows<T>>;
    using position = decltype(std::declval<some_rows&>().begin());

public:
    class iterator;

    row_stream() noexcept = default;
    row_stream(std::shared_ptr<detail::own_loop> loop, tusk::row_stream<T> from) noexcept
        : on_(std::move(loop), std::move(from))
    {
    }

    /// Where the stream stands: it begins once.
    [[nodiscard]] iterator begin() { return iterator(*this); }
    [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

    /// The next row; none at the end.
    [[nodiscard]] std::optional<T> next()
    {
        if (!more()) return {};
        std::optional<T> taken(std::move(*at_));
        ++at_;
        return taken;
    }

    /// Gives the rest up.
    void close() noexcept
    {
        on_.async.close();
        some_ = {};
        at_ = some_.begin();
        ended_ = true;
    }
    [[nodiscard]] const tusk::columns& columns() const noexcept { return on_.async.columns(); }
    /// The command tag and the number of rows, once the end has been seen.
    [[nodiscard]] command done() const { return on_.async.done(); }
    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return on_.async.diag(); }

private:
    /// Whether `at_` is a row.
    [[nodiscard]] bool more()
    {
        if (at_ != some_.end()) return true;
        if (ended_ || !on_.async.is_open()) return false;
        some_ = on_.async.async_next_rows(detail::waiting<true>{on_.loop.get(), {on_.loop->limit}});
        at_ = some_.begin();
        ended_ = some_.empty();
        return !ended_;
    }

    detail::on_loop<tusk::row_stream<T>> on_;
    some_rows some_;
    position at_ = some_.begin();
    bool ended_ = false;
};

template <class T>
class row_stream<T>::iterator {
public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = T;

    explicit iterator(row_stream& of)
        : of_(&of)
    {
        (void)of_->more();
    }

    [[nodiscard]] decltype(auto) operator*() const { return *of_->at_; }
    iterator& operator++()
    {
        ++of_->at_;
        (void)of_->more();
        return *this;
    }
    void operator++(int) { ++*this; }
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return of_->at_ == of_->some_.end(); }

private:
    row_stream* of_;
};

} // namespace tusk::blocking
