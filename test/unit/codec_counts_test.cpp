// Distributed under the Boost Software License, Version 1.0.
// Counts, lengths and dimensions that lie are refused, and take no memory.
#include "codec_containers.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace codec_test {
namespace {

constexpr auto extension = static_cast<oid>(16'400);

TEST(codec_counts, numbers_and_bits)
{
    refuse_counts<tusk::numeric>(oid::numeric, "0003 0002 4000 0002 0011 0000 0001", 2, {0});
    refuse_counts<tusk::numeric>(oid::numeric, "0000 0000 c000 0000", 2, {0});
    refuse_counts<tusk::bits>(oid::varbit, "00000010 ffff", 4, {0});
    refuse_counts<tusk::inet>(oid::inet, "02 20 00 04 0a010203", 1, {3});
    refuse_counts<tusk::inet>(oid::inet, "03 80 00 10 00000000000000000000ffff01020304", 1, {3});
}

TEST(codec_counts, shapes)
{
    refuse_counts<tusk::path>(oid::path, "01 00000001 3ff0000000000000 4000000000000000", 4, {1});
    refuse_counts<tusk::polygon>(oid::polygon, "00000001 3ff0000000000000 4000000000000000", 4, {0});
}

TEST(codec_counts, text_search)
{
    refuse_counts<tusk::tsvector>(oid::tsvector, "00000002 6100 0002 c001 8003 63617400 0001 0005", 4, {0});
    // of the first lexeme, positions can be taken for text
    refuse_counts<tusk::tsvector>(oid::tsvector, "00000002 6100 0002 c001 8003 63617400 0001 0005", 2, {16});
    refuse_counts<tusk::tsquery>(oid::tsquery, "00000004 02040003 0201 0100006200 010c016100", 4, {0});
}

TEST(codec_counts, of_the_server)
{
    refuse_counts<tusk::pg_snapshot>(oid::pg_snapshot,
                                     "00000001 000000000000000a 0000000000000014 000000000000000e", 4, {0});
}

TEST(codec_counts, extensions)
{
    refuse_counts<tusk::hstore>(extension, "00000002 00000001 61 00000001 31 00000001 62 ffffffff", 4,
                                {0, 4, 9, 14});
    refuse_counts<tusk::cube>(extension, "00000001 3ff0000000000000 4000000000000000", 4, {0});
    refuse_counts<tusk::pgvector>(extension, "0002 0000 3f800000 c0200000", 2, {0, 2});
    refuse_counts<tusk::halfvec>(extension, "0003 0000 3c00 c100 7bff", 2, {0, 2});
    refuse_counts<tusk::sparsevec>(
        extension, "00000005 00000002 00000000 00000000 00000002 3fc00000 40000000", 4, {4, 8});
}

TEST(codec_counts, arrays)
{
    // dimensions, NULLs, type; length, lower bound; then each element
    constexpr std::string_view two =
        "00000001 00000000 00000017 00000002 00000001 00000004 00000001 00000004 00000002";
    refuse_counts<std::vector<int>>(int4s, two, 4, {0, 12, 16, 20, 28});
    refuse_counts<std::vector<std::optional<int>>>(int4s, two, 4, {0, 12, 16});
    refuse_counts<tusk::array<int>>(int4s, two, 4, {0, 12});
    refuse_counts<std::vector<std::vector<int>>>(
        int4s,
        "00000002 00000000 00000017 00000001 00000001 00000002 00000001"
        "00000004 00000001 00000004 00000002",
        4, {0, 12, 16, 20, 24, 28});
    refuse_counts<std::vector<std::string>>(
        texts, "00000001 00000000 00000019 00000001 00000001 00000002 6162", 4, {0, 12, 16, 20});
}

TEST(codec_counts, ranges)
{
    refuse_counts<tusk::range<int>>(int4range, "02 00000004 00000001 00000004 00000005", 4, {1, 9});
    refuse_counts<tusk::multirange<int>>(int4multirange,
                                         "00000002 00000011 02 00000004 00000001 00000004 00000003"
                                         "00000009 12 00000004 00000007",
                                         4, {0, 4, 25});
}

TEST(codec_counts, composites)
{
    using fields = std::tuple<int, std::string>;
    refuse_counts<fields>(user_type, "00000002 00000017 00000004 00000005 00000019 00000002 6162", 4,
                          {0, 8, 20});
}

} // namespace
} // namespace codec_test
