// Distributed under the Boost Software License, Version 1.0.
// libpqxx: blocking, prepared statements, a connection for each thread. It knows results as text only.
#include "compare/arms/threads.hpp"
#include "compare/rows.hpp"

#include <pqxx/pqxx>

#include <charconv>
#include <stdexcept>

namespace bench {
namespace {

constexpr const char* statement_name = "q";

[[nodiscard]] std::string_view text(const pqxx::field& f) noexcept { return {f.c_str(), f.size()}; }

/// "2020-01-01 00:00:01+00", in UTC as the bench's server has it.
[[nodiscard]] instant moment(std::string_view s)
{
    const auto part = [&](std::size_t from, std::size_t n) {
        int value = 0;
        if (s.size() < from + n ||
            std::from_chars(s.data() + from, s.data() + from + n, value).ec != std::errc())
            throw std::runtime_error("no timestamp");
        return value;
    };
    using namespace std::chrono;
    const sys_days day = year(part(0, 4)) / part(5, 2) / part(8, 2);
    return day + hours(part(11, 2)) + minutes(part(14, 2)) + seconds(part(17, 2));
}

[[nodiscard]] std::uint64_t catalogue(const pqxx::row& r)
{
    return digest(catalogue_row<std::string_view, std::uint32_t>{
        r[0].as<std::uint32_t>(), text(r[1]), r[2].as<std::uint32_t>(), r[3].as<std::uint32_t>(),
        r[4].as<std::int16_t>(), r[5].as<bool>(), *r[6].c_str(), *r[7].c_str(), r[8].as<bool>(),
        r[9].as<bool>(), *r[10].c_str(), r[11].as<std::uint32_t>()});
}

[[nodiscard]] std::uint64_t wide(const pqxx::row& r)
{
    return digest(wide_row<std::string_view>{r[0].as<std::int32_t>(), r[1].as<std::int64_t>(),
                                             r[2].as<double>(), text(r[3]), moment(text(r[4]))});
}

[[nodiscard]] std::uint64_t array(const pqxx::field& f, std::vector<std::int32_t>& numbers)
{
    numbers.clear();
    auto parser = f.as_array();
    for (auto item = parser.get_next(); item.first != pqxx::array_parser::done; item = parser.get_next()) {
        if (item.first != pqxx::array_parser::string_value) continue;
        numbers.push_back(0);
        pqxx::from_string(item.second, numbers.back());
    }
    return digest(std::span<const std::int32_t>(numbers));
}

class blocking final : public worker_connection {
public:
    explicit blocking(const job& j)
        : job_(j)
        , connection_(j.where.conninfo())
    {
        connection_.prepare(statement_name, std::string(j.what->sql));
    }

    meter::clock::time_point requests(std::uint64_t number, std::uint64_t, meter::clock::time_point since,
                                      meter& m) override
    {
        const auto& w = *job_.what;
        if (w.params == params_kind::insert) {
            pqxx::work all(connection_);
            for (std::size_t i = 0; i < w.batch_size; ++i)
                m.add(statement(all, number * w.batch_size + i).affected_rows());
            all.commit();
        } else {
            pqxx::nontransaction none(connection_);
            for (std::size_t i = 0; i < w.batch_size; ++i)
                m.add(sum(statement(none, number * w.batch_size + i)));
        }
        return m.done(since);
    }

private:
    pqxx::result statement(pqxx::transaction_base& in, std::uint64_t i)
    {
        const std::int32_t n = parameter(job_.what->params, i);
        switch (job_.what->params) {
        case params_kind::number:
        case params_kind::key:
            return in.exec_prepared(statement_name, n);
        case params_kind::limit:
            return in.exec_prepared(statement_name, std::int64_t(job_.rows));
        case params_kind::insert:
            return in.exec_prepared(statement_name, n, std::int64_t{n}, insert_note.data());
        case params_kind::none:
            break;
        }
        return in.exec_prepared(statement_name);
    }

    [[nodiscard]] std::uint64_t sum(const pqxx::result& all)
    {
        std::uint64_t total = 0;
        for (const auto& r : all) {
            switch (job_.what->rows) {
            case row_kind::integer:
                total += static_cast<std::uint64_t>(r[0].as<std::int32_t>());
                break;
            case row_kind::catalogue:
                total += catalogue(r);
                break;
            case row_kind::wide:
                total += wide(r);
                break;
            case row_kind::bytes: {
                const pqxx::binarystring bytes(r[0]);
                total += digest(std::as_bytes(std::span(bytes.data(), bytes.size())));
                break;
            }
            case row_kind::array:
                total += array(r[0], numbers_);
                break;
            case row_kind::none:
                break;
            }
        }
        return total;
    }

    job job_;
    pqxx::connection connection_;
    std::vector<std::int32_t> numbers_;
};

class connects final : public worker_connection {
public:
    explicit connects(const job& j)
        : where_(j.where.conninfo())
    {
    }
    meter::clock::time_point requests(std::uint64_t, std::uint64_t, meter::clock::time_point since,
                                      meter& m) override
    {
        const pqxx::connection c(where_);
        return m.done(since);
    }

private:
    std::string where_;
};

} // namespace

const std::string_view arm_name = "libpqxx";
const std::string_view arm_note =
    "blocking, results as text (it has no binary ones), a thread for each connection";

std::string arm_version() { return "libpqxx " PQXX_VERSION; }

bool arm_supports(const workload& w)
{
    if (w.is_copy()) return false; // its streams are of text
    return w.kind == shape::batch ? w.name == "W4" || w.name == "W8"
                                  : w.kind != shape::single || w.tasks == 1 || w.exclusive;
}

std::unique_ptr<arm> make_arm(const job& j)
{
    if (j.what->kind == shape::connect) return std::make_unique<threads<connects>>(j);
    return std::make_unique<threads<blocking>>(j);
}

} // namespace bench
