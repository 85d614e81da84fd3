// Distributed under the Boost Software License, Version 1.0.
// Text, bytes, uuid, bits, JSON, text search.
#include "codec_bench.hpp"

#include <bitset>
#include <vector>

namespace bench {
namespace {

[[maybe_unused]] const bool added = [] {
    using weight = tusk::tsvector::weight;
    add("text", oid::text, std::string("Ada Lovelace"));
    add("text_4k", oid::text, std::string(4096, 'a'));
    add("text_as_view", oid::text, std::string_view("Ada Lovelace"));
    add("char", oid::char_, 'r', "r");
    add(
        "bytea_4k", oid::bytea, std::vector(4096, std::byte{0xab}), "\\x" + [] {
            std::string digits;
            for (int i = 0; i < 4096; ++i) digits += "ab";
            return digits;
        }());
    add("uuid", oid::uuid, *tusk::uuid::parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    add("varbit", oid::varbit, *tusk::bits::parse("10101010101"), "10101010101");
    add("bit_as_bitset", oid::bit, std::bitset<11>("10101010101"), "10101010101");
    add("json", oid::json, tusk::json("{\"a\": [1, 2, 3]}"), "{\"a\": [1, 2, 3]}");
    add("jsonb", oid::jsonb, tusk::jsonb("{\"a\": [1, 2, 3]}"), "{\"a\": [1, 2, 3]}");
    add("tsvector", oid::tsvector,
        tusk::tsvector({{"cat", {{3, weight::d}}}, {"fat", {{2, weight::a}, {4, weight::d}}}}),
        "'cat':3 'fat':2A,4");
    add("tsquery", oid::tsquery, tusk::tsquery::lexeme("fat") & !tusk::tsquery::lexeme("rat"),
        "'fat' & !'rat'");
    return true;
}();

} // namespace
} // namespace bench
