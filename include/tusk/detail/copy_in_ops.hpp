// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/copy_flows.hpp>
#include <tusk/detail/copy_rows.hpp>
#include <tusk/error.hpp>
#include <tusk/sqlstate.hpp>

#include <cstddef>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace tusk::detail {

/// The same with the type of its rows.
template <class T>
class typed_copy_in final : public copy_in_flow {
public:
    typed_copy_in(submitter_ptr host, bound&& statement)
        : copy_in_flow(std::move(host), std::move(statement), !std::is_void_v<T>)
    {
    }
    ~typed_copy_in() = default;
};

/// What an operation completes with that has nothing to tell: diagnostics.
class copy_event_op : public copy_in_op {
public:
    using value_type = diagnostics;
    using copy_in_op::copy_in_op;

protected:
    ~copy_event_op() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }
};

/// async_write: bytes of the user's, which live until it completes.
class write_bytes_op : public copy_event_op {
public:
    write_bytes_op(std::shared_ptr<copy_in_flow> to, std::span<const std::byte> bytes) noexcept
        : copy_event_op(std::move(to))
        , left_(bytes)
    {
    }
    [[nodiscard]] turn pour(copy_in_flow& to) noexcept final;

protected:
    ~write_bytes_op() = default;

private:
    std::span<const std::byte> left_;
};

/// async_write_file.
class write_file_op : public copy_event_op {
public:
    write_file_op(std::shared_ptr<copy_in_flow> to, std::string path) noexcept
        : copy_event_op(std::move(to))
        , path_(std::move(path))
    {
    }
    [[nodiscard]] turn pour(copy_in_flow& to) noexcept final;

protected:
    ~write_file_op();

private:
    std::string path_;
    int file_ = -1;
};

/// A range that is read once: one of the user's that lives long enough, or one that was given away.
template <class Range>
class kept_range {
public:
    explicit kept_range(Range&& range)
        : range_(std::forward<Range>(range))
    {
    }
    [[nodiscard]] auto& get() noexcept { return range_; }

private:
    Range range_; // a reference, or the range itself
};

/// async_write_rows.
template <class T, class Range>
class write_rows_op : public copy_event_op {
public:
    write_rows_op(std::shared_ptr<copy_in_flow> to, kept_range<Range>&& rows)
        : copy_event_op(std::move(to))
        , rows_(std::move(rows))
    {
    }

    [[nodiscard]] turn pour(copy_in_flow& to) noexcept final
    {
        try {
            if (!next_) next_.emplace(std::begin(rows_.get()));
            auto& at = *next_;
            const auto end = std::end(rows_.get());
            const columns& cols = to.cols();
            const bool direct = to.is_direct();
            copy_buffer& buffer = to.buffer();
            for (; at != end; ++at) {
                if (buffer.size() >= copy_in_flow::piece) return turn::more;
                std::size_t index = 0;
                errc failure{};
                const T& row = *at;
                if (!copy_row(row, direct, cols, buffer, index, failure)) [[unlikely]] {
                    static constexpr auto sources = sources_of<T>();
                    fail(failure, unwritable(cols, index, sources[index], raw_type_name<T>(), to.rows()));
                    return turn::done;
                }
                to.count_row();
            }
        } catch (...) {
            fail_with_current_exception();
        }
        return turn::done;
    }

protected:
    ~write_rows_op() = default;

private:
    kept_range<Range> rows_;
    std::optional<decltype(std::begin(std::declval<std::remove_reference_t<Range>&>()))> next_;
};

/// async_finish.
class finish_copy_op : public copy_in_op {
public:
    using value_type = command;
    finish_copy_op(std::shared_ptr<copy_in_flow> to, bool typed) noexcept
        : copy_in_op(std::move(to))
        , typed_(typed)
    {
    }
    [[nodiscard]] turn pour(copy_in_flow& to) noexcept final;

protected:
    ~finish_copy_op() = default;
    void prepare() noexcept;
    [[nodiscard]] command take();

private:
    bool typed_;
};

/// async_abort.
class abort_copy_op : public copy_event_op {
public:
    abort_copy_op(std::shared_ptr<copy_in_flow> to, std::string reason) noexcept
        : copy_event_op(std::move(to))
        , reason_(std::move(reason))
    {
    }
    [[nodiscard]] turn pour(copy_in_flow& to) noexcept final;

protected:
    ~abort_copy_op() = default;
    void prepare() noexcept;

private:
    std::string reason_;
};

} // namespace tusk::detail
