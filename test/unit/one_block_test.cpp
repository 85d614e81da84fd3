// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/one_block.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace {

using tusk::detail::one_block;
using tusk::detail::one_block_allocator;

TEST(one_block, gives_the_same_memory_again)
{
    one_block memory;
    one_block_allocator<int> a(memory);
    int* const first = a.allocate(10);
    a.deallocate(first, 10);
    int* const again = a.allocate(1);
    EXPECT_EQ(again, first);
    int* const second = a.allocate(1); // from the heap
    EXPECT_NE(second, first);
    a.deallocate(second, 1);
    a.deallocate(again, 1);
    EXPECT_EQ(a.allocate(2), first);
    a.deallocate(first, 2);
}

TEST(one_block, what_does_not_fit_comes_from_the_heap)
{
    one_block memory;
    std::vector<std::byte, one_block_allocator<std::byte>> bytes{one_block_allocator<std::byte>(memory)};
    for (int i = 0; i < 100'000; ++i) bytes.push_back(std::byte{1});
    EXPECT_EQ(bytes.size(), 100'000u);
    one_block other;
    EXPECT_TRUE(one_block_allocator<int>(memory) == one_block_allocator<char>(memory));
    EXPECT_FALSE(one_block_allocator<int>(memory) == one_block_allocator<char>(other));
}

} // namespace
