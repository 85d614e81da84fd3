// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/copy_buffer.hpp>
#include <tusk/detail/flow.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk::detail {

/// The statement whose columns are those of a COPY, so that the server can be asked for their types; empty where the
/// text is no COPY that this understands.
[[nodiscard]] std::string describing_statement(std::string_view copy);

class copy_flow;

/// Asks for the columns of a COPY, in front of it.
class copy_columns_request final : public single_statement {
public:
    copy_columns_request(copy_flow& of, std::string_view sql);
    ~copy_columns_request() = default;

    void describe(std::span<const oid> parameters, const columns_ptr& cols) noexcept override;
    void begin(std::size_t, const columns_ptr&) noexcept override {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept override { return false; }
    void end(std::size_t, std::string_view) noexcept override {}
    [[nodiscard]] bool restart() noexcept override { return true; }
    void complete() override
    {
        end_observation();
        of_.reset();
    }
    void destroy() noexcept override { of_.reset(); }

    /// Keeps the COPY alive until this is answered.
    void hold(std::shared_ptr<copy_flow> of) noexcept { of_ = std::move(of); }
    [[nodiscard]] const columns_ptr& cols() const noexcept { return cols_; }

private:
    std::shared_ptr<copy_flow> of_;
    columns_ptr cols_;
};

/// What both directions have in common.
class copy_flow : public flow {
public:
    /// `typed`: rows will be written or read, so that the columns have to be known.
    copy_flow(submitter_ptr host, bound&& statement, request_kind direction, bool typed);

    // request
    void begin(std::size_t part, const columns_ptr& cols) noexcept final;
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return true; }
    void end(std::size_t part, std::string_view tag) noexcept final;
    [[nodiscard]] bool restart() noexcept final { return !begun_; }
    void copy_begin(std::span<const format> columns) noexcept final;

    [[nodiscard]] std::size_t width() const noexcept { return formats_.size(); }
    [[nodiscard]] bool is_binary() const noexcept { return binary_; }
    /// The columns, of a typed COPY.
    [[nodiscard]] const columns& cols() const noexcept { return cols_; }
    /// Takes note of the columns, or says what makes typed rows impossible.
    [[nodiscard]] std::error_code check_rows(diagnostics& why);
    [[nodiscard]] command done() const { return command(tag_); }

protected:
    ~copy_flow() = default;

    void ended() noexcept override;
    void submit_first() final;
    void cancel_first() noexcept final;
    [[nodiscard]] bool has_begun() const noexcept { return begun_; }

private:
    friend class copy_columns_request;

    std::optional<copy_columns_request> describe_;
    std::vector<format> formats_;
    columns cols_;
    command_tag tag_;
    bool begun_ = false;
    bool binary_ = false;
};

class copy_in_flow;

/// An operation on a COPY FROM STDIN.
class copy_in_op : public flow_op {
public:
    explicit copy_in_op(std::shared_ptr<copy_in_flow> to) noexcept;

    /// What it has come to.
    enum class turn : std::uint8_t {
        done, ///< all that it has to write is in the buffer, or it has failed
        more, ///< it has more to write when there is room
        wait, ///< it waits for the end of the COPY
    };
    /// Writes into the buffer, as long as there is room.
    [[nodiscard]] virtual turn pour(copy_in_flow& to) noexcept = 0;

protected:
    ~copy_in_op() = default;
    /// A COPY that is over takes no data.
    void prepare() noexcept;

    std::shared_ptr<copy_in_flow> to_;
};

/// COPY FROM STDIN: gathers data and gives them to the session in pieces.
class copy_in_flow : public copy_flow {
public:
    /// A piece; what is written beyond it waits until the socket has taken some.
    static constexpr std::size_t piece = 64 * 1024;

    copy_in_flow(submitter_ptr host, bound&& statement, bool typed);

    [[nodiscard]] copy_output next_output() noexcept final;

