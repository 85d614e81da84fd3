// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/copy_flows.hpp>
#include <tusk/detail/copy_rows.hpp>
#include <tusk/error.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tusk::detail {

copy_columns_request::copy_columns_request(copy_flow&, std::string_view sql)
    : single_statement(bound(sql))
{
    kind = request_kind::prepare;
    unnamed = true; // a cached one might have gone stale, and would then be sent anew behind the COPY
}

void copy_columns_request::describe(std::span<const oid>, const columns_ptr& cols) noexcept { cols_ = cols; }

copy_flow::copy_flow(submitter_ptr host, bound&& statement, request_kind direction, bool typed)
    : flow(std::move(host), std::move(statement))
{
    kind = direction;
    if (!typed) return;
    const std::string columns = describing_statement(statement_.sql());
    if (!columns.empty()) {
        describe_.emplace(*this, columns);
        describe_->id = this->host()->next_id();
        describe_->timeout = timeout;
    }
}

void copy_flow::submit_first()
{
    if (!describe_) return;
    describe_->hold(std::static_pointer_cast<copy_flow>(shared_from_this()));
    host()->submit(*describe_);
}

/// It may wait for a lock, as the COPY does.
void copy_flow::cancel_first() noexcept
{
    if (describe_) host()->cancel(describe_->id);
}

void copy_flow::begin(std::size_t part, const columns_ptr& cols) noexcept
{
    if (!begun_) {
        (void)only(part, cols);
        fail(errc::wrong_copy, diagnostics::client("the statement is not a COPY FROM STDIN or TO STDOUT"));
    }
}

void copy_flow::end(std::size_t, std::string_view tag) noexcept { tag_ = command_tag(tag); }

void copy_flow::copy_begin(std::span<const format> columns) noexcept
try {
    begun_ = true;
    ec = {}; // what begin() may have said before it was known
    diag = {};
    formats_.assign(columns.begin(), columns.end());
    binary_ =
        !formats_.empty() && std::ranges::all_of(formats_, [](format f) { return f == format::binary; });
    finish_op();
} catch (...) {
    fail_with_current_exception();
}

std::error_code copy_flow::check_rows(diagnostics& why)
{
    if (!is_binary()) {
        why = diagnostics::client("typed rows need a COPY with (format binary)");
        return errc::wrong_copy;
    }
    if (!describe_) {
        why = diagnostics::client(
            "the columns cannot be told from the text of the COPY: write its bytes, or give it "
            "the form COPY table (columns) ...");
        return errc::wrong_copy;
    }
    if (describe_->ec) {
        why = describe_->diag;
        return describe_->ec;
    }
    if (describe_->cols()) cols_ = *describe_->cols();
    for (column& c : cols_) c.format = format::binary;
    if (cols_.size() == width()) return {};
    why = diagnostics::client("the COPY has " + std::to_string(width()) + " columns, its table " +
                              std::to_string(cols_.size()) + ": name the columns in the COPY");
    return errc::column_mismatch;
}

/// What made the server refuse everything after it comes first.
void copy_flow::ended() noexcept
{
    if (!describe_ || begun_ || !ec || !describe_->ec || describe_->ec == errc::needs_extended_protocol)
        return;
    ec = describe_->ec;
    diag = describe_->diag;
}

// --- in

copy_in_op::copy_in_op(std::shared_ptr<copy_in_flow> to) noexcept
    : to_(std::move(to))
{
}

void copy_in_op::prepare() noexcept
{
    if (ec || !to_->is_over()) return;
    fail(to_->ec ? to_->ec : make_error_code(errc::already_ended), to_->diag);
}

copy_in_flow::copy_in_flow(submitter_ptr host, bound&& statement, bool typed)
    : copy_flow(std::move(host), std::move(statement), request_kind::copy_in, typed)
{
}

bool copy_in_flow::serve(request& op) noexcept
{
    if (ending_) {
        op.fail(errc::already_ended, diagnostics::client("the COPY has been finished or aborted"));
        return true;
    }
    const copy_in_op::turn t = static_cast<copy_in_op&>(op).pour(*this);
    has_output = ending_ || t != copy_in_op::turn::done || !has_room();
    if (t == copy_in_op::turn::done) finish_op();
    if (has_output) advance(); // which may go on with the operation
    return false;
}

