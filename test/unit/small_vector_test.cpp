// Distributed under the Boost Software License, Version 1.0.
#include "allocations.hpp"

#include <tusk/detail/small_vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using numbers = tusk::detail::small_vector<int, 4>;
using tusk::test::allocation_watch;

numbers count_to(int n)
{
    numbers v;
    for (int i = 1; i <= n; ++i) v.push_back(i);
    return v;
}

std::vector<int> elements(const numbers& v) { return {v.begin(), v.end()}; }

TEST(small_vector, needs_no_heap_up_to_its_inline_size)
{
    const allocation_watch watch;
    const numbers v = count_to(4);
    EXPECT_FALSE(v.on_heap());
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_EQ(elements(v), (std::vector{1, 2, 3, 4}));
}

TEST(small_vector, moves_to_the_heap_beyond_it_and_grows_geometrically)
{
    const allocation_watch watch;
    const numbers v = count_to(1000);
    EXPECT_TRUE(v.on_heap());
    EXPECT_LT(watch.count(), 10U);
    std::vector<int> expected(1000);
    std::iota(expected.begin(), expected.end(), 1);
    EXPECT_EQ(elements(v), expected);
}

TEST(small_vector, copies_are_independent)
{
    for (const int n : {0, 3, 4, 5, 100}) {
        numbers a = count_to(n);
        numbers b = a;
        b.push_back(-1);
        EXPECT_EQ(elements(a), elements(count_to(n)));
        EXPECT_EQ(b.size(), a.size() + 1);
        a = b;
        EXPECT_EQ(elements(a), elements(b));
        const numbers& same = a;
        a = same;
        EXPECT_EQ(elements(a), elements(b));
    }
}

TEST(small_vector, moving_empties_the_source_and_allocates_nothing)
{
    for (const int n : {0, 3, 4, 5, 100}) {
        numbers a = count_to(n);
        numbers target = count_to(50);
        const allocation_watch watch;
        numbers b = std::move(a);
        EXPECT_EQ(a.size(), 0U);
        EXPECT_FALSE(a.on_heap());
        target = std::move(b);
        EXPECT_EQ(b.size(), 0U);
        EXPECT_EQ(watch.count(), 0U);
        EXPECT_EQ(elements(target), elements(count_to(n)));
        a.push_back(7); // a moved-from vector is as new
        EXPECT_EQ(elements(a), std::vector{7});
    }
}

TEST(small_vector, truncates_and_keeps_its_memory)
{
    numbers v = count_to(100);
    v.truncate(200);
    EXPECT_EQ(v.size(), 100U);
    v.truncate(2);
    EXPECT_EQ(elements(v), (std::vector{1, 2}));
    v.clear();
    EXPECT_TRUE(v.empty());
    const allocation_watch watch;
    v.extend(100);
    EXPECT_EQ(watch.count(), 0U);
}

TEST(small_vector, takes_one_of_its_own_elements)
{
    numbers v = count_to(4);
    v.push_back(v[0]);
    EXPECT_EQ(elements(v), (std::vector{1, 2, 3, 4, 1}));
}

TEST(small_vector, refuses_sizes_beyond_32_bits)
{
    numbers v = count_to(3);
    EXPECT_THROW(v.extend(std::numeric_limits<std::uint32_t>::max() - 2), std::length_error);
    EXPECT_THROW(v.extend(std::numeric_limits<std::size_t>::max()), std::length_error);
    EXPECT_EQ(elements(v), (std::vector{1, 2, 3}));
}

TEST(small_vector, appends_spans)
{
    numbers v;
    v.append({});
    EXPECT_TRUE(v.empty());
    const std::array<int, 6> six{1, 2, 3, 4, 5, 6};
    v.append(six);
    v.append(six);
    EXPECT_EQ(elements(v), (std::vector{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6}));
}

} // namespace
