// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/copy_out_ops.hpp>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace tusk::detail {

read_to_file_op::~read_to_file_op()
{
    if (file_ >= 0) ::close(file_);
}

bool read_to_file_op::can_end(copy_out_flow& from) noexcept
{
    const bool enough = file_ < 0 || from.buffer().size() >= copy_out_flow::most_waiting;
    return enough && !write(from);
}

/// Writes what has come; false, and why, when that does not go.
bool read_to_file_op::write(copy_out_flow& from)
try {
    if (path_.find('\0') != path_.npos) {
        fail(errc::nul_in_text, diagnostics::client("the name of a file holds a NUL byte"));
        return false;
    }
    constexpr ::mode_t mode = 0666; // less what umask says
    if (file_ < 0) file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    std::span<const std::byte> left = from.buffer().bytes();
    while (file_ >= 0 && !left.empty()) {
        const ::ssize_t n = ::write(file_, left.data(), left.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;
        left = left.subspan(static_cast<std::size_t>(n));
    }
    if (file_ >= 0 && left.empty()) {
        from.clear();
        return true;
    }
    const std::error_code why(errno, std::generic_category());
    fail(why, diagnostics::client("the file \"" + path_ + "\" cannot be written: " + why.message()));
    return false;
} catch (...) {
    fail_with_current_exception();
    return false;
}

void read_to_file_op::prepare() noexcept
{
    if (ec || !write(*from_)) return;
    const int file = std::exchange(file_, -1);
    if (::close(file) != 0) {
        const std::error_code why(errno, std::generic_category());
        fail(why, diagnostics::client("the file \"" + path_ + "\" cannot be written: " + why.message()));
    }
    ended();
}

command read_to_file_op::take()
{
    if (ec) return command(std::string_view(), std::move(diag));
    return from_->done();
}

} // namespace tusk::detail