void copy_in_flow::finish_data() noexcept { ending_ = true; }

void copy_in_flow::fail_data(std::string reason) noexcept
{
    ending_ = true;
    aborted_ = true;
    reason_ = std::move(reason);
    buffer_.clear();
}

copy_output copy_in_flow::next_output() noexcept
{
    using what = copy_output::what;
    has_output = false;
    if (aborted_) return {.kind = what::fail, .data = nullptr, .reason = reason_};
    if (buffer_.size() <= copy_output::header)
        return {.kind = ending_ ? what::done : what::nothing, .data = nullptr, .reason = {}};
    sent_.swap(buffer_);
    buffer_.clear();
    buffer_.release_above(4 * piece);
    bool waits = false;
    if (op() && !ending_) {
        const copy_in_op::turn t = static_cast<copy_in_op&>(*op()).pour(*this);
        waits = t != copy_in_op::turn::done;
        if (!waits) finish_op();
    }
    has_output = ending_ || waits || !has_room();
    return {.kind = what::data, .data = &sent_, .reason = {}};
}

// --- out

copy_out_op::copy_out_op(std::shared_ptr<copy_out_flow> from) noexcept
    : from_(std::move(from))
{
}

void copy_out_op::ended() noexcept
{
    if (from_->ec) fail(from_->ec, from_->diag);
}

copy_out_flow::copy_out_flow(submitter_ptr host, bound&& statement, bool typed)
    : copy_flow(std::move(host), std::move(statement), request_kind::copy_out, typed)
    , typed_(typed)
{
}

void copy_out_flow::copy_data(const block_ptr&, std::span<const std::byte> body) noexcept
try {
    if (ec || is_abandoned()) return;
    if (op() && header_passed_ && !trailer_seen_ && buffer_.empty() && extension_ == 0 &&
        static_cast<copy_out_op&>(*op()).take_row(body)) {
        if (op() && op()->ec) finish_op();
        return;
    }
    buffer_.append(body);
    if (typed_) find_rows();
    if (op() && serve(*op())) finish_op(); // it takes what has come by then
    // a row that is larger than the bound has to come whole
    holds_reading = buffer_.size() >= most_waiting && (!typed_ || has_row());
} catch (...) {
    fail_with_current_exception();
}

bool copy_out_flow::serve(request& op) noexcept { return static_cast<copy_out_op&>(op).can_end(*this); }

/// Without the trailer the rows were cut off.
void copy_out_flow::ended() noexcept
{
    copy_flow::ended();
    if (typed_ && has_begun() && is_binary() && !ec && !is_abandoned() && !trailer_seen_)
        fail_data("end without their trailer");
}

void copy_out_flow::drop() noexcept
{
    buffer_.clear();
    ends_.clear();
    next_ = 0;
}

void copy_out_flow::release() noexcept
{
    if (std::exchange(holds_reading, false)) advance();
}

copy_buffer copy_out_flow::take_bytes() noexcept
{
    copy_buffer all = std::move(buffer_);
    release();
    return all;
}

void copy_out_flow::clear() noexcept
{
    buffer_.clear();
    release();
}

void copy_out_flow::drop_rows() noexcept
{
    if (!ends_.empty()) buffer_.drop_front(ends_.back());
    buffer_.release_above(4 * most_waiting);
    ends_.clear();
    next_ = 0;
    release();
}

/// What is no data of a COPY in binary.
void copy_out_flow::fail_data(std::string why) noexcept
{
    fail(errc::invalid_value, diagnostics::client("the data of the COPY " + std::move(why)));
}

/// Signature, Int32 flags, Int32 length of an extension, and that. Of the flags those above the lower 16 say that a
/// reader who does not know them is to give up: bit 16 would be OIDs in the rows.
bool copy_out_flow::pass_header()
{
    constexpr std::size_t signature = 11;
    const std::span<const std::byte> bytes = buffer_.bytes();
    if (bytes.size() < copy_header.size()) return false;
    if (std::memcmp(bytes.data(), copy_header.data(), signature) != 0) {
        fail_data("are not in binary format");
        return false;
    }
    if (load_be<std::uint32_t>(bytes.subspan<11, 4>()) >> 16 != 0) {
        fail_data("are of a binary format that is not known: its header has critical flags");
        return false;
    }
    extension_ = load_be<std::uint32_t>(bytes.subspan<15, 4>());
    buffer_.drop_front(copy_header.size());
    header_passed_ = true;
    return true;
}

