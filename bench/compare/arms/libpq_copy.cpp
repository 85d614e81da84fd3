// Distributed under the Boost Software License, Version 1.0.
#include "compare/arms/libpq_copy.hpp"
#include "compare/arms/libpq_common.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace bench {
namespace {

constexpr std::int64_t epoch = 946'684'800'000'000; // 2000-01-01

/// Behind `at`, with no more checks than a program makes that knows its rows.
class row_writer {
public:
    explicit row_writer(char* at) noexcept
        : at_(at)
    {
    }
    template <class T>
    void put(T v) noexcept
    {
        v = from_network<T>(reinterpret_cast<const char*>(&v));
        std::memcpy(at_, &v, sizeof v);
        at_ += sizeof v;
    }
    template <class T>
    void value(T v) noexcept
    {
        put(std::int32_t{sizeof v});
        put(v);
    }
    void value(std::string_view v) noexcept
    {
        put(static_cast<std::int32_t>(v.size()));
        std::memcpy(at_, v.data(), v.size());
        at_ += v.size();
    }
    [[nodiscard]] char* end() const noexcept { return at_; }

private:
    char* at_;
};

[[nodiscard]] char* write(const wide_row<std::string_view>& r, char* at) noexcept
{
    row_writer out(at);
    out.put(std::int16_t{5});
    out.value(r.id);
    out.value(r.big);
    out.value(std::bit_cast<std::int64_t>(r.ratio));
    out.value(r.note);
    out.value(r.moment.time_since_epoch().count() - epoch);
    return out.end();
}

/// The row at `at`: Int16 count, then Int32 length and bytes of each value.
[[nodiscard]] std::uint64_t read(const char* at) noexcept
{
    const char* note = at + 2 + 4 + 4 + 4 + 8 + 4 + 8;
    const auto length = from_network<std::uint32_t>(note);
    const wide_row<std::string_view> row{
        from_network<std::int32_t>(at + 6),
        from_network<std::int64_t>(at + 14),
        std::bit_cast<double>(from_network<std::uint64_t>(at + 26)),
        {note + 4, length},
        instant(std::chrono::microseconds(from_network<std::int64_t>(note + 4 + length + 4) + epoch)),
    };
    return digest(row);
}

class copies final : public arm {
public:
    explicit copies(const job& j)
        : job_(j)
        , statement_(copy_statement(*j.what, j.rows))
        , connection_(pg_connect(j.where))
        , rows_(rows_to_copy(rows_at_hand))
    {
    }

    void run(std::uint64_t requests, meter& m) override
    {
        for (; requests > 0; --requests) {
            const auto since = m.now();
            if (job_.what->kind == shape::copy_in)
                in(m);
            else
                out(m);
            m.done(since);
        }
    }

private:
    [[nodiscard]] pg_result execute(const char* text, ExecStatusType wanted)
    {
        pg_result r(::PQexec(connection_.get(), text));
        if (::PQresultStatus(r.get()) != wanted) pg_fail(connection_.get());
        return r;
    }

    void put(const char* bytes, std::size_t n)
    {
        if (::PQputCopyData(connection_.get(), bytes, static_cast<int>(n)) != 1) pg_fail(connection_.get());
    }

    void in(meter& m)
    {
        (void)execute("truncate bench_copied", PGRES_COMMAND_OK);
        (void)execute(statement_.c_str(), PGRES_COPY_IN);
        put("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        char room[128];
        for (std::size_t left = job_.rows; left > 0;) {
            const std::size_t n = std::min(left, rows_.size());
            for (std::size_t i = 0; i < n; ++i)
                put(room, static_cast<std::size_t>(write(rows_[i], room) - room));
            left -= n;
        }
        put("\377\377", 2);
        if (::PQputCopyEnd(connection_.get(), nullptr) != 1) pg_fail(connection_.get());
        m.add(end());
    }

    void out(meter& m)
    {
        (void)execute(statement_.c_str(), PGRES_COPY_OUT);
        const bool decode = job_.what->rows == row_kind::wide;
        char* data = nullptr;
        bool first = true; // holds the header too
        for (int n; (n = ::PQgetCopyData(connection_.get(), &data, 0)) > 0; ::PQfreemem(data)) {
            if (!decode)
                m.add(static_cast<std::uint64_t>(n));
            else if (n > 2) // the trailer is a message of its own
                m.add(read(std::exchange(first, false) ? data + 19 : data));
        }
        (void)end();
    }

    /// What the COPY ended with; gives its rows.
    std::uint64_t end()
    {
        const pg_result r(::PQgetResult(connection_.get()));
        if (::PQresultStatus(r.get()) != PGRES_COMMAND_OK) pg_fail(connection_.get());
        while (pg_result(::PQgetResult(connection_.get()))) {
        }
        return std::strtoull(::PQcmdTuples(r.get()), nullptr, 10);
    }

    job job_;
    std::string statement_;
    pg_connection connection_;
    std::vector<wide_row<std::string_view>> rows_;
};

} // namespace

std::unique_ptr<arm> make_libpq_copy(const job& j) { return std::make_unique<copies>(j); }

} // namespace bench
