// Distributed under the Boost Software License, Version 1.0.
#pragma once

/// std::aligned_alloc, where Asio has the memory of its operations from, replaced in this program, so that a test can
/// see what happens when there is none.
namespace scripted {

/// The next such allocation of this thread fails, and the ones behind it succeed again.
void fail_next_operation() noexcept;
/// Whether it is still to come. Asking takes it back.
[[nodiscard]] bool take_back_failure() noexcept;

} // namespace scripted
