// Distributed under the Boost Software License, Version 1.0.
// Integers, floats, numeric, money, booleans, object identifiers.
#include "codec_bench.hpp"

namespace bench {
namespace {

[[maybe_unused]] const bool added = [] {
    add("bool", oid::boolean, true, "t");
    add("int2", oid::int2, std::int16_t{-123}, "-123");
    add("int4", oid::int4, std::int32_t{1'234'567}, "1234567");
    add("int8", oid::int8, std::int64_t{1'234'567'890'123}, "1234567890123");
    add("int8_of_numeric", oid::numeric, std::int64_t{1'234'567'890'123}, "1234567890123");
    add("oid", oid::oid_, oid{16'400}, "16400");
    add("float4", oid::float4, 1.5F, "1.5");
    add("float8", oid::float8, 0.1234567890123456, "0.1234567890123456");
    add("numeric", oid::numeric, tusk::numeric::parse("-12345.6789"), "-12345.6789");
    add("numeric_100_digits", oid::numeric, tusk::numeric::parse(std::string(100, '7')),
        std::string(100, '7'));
    add("money", oid::money, tusk::money(-123'456), "-$1,234.56");
    return true;
}();

} // namespace
} // namespace bench
