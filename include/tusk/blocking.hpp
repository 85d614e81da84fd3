// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/blocking/connection.hpp>
#include <tusk/blocking/copy.hpp>
#include <tusk/blocking/cursor.hpp>
#include <tusk/blocking/large_object.hpp>
#include <tusk/blocking/queries.hpp>
#include <tusk/blocking/row_stream.hpp>
#include <tusk/blocking/subscription.hpp>
#include <tusk/blocking/transaction.hpp>