    // the operations
    /// What is gathered; it begins with room for the header of the message. Throws std::bad_alloc.
    [[nodiscard]] copy_buffer& buffer()
    {
        if (buffer_.empty()) buffer_.extend(copy_output::header);
        return buffer_;
    }
    [[nodiscard]] bool has_room() const noexcept { return buffer_.size() < piece; }
    /// No more data will come.
    void finish_data() noexcept;
    void fail_data(std::string reason) noexcept;
    [[nodiscard]] bool is_ending() const noexcept { return ending_; }
    [[nodiscard]] bool was_aborted() const noexcept { return aborted_; }
    /// True the first time that it is asked.
    [[nodiscard]] bool report() noexcept { return !std::exchange(reported_, true); }
    /// Every member of a row can be written without its codec.
    void set_direct(bool all) noexcept { direct_ = all; }
    [[nodiscard]] bool is_direct() const noexcept { return direct_; }
    /// A row was written.
    void count_row() noexcept { ++rows_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

protected:
    ~copy_in_flow() = default;

    [[nodiscard]] bool serve(request& op) noexcept final;
    void drop() noexcept final { buffer_.clear(); }

private:
    copy_buffer buffer_;
    copy_buffer sent_; // the piece that was given last, or the memory that was given back for it
    std::string reason_;
    std::size_t rows_ = 0;
    bool direct_ = false;
    bool ending_ = false;
    bool aborted_ = false;
    bool reported_ = false;
};

class copy_out_flow;

/// An operation on a COPY TO STDOUT.
class copy_out_op : public flow_op {
public:
    explicit copy_out_op(std::shared_ptr<copy_out_flow> from) noexcept;

    /// Data have come, or it has. True when it can be completed with what is there.
    [[nodiscard]] virtual bool can_end(copy_out_flow& from) noexcept = 0;
    /// The data that have come next, while none wait. False when the operation does not take them from where they are:
    /// they are gathered then. What it took and failed with, it ends with.
    [[nodiscard]] virtual bool take_row(std::span<const std::byte> /*message*/) noexcept { return false; }

protected:
    ~copy_out_op() = default;
    /// The end, or what the COPY failed with.
    void ended() noexcept;

    std::shared_ptr<copy_out_flow> from_;
};

/// COPY TO STDOUT. What has come and was not taken is bounded: beyond it nothing more is read.
class copy_out_flow : public copy_flow {
public:
    /// What may wait for the user, in bytes.
    static constexpr std::size_t most_waiting = 64 * 1024;

    copy_out_flow(submitter_ptr host, bound&& statement, bool typed);

    void copy_data(const block_ptr& block, std::span<const std::byte> body) noexcept final;

    // the operations on bytes
    [[nodiscard]] const copy_buffer& buffer() const noexcept { return buffer_; }
    /// All that has come.
    [[nodiscard]] copy_buffer take_bytes() noexcept;
    /// The same, where it has been looked at already.
    void clear() noexcept;

    // the operations on rows
    [[nodiscard]] bool has_row() const noexcept { return next_ < ends_.size(); }
    /// How many there are.
    [[nodiscard]] std::size_t waiting_rows() const noexcept { return ends_.size() - next_; }
    /// The next row, which there is, in the form of a DataRow.
    [[nodiscard]] std::span<const std::byte> front_row() const noexcept
    {
        const std::size_t begin = next_ == 0 ? 0 : ends_[next_ - 1];
        return buffer_.bytes().subspan(begin, ends_[next_] - begin);
    }
    void pop_row() noexcept
    {
        if (++next_ >= ends_.size()) drop_rows();
    }

protected:
    ~copy_out_flow() = default;

    void ended() noexcept final;
    [[nodiscard]] bool serve(request& op) noexcept final;
    void drop() noexcept final;

private:
    void find_rows();
    [[nodiscard]] bool find_row(std::span<const std::byte> left, std::size_t& size);
    [[nodiscard]] bool pass_header();
    [[nodiscard]] bool pass_extension() noexcept;
    void fail_data(std::string why) noexcept;
    void drop_rows() noexcept;
    void release() noexcept;

    copy_buffer buffer_;
    std::vector<std::size_t> ends_; // of the whole rows in it
    std::size_t next_ = 0;          // the row that is taken next
    std::size_t extension_ = 0;     // bytes of the header's extension that are to come
    bool typed_;
    bool header_passed_ = false;
    bool trailer_seen_ = false;
};

} // namespace tusk::detail
