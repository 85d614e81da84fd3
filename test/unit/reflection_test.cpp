// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/reflection.hpp>
#include <tusk/detail/type_name.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace tusk::detail;

namespace {

struct point {
    int x, y;
};

struct one_string {
    std::string only;
};

struct one_optional {
    std::optional<int> only;
};

struct mixture {
    int id;
    std::string name;
    std::optional<std::string> email;
    std::optional<bool> active;
    std::optional<std::optional<int>> twice;
    std::vector<std::byte> bytes;
    std::chrono::sys_time<std::chrono::microseconds> created;
    std::chrono::year_month_day born;
    std::string_view view;
    const char* text;
    bool flag = true;
    double ratio = 0.5;
    point place;
    std::array<char, 4> four;
    std::unique_ptr<int> owned;
    std::map<int, int> map; // not a literal type
    int class_;
    int größe;
};

struct most_members {
    int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1;
    int c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3;
    int e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2;
    std::string last;
};

struct sixty_five {
    int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1;
    int c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3;
    int e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, g3, g4;
};

template <class X>
struct generic {
    X value;
    std::optional<X> other;
};

template <class T>
std::string names()
{
    std::string all;
    for (const std::string_view name : member_names<T>) all += (all.empty() ? "" : " ") + std::string(name);
    return all;
}

template <class T>
auto make_local(T value)
{
    struct inner {
        T in_template;
    };
    return inner{value};
}

std::string local_in_a_function()
{
    struct row { // the same name as the one in the test below
        std::string first;
        int second;
    };
    return names<row>();
}

} // namespace

struct global_row {
    std::int64_t id;
    std::string name;
};

TEST(reflection, counts_members)
{
    EXPECT_EQ(member_count<point>, 2u);
    EXPECT_EQ(member_count<one_string>, 1u);
    EXPECT_EQ(member_count<one_optional>, 1u);
    EXPECT_EQ(member_count<mixture>, 18u);
    EXPECT_EQ(member_count<most_members>, 64u);
    EXPECT_GT(member_count<sixty_five>, max_members);
    EXPECT_EQ(member_count<generic<std::string>>, 2u);
}

TEST(reflection, names_members)
{
    EXPECT_EQ(names<global_row>(), "id name");
    EXPECT_EQ(names<point>(), "x y");
    EXPECT_EQ(names<one_string>(), "only");
    EXPECT_EQ(names<mixture>(),
              "id name email active twice bytes created born view text flag ratio place four owned "
              "map class_ größe");
    EXPECT_EQ(names<generic<int>>(), "value other");
    EXPECT_EQ(names<generic<global_row>>(), "value other");
    EXPECT_EQ(names<most_members>().substr(0, 8), "a0 a1 a2");
    EXPECT_EQ(member_names<most_members>[62], "g2");
    EXPECT_EQ(member_names<most_members>[63], "last");
}

TEST(reflection, names_members_of_local_structs)
{
    struct row {
        int id;
        std::string name;
        std::optional<std::string> email;
    };
    EXPECT_EQ(names<row>(), "id name email");
    EXPECT_EQ(local_in_a_function(), "first second");
    EXPECT_EQ(names<decltype(make_local(1))>(), "in_template");
    const auto in_a_lambda = [] {
        struct line {
            std::string other;
        };
        return names<line>();
    };
    EXPECT_EQ(in_a_lambda(), "other");
}

TEST(reflection, offsets_lead_to_the_members)
{
    const mixture object{};
    const auto offsets = member_offsets<mixture>();
    const auto distance = [&](const auto& member) {
        return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&member) -
                                        reinterpret_cast<const std::byte*>(&object));
    };
    EXPECT_EQ(offsets[0], 0u);
    EXPECT_EQ(offsets[1], distance(object.name));
    EXPECT_EQ(offsets[4], distance(object.twice));
    EXPECT_EQ(offsets[12], distance(object.place));
    EXPECT_EQ(offsets[17], distance(object.größe));
    EXPECT_EQ(member_offsets<most_members>()[63], offsetof(most_members, last));
}

TEST(reflection, member_types)
{
    EXPECT_TRUE((std::is_same_v<member_types<global_row>, std::tuple<std::int64_t, std::string>>));
    EXPECT_TRUE((std::is_same_v<member_types<one_optional>, std::tuple<std::optional<int>>>));
}

TEST(type_name, is_written_as_people_do)
{
    EXPECT_EQ(type_name<int>(), "int");
    EXPECT_EQ(type_name<unsigned long>(), "unsigned long");
    EXPECT_EQ(type_name<std::string>(), "std::string");
    EXPECT_EQ(type_name<std::string_view>(), "std::string_view");
    EXPECT_EQ(type_name<std::optional<std::string>>(), "std::optional<std::string>");
    EXPECT_EQ(type_name<std::vector<std::byte>>(), "std::vector<std::byte>");
    EXPECT_EQ((type_name<std::tuple<int, std::string>>()), "std::tuple<int, std::string>");
    EXPECT_EQ(type_name<std::chrono::sys_time<std::chrono::microseconds>>(),
              "std::chrono::sys_time<std::chrono::microseconds>");
    EXPECT_EQ(type_name<std::chrono::local_time<std::chrono::microseconds>>(),
              "std::chrono::local_time<std::chrono::microseconds>");
    EXPECT_EQ(type_name<std::chrono::sys_days>(), "std::chrono::sys_days");
    EXPECT_EQ(type_name<std::chrono::year_month_day>(), "std::chrono::year_month_day");
    EXPECT_EQ(type_name<global_row>(), "global_row");
    EXPECT_EQ(type_name<point>(), "point");
    EXPECT_EQ(type_name<generic<std::string>>(), "generic<std::string>");
    struct local {};
    EXPECT_EQ(type_name<local>(), "local");
}
