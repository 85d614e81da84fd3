// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/copy_in_ops.hpp>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace tusk::detail {

copy_in_op::turn write_bytes_op::pour(copy_in_flow& to) noexcept
try {
    copy_buffer& buffer = to.buffer();
    while (!left_.empty()) {
        if (!to.has_room()) return turn::more;
        const auto some = left_.first(std::min(left_.size(), copy_in_flow::piece - buffer.size()));
        buffer.append(some);
        left_ = left_.subspan(some.size());
    }
    return turn::done;
} catch (...) {
    fail_with_current_exception();
    return turn::done;
}

write_file_op::~write_file_op()
{
    if (file_ >= 0) ::close(file_);
}

copy_in_op::turn write_file_op::pour(copy_in_flow& to) noexcept
try {
    const auto system_failure = [&] {
        const std::error_code why(errno, std::generic_category());
        fail(why, diagnostics::client("the file \"" + path_ + "\" cannot be read: " + why.message()));
        return turn::done;
    };
    if (path_.find('\0') != path_.npos) {
        fail(errc::nul_in_text, diagnostics::client("the name of a file holds a NUL byte"));
        return turn::done;
    }
    if (file_ < 0) file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file_ < 0) return system_failure();
    copy_buffer& buffer = to.buffer();
    while (to.has_room()) {
        const std::size_t before = buffer.size();
        const std::size_t room = copy_in_flow::piece - before;
        std::byte* const at = buffer.extend(room);
        const ::ssize_t n = ::read(file_, at, room);
        buffer.truncate(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return system_failure();
        if (n == 0) return turn::done;
    }
    return turn::more;
} catch (...) {
    fail_with_current_exception();
    return turn::done;
}

copy_in_op::turn finish_copy_op::pour(copy_in_flow& to) noexcept
try {
    if (typed_) to.buffer().append(std::as_bytes(std::span(copy_trailer)));
    to.finish_data();
    return turn::wait;
} catch (...) {
    fail_with_current_exception();
    return turn::done;
}

void finish_copy_op::prepare() noexcept
{
    if (ec) return;
    if (to_->ec)
        fail(to_->ec, to_->diag);
    else if (!to_->report())
        fail(errc::already_ended, diagnostics::client("the COPY has been finished before"));
}

command finish_copy_op::take()
{
    if (ec) return command(std::string_view(), std::move(diag));
    return to_->done();
}

copy_in_op::turn abort_copy_op::pour(copy_in_flow& to) noexcept
{
    constexpr std::size_t longest = 9000; // the server takes 10 000 with what is around it
    if (reason_.size() > longest) {
        fail(errc::request_too_large);
        return turn::done;
    }
    if (reason_.find('\0') != reason_.npos) {
        fail(errc::nul_in_text);
        return turn::done;
    }
    to.fail_data(std::move(reason_));
    return turn::wait;
}

/// The server answers CopyFail with an error, as it should.
void abort_copy_op::prepare() noexcept
{
    if (ec || !to_->is_over()) return;
    if (!to_->ec)
        fail(errc::already_ended, diagnostics::client("the COPY has been finished before"));
    else if (!to_->was_aborted() || to_->ec != sqlstate::query_canceled)
        fail(to_->ec, to_->diag);
}

} // namespace tusk::detail
