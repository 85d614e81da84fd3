// Distributed under the Boost Software License, Version 1.0.
#pragma once

/// All codecs that come with tusk.
#include <tusk/codec/array.hpp>
#include <tusk/codec/bits.hpp>
#include <tusk/codec/boolean.hpp>
#include <tusk/codec/bytea.hpp>
#include <tusk/codec/chrono.hpp>
#include <tusk/codec/composite.hpp>
#include <tusk/codec/cube.hpp>
#include <tusk/codec/date_time.hpp>
#include <tusk/codec/enumeration.hpp>
#include <tusk/codec/floating.hpp>
#include <tusk/codec/geometric.hpp>
#include <tusk/codec/hstore.hpp>
#include <tusk/codec/integer.hpp>
#include <tusk/codec/json.hpp>
#include <tusk/codec/ltree.hpp>
#include <tusk/codec/money.hpp>
#include <tusk/codec/network.hpp>
#include <tusk/codec/numeric.hpp>
#include <tusk/codec/optional.hpp>
#include <tusk/codec/pgvector.hpp>
#include <tusk/codec/postgis.hpp>
#include <tusk/codec/range.hpp>
#include <tusk/codec/system.hpp>
#include <tusk/codec/text.hpp>
#include <tusk/codec/text_search.hpp>
#include <tusk/codec/typed.hpp>
#include <tusk/codec/uuid.hpp>
#include <tusk/codec/variant.hpp>
#include <tusk/codec/void.hpp>
