// Distributed under the Boost Software License, Version 1.0.
#include <tusk/large_object.hpp>

#include <asio/error.hpp>

namespace tusk::detail {

std::error_code end_of_file() noexcept { return asio::error::make_error_code(asio::error::eof); }

} // namespace tusk::detail
