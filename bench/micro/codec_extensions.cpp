// Distributed under the Boost Software License, Version 1.0.
// The server's own numbers and the types of extensions; these are written in binary here.
#include "codec_bench.hpp"

#include <vector>

namespace bench {
namespace {

[[maybe_unused]] const bool added = [] {
    add("pg_lsn", oid::pg_lsn, tusk::pg_lsn{0x16'b374'd848}, "16/B374D848");
    add("xid8", oid::xid8, tusk::xid8{1'234'567}, "1234567");
    add("tid", oid::tid, tusk::tid{7, 2}, "(7,2)");
    add("pg_snapshot", oid::pg_snapshot, tusk::pg_snapshot({10}, {20}, {{10}, {14}, {15}}), "10:20:10,14,15");
    add("hstore", extension, tusk::hstore({{"a", "1"}, {"b", std::nullopt}}), "\"a\"=>\"1\", \"b\"=>NULL");
    add("ltree", extension, tusk::ltree("Top.Science.Astronomy"), "Top.Science.Astronomy");
    add("cube", extension, tusk::cube({1, 2}, {3, 4}), "(1, 2),(3, 4)");
    add("vector", extension, tusk::pgvector({1, -2.5F, 0}), "[1,-2.5,0]");
    add("vector_1536", extension, tusk::pgvector(std::vector(1536, 0.25F)));
    add("halfvec_1536", extension, tusk::halfvec(std::vector(1536, 0.25F)));
    add("sparsevec", extension, tusk::sparsevec(5, {{0, 1.5F}, {2, 2}}), "{1:1.5,3:2}/5");
    add("geometry_4k", extension, tusk::ewkb(std::vector(4096, std::byte{1})));
    return true;
}();

} // namespace
} // namespace bench
