// Distributed under the Boost Software License, Version 1.0.
// Allocations, counted around whole queries: they do not grow with the number of columns or rows.
#include "load.hpp"

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0; // the tests run in one thread

} // namespace

void* operator new(std::size_t n)
{
    ++allocations;
    if (void* memory = std::malloc(n ? n : 1)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t n) { return operator new(n); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

using tusk::sql;
using namespace tusk_test;

namespace {

/// A select of `columns` texts of `size` bytes each. All such texts are of the same length: they are copied,
/// too.
std::string select_texts(int columns, int size, int rows)
{
    std::string text = "select ";
    for (int i = 0; i < columns; ++i)
        text += (i ? ", repeat('x', " : "repeat('x', ") + std::to_string(size) + ")";
    text += " from generate_series(1, " + std::to_string(rows) + ")";
    text.resize(20'000, ' ');
    return text;
}

struct cost {
    std::size_t allocations = 0;
    std::size_t bytes = 0; ///< of rows
};

/// What one query costs on a connection that knows the statement and has its buffers.
asio::awaitable<cost> cost_of(tusk::connection& db, const std::string& text, bool typed = false)
{
    cost best;
    for (int i = 0; i < 4; ++i) {
        std::size_t used = 0;
        reply<tusk::result> r(db);
        reply<tusk::rows<std::tuple<std::string>>> values(db);
        const std::size_t before = allocations;
        if (typed) {
            db.async_query<std::tuple<std::string>>(text, values.token());
            co_await values.wait();
            EXPECT_FALSE(values.ec()) << values.value().diag().message();
        } else {
            db.async_query(text, r.token());
            co_await r.wait();
            EXPECT_FALSE(r.ec());
        }
        used = allocations - before;
        if (i == 0 || used < best.allocations) best = {used, r.value().bytes()};
    }
    co_return best;
}

} // namespace

TEST(ResultsMemory, AllocationsDoNotGrowWithTheNumberOfColumns)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const cost one = co_await cost_of(db, select_texts(1, 7'996, 1));
        const cost thousand = co_await cost_of(db, select_texts(1'000, 4, 1));
        EXPECT_NEAR(static_cast<double>(one.bytes), static_cast<double>(thousand.bytes), 100);
        EXPECT_EQ(one.allocations, thousand.allocations);
        EXPECT_LE(thousand.allocations, 6U);
    });
}

TEST(ResultsMemory, NorWithTheNumberOfColumnsOfManyRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const cost one = co_await cost_of(db, select_texts(1, 3'996, 200));
        const cost five_hundred = co_await cost_of(db, select_texts(500, 4, 200));
        EXPECT_NEAR(static_cast<double>(one.bytes), static_cast<double>(five_hundred.bytes), 20'000);
        // 800 kB come in blocks, and how many depends on how the reads fall; a field or a row would cost far
        // more
        EXPECT_LE(five_hundred.allocations, one.allocations + 60);
        EXPECT_LE(five_hundred.allocations, 200U);
    });
}

TEST(ResultsMemory, NorWithTheNumberOfRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const cost few = co_await cost_of(db, "select g from generate_series(1, 10) g");
        const cost many = co_await cost_of(db, "select g from generate_series(1, 2000) g"); // a block or two
        EXPECT_LE(many.allocations, few.allocations + 20);
    });
}

TEST(ResultsMemory, ATypedQueryMakesNoIntermediateResult)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t rows = 1'000;
        const cost typed = co_await cost_of(db, select_texts(1, 100, static_cast<int>(rows)), true);
        EXPECT_GE(typed.allocations, rows); // a string each
        EXPECT_LE(typed.allocations, rows + 60);
    });
}

namespace {

/// Keeps `width` requests in flight by callbacks, until there were `left`.
struct steady {
    tusk::connection& db;
    int left;
    int wrong = 0;
    asio::steady_timer done{db.get_executor(), asio::steady_timer::time_point::max()};

    void send(int n)
    {
        db.async_query_one<int>(sql("select $1::int4", n),
                                [this, n](std::error_code ec, tusk::single<int> v) {
                                    wrong += ec || *v != n;
                                    if (--left > 0)
                                        send(left);
                                    else
                                        done.cancel();
                                });
    }
};

asio::awaitable<std::size_t> steady_allocations(tusk::connection& db, int width, int requests)
{
    steady s{.db = db, .left = requests};
    const std::size_t before = allocations;
    for (int i = 0; i < width; ++i) s.send(i);
    while (s.left > 1 - width) co_await s.done.async_wait(as_tuple);
    EXPECT_EQ(s.wrong, 0);
    co_return allocations - before;
}

} // namespace

TEST(ResultsMemory, ARequestInSteadyStateAllocatesNothing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const int width : {1, 64}) {
            co_await steady_allocations(db, width, 5'000); // the buffers have their sizes
            const std::size_t few = co_await steady_allocations(db, width, 1'000);
            const std::size_t many = co_await steady_allocations(db, width, 11'000);
            // what is left over are the test's own timer and coroutine, and pieces of Asio's when a read is paused
            EXPECT_LE(many, few + 100) << "10 000 requests more, " << width << " in flight";
        }
    });
}

TEST(ResultsMemory, ManySmallResultsOfABatchShareTheirMemory)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr int parts = 1'000;
        std::size_t used = 0;
        for (int round = 0; round < 3; ++round) {
            tusk::batch b;
            for (int i = 0; i < parts; ++i) b.add("select $1::int4", i);
            reply<tusk::batch_result> r(db);
            const std::size_t before = allocations;
            db.async_run(std::move(b), r.token());
            co_await r.wait();
            used = allocations - before;
            EXPECT_FALSE(r.ec());
            for (int i = 0; i < parts; ++i)
                EXPECT_EQ(r.value()[static_cast<std::size_t>(i)].value[0][0].as<int>(), i);
        }
        EXPECT_LE(used, 30u);
    });
}
