// Distributed under the Boost Software License, Version 1.0.
#pragma once

/// All codecs that come with tusk.
#include <tusk/codec/boolean.hpp>
#include <tusk/codec/bytea.hpp>
#include <tusk/codec/chrono.hpp>
#include <tusk/codec/date_time.hpp>
#include <tusk/codec/floating.hpp>
#include <tusk/codec/integer.hpp>
#include <tusk/codec/money.hpp>
#include <tusk/codec/numeric.hpp>
#include <tusk/codec/optional.hpp>
#include <tusk/codec/text.hpp>
#include <tusk/codec/uuid.hpp>
