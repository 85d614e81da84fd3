// Distributed under the Boost Software License, Version 1.0.
// Forced in front of every source of tusk_core: the conversation never sees a socket.
#pragma GCC poison asio
