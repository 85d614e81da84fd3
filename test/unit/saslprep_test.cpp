// Distributed under the Boost Software License, Version 1.0.
#include "auth/saslprep.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace {

using tusk::auth::saslprep;

struct sample {
    std::string_view what, in, out;
};

class saslprep_maps : public testing::TestWithParam<sample> {};

TEST_P(saslprep_maps, as_expected) { EXPECT_EQ(saslprep(GetParam().in), GetParam().out); }

std::string name_of(const testing::TestParamInfo<sample>& info) { return std::string(info.param.what); }

// RFC 4013 section 3; where it says "error", the password is used as it is.
INSTANTIATE_TEST_SUITE_P(
    rfc4013, saslprep_maps,
    testing::Values(sample{"soft_hyphen", "I\xC2\xADX", "IX"}, sample{"no_change", "user", "user"},
                    sample{"case_kept", "USER", "USER"}, sample{"nfkc_ordinal", "\xC2\xAA", "a"},
                    sample{"nfkc_roman", "\xE2\x85\xA8", "IX"}, sample{"control", "\x07", "\x07"},
                    sample{"bidi", "\xD8\xA7\x31", "\xD8\xA7\x31"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    mapping, saslprep_maps,
    testing::Values(sample{"empty", "", ""}, sample{"ascii_controls_stay", "a\x01\x7F b", "a\x01\x7F b"},
                    sample{"no_break_space", "a\xC2\xA0z", "a z"},
                    sample{"ideographic_space", "\xE3\x80\x80z", " z"},
                    // U+200B is both a space and mapped to nothing; servers take it for a space
                    sample{"zero_width_space", "a\xE2\x80\x8Bz", "a z"},
                    sample{"byte_order_mark", "\xEF\xBB\xBFz", "z"},
                    sample{"nothing_left", "\xC2\xAD\xE2\x81\xA0", "\xC2\xAD\xE2\x81\xA0"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    normalization, saslprep_maps,
    testing::Values(sample{"composes", "e\xCC\x81", "\xC3\xA9"},
                    sample{"stays_composed", "\xC3\xA9", "\xC3\xA9"},
                    // U+1E9B U+0323: long s with two marks, which are reordered and composed
                    sample{"reorders", "\xE1\xBA\x9B\xCC\xA3", "\xE1\xB9\xA9"},
                    // the second mark of a class is blocked by the first
                    sample{"blocked", "a\xCC\x81\xCC\x80", "\xC3\xA1\xCC\x80"},
                    sample{"leading_mark", "\xCC\x81z\xCC\x8C", "\xCC\x81\xC5\xBE"},
                    sample{"ligature", "\xEF\xAC\x83", "ffi"}, sample{"fullwidth", "\xEF\xBC\xA1", "A"},
                    sample{"hangul_jamo", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"},
                    sample{"hangul_syllable", "\xED\x95\x9C", "\xED\x95\x9C"},
                    sample{"hangul_lv_and_t", "\xED\x95\x98\xE1\x86\xAB", "\xED\x95\x9C"},
                    // U+0958 is excluded from composition
                    sample{"excluded", "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC"},
                    sample{"four_bytes", "\xF0\x9D\x90\x80", "A"},
                    sample{
                        "longest", "\xEF\xB7\xBA",
                        "\xD8\xB5\xD9\x84\xD9\x89 \xD8\xA7\xD9\x84\xD9\x84\xD9\x87 \xD8\xB9\xD9\x84\xD9\x8A"
                        "\xD9\x87 \xD9\x88\xD8\xB3\xD9\x84\xD9\x85"}),
    name_of);

// Prohibited: each holds U+00AA, which would become "a" if the password were not used as it is.
INSTANTIATE_TEST_SUITE_P(
    prohibited, saslprep_maps,
    testing::Values(sample{"ascii_control", "\xC2\xAA\x01", "\xC2\xAA\x01"},
                    sample{"c1_control", "\xC2\xAA\xC2\x80", "\xC2\xAA\xC2\x80"},
                    sample{"private_use", "\xC2\xAA\xEE\x80\x80", "\xC2\xAA\xEE\x80\x80"},
                    sample{"non_character", "\xC2\xAA\xEF\xBF\xBE", "\xC2\xAA\xEF\xBF\xBE"},
                    sample{"plain_text", "\xC2\xAA\xEF\xBF\xBD", "\xC2\xAA\xEF\xBF\xBD"},
                    sample{"tagging", "\xC2\xAA\xF3\xA0\x80\x81", "\xC2\xAA\xF3\xA0\x80\x81"},
                    sample{"direction_mark", "\xC2\xAA\xE2\x80\x8E", "\xC2\xAA\xE2\x80\x8E"},
                    // U+1F600 came with Unicode 6
                    sample{"unassigned_in_unicode_3", "\xC2\xAA\xF0\x9F\x98\x80",
                           "\xC2\xAA\xF0\x9F\x98\x80"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    right_to_left, saslprep_maps,
    testing::Values(sample{"whole", "\xD8\xA7\xC2\xAD\x31\xD8\xA8", "\xD8\xA7\x31\xD8\xA8"},
                    sample{"with_latin", "\xD8\xA7\xC2\xAA\xD8\xA8", "\xD8\xA7\xC2\xAA\xD8\xA8"},
                    sample{"digit_first", "\x31\xC2\xAD\xD8\xA8", "\x31\xC2\xAD\xD8\xA8"},
                    sample{"digit_last", "\xD8\xA8\xC2\xAD\x31", "\xD8\xA8\xC2\xAD\x31"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    invalid_utf8, saslprep_maps,
    testing::Values(sample{"lone_continuation", "\xC2\xAA\x80", "\xC2\xAA\x80"},
                    sample{"truncated_2", "\xC2\xAA\xC2", "\xC2\xAA\xC2"},
                    sample{"truncated_3", "\xC2\xAA\xE2\x85", "\xC2\xAA\xE2\x85"},
                    sample{"truncated_4", "\xC2\xAA\xF0\x9D\x90", "\xC2\xAA\xF0\x9D\x90"},
                    sample{"bad_continuation", "\xC2\xAA\xE2\x28\xA1", "\xC2\xAA\xE2\x28\xA1"},
                    sample{"overlong_2", "\xC2\xAA\xC0\xAF", "\xC2\xAA\xC0\xAF"},
                    sample{"overlong_3", "\xC2\xAA\xE0\x80\xAF", "\xC2\xAA\xE0\x80\xAF"},
                    sample{"overlong_4", "\xC2\xAA\xF0\x80\x80\xAF", "\xC2\xAA\xF0\x80\x80\xAF"},
                    sample{"surrogate", "\xC2\xAA\xED\xA0\x80", "\xC2\xAA\xED\xA0\x80"},
                    sample{"too_large", "\xC2\xAA\xF4\x90\x80\x80", "\xC2\xAA\xF4\x90\x80\x80"},
                    sample{"five_bytes", "\xC2\xAA\xF8\x88\x80\x80\x80", "\xC2\xAA\xF8\x88\x80\x80\x80"},
                    sample{"ff", "\xC2\xAA\xFF", "\xC2\xAA\xFF"}),
    name_of);

} // namespace