/// An extension is dropped as it comes, however long it says to be.
bool copy_out_flow::pass_extension() noexcept
{
    const std::size_t some = std::min(extension_, buffer_.size());
    buffer_.drop_front(some);
    extension_ -= some;
    return extension_ == 0;
}

/// The size of the row at the front; false when it is not whole yet, or no row.
bool copy_out_flow::find_row(std::span<const std::byte> left, std::size_t& size)
{
    row_cursor cursor(left);
    std::size_t fields = 0;
    if (!cursor.count(fields)) return false;
    if (fields == 0xffff) { // an Int16 of -1
        trailer_seen_ = true;
        if (left.size() > copy_trailer.size()) fail_data("go on behind their trailer");
        return false;
    }
    if (fields != width()) {
        fail_data("have a row with another number of values than columns");
        return false;
    }
    raw_field f{};
    for (; fields > 0; --fields)
        if (!cursor.next(f.data, f.length)) {
            if (cursor.is_bad()) fail_data("have a value of a negative length");
            return false;
        }
    size = left.size() - cursor.left();
    return true;
}

/// Notes the ends of the rows that are whole.
void copy_out_flow::find_rows()
{
    if (!header_passed_ && !pass_header()) return;
    if (extension_ != 0 && !pass_extension()) return;
    std::size_t at = ends_.empty() ? 0 : ends_.back();
    for (std::size_t size = 0; find_row(buffer_.bytes().subspan(at), size);) {
        at += size;
        ends_.push_back(at);
    }
}

// --- what is copied

namespace {

[[nodiscard]] bool is_word(char c) noexcept
{
    const char lower = static_cast<char>(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

[[nodiscard]] bool same_word(std::string_view word, std::string_view lower) noexcept
{
    if (word.size() != lower.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if ((word[i] | 0x20) != lower[i]) return false;
    return true;
}

/// The length of the comment, quoted text or single character at the front.
[[nodiscard]] std::size_t token_length(std::string_view sql) noexcept
{
    const auto behind = [&](std::string_view end, std::size_t from) {
        const std::size_t at = sql.find(end, from);
        return at == sql.npos ? sql.size() : at + end.size();
    };
    if (sql.starts_with("--")) return behind("\n", 2);
    if (sql.starts_with("/*")) return behind("*/", 2);
    if (sql.front() == '"') return behind("\"", 1);
    if (sql.front() == '\'') return behind("'", 1);
    std::size_t n = 0;
    while (n < sql.size() && is_word(sql[n])) ++n;
    return n == 0 ? 1 : n;
}

[[nodiscard]] bool is_blank(std::string_view token) noexcept
{
    return token.starts_with("--") || token.starts_with("/*") ||
           std::string_view(" \t\r\n\f\v").find(token.front()) != std::string_view::npos;
}

} // namespace

std::string describing_statement(std::string_view copy)
{
    std::string table, columns;
    int depth = 0;
    bool first = true;
    while (!copy.empty()) {
        const std::string_view token = copy.substr(0, token_length(copy));
        copy.remove_prefix(token.size());
        if (std::exchange(first, first && is_blank(token))) {
            if (is_blank(token)) continue;
            if (!same_word(token, "copy")) return {};
            continue;
        }
        if (token == "(") ++depth;
        if (depth == 0) {
            if (same_word(token, "from") || same_word(token, "to")) {
                if (columns.empty()) columns = "*";
                if (table.find_first_not_of(" \t\r\n\f\v") == table.npos)
                    return columns == "*" ? "" : columns;
                return "select " + columns + " from " + table;
            }
            if (same_word(token, "binary")) return {}; // a syntax of before 7.3
            table += is_blank(token) ? " " : token;
        } else if (!(depth == 1 && token == "(") && !(depth == 1 && token == ")")) {
            columns += is_blank(token) ? " " : token;
        }
        if (token == ")") --depth;
    }
    return {};
}

} // namespace tusk::detail
