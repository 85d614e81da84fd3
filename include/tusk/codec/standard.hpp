// Distributed under the Boost Software License, Version 1.0.
#pragma once

/// All codecs that come with tusk.
#include <tusk/codec/array.hpp>
#include <tusk/codec/boolean.hpp>
#include <tusk/codec/bytea.hpp>
#include <tusk/codec/chrono.hpp>
#include <tusk/codec/composite.hpp>
#include <tusk/codec/enumeration.hpp>
#include <tusk/codec/floating.hpp>
#include <tusk/codec/integer.hpp>
#include <tusk/codec/optional.hpp>
#include <tusk/codec/range.hpp>
#include <tusk/codec/text.hpp>
#include <tusk/codec/typed.hpp>
#include <tusk/codec/uuid.hpp>
#include <tusk/codec/variant.hpp>
