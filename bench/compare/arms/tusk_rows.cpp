// Distributed under the Boost Software License, Version 1.0.
// tusk: large results, by typed queries.
#include "compare/arms/tusk_arm.hpp"
#include "compare/rows.hpp"

#include <tusk/detail/bytes.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {

struct int4_array {
    std::vector<std::int32_t> values;
};

} // namespace bench

/// One-dimensional int4[] without NULLs, binary: Int32 dimensions, flags, element type, length, lower bound,
/// then Int32 length and value of each.
template <>
struct tusk::decode_traits<bench::int4_array> {
    static bool accepts(const column& c) noexcept
    {
        return c.type == oid(1007) && c.format == format::binary; // _int4
    }

    static errc decode(const field& f, bench::int4_array& out)
    {
        const auto bytes = f.bytes();
        if (bytes.size() < 20 || at(bytes, 0) != 1 || at(bytes, 4) != 0 || at(bytes, 8) != 23)
            return errc::invalid_value;
        const auto n = static_cast<std::size_t>(at(bytes, 12));
        if (bytes.size() - 20 != n * 8) return errc::invalid_value;
        out.values.resize(n);
        std::size_t from = 20;
        std::uint32_t bad = 0;
        for (auto& v : out.values) {
            bad |= at(bytes, from) ^ 4;
            v = static_cast<std::int32_t>(at(bytes, from + 4));
            from += 8;
        }
        return bad ? errc::invalid_value : errc{};
    }

private:
    static std::uint32_t at(std::span<const std::byte> bytes, std::size_t i) noexcept
    {
        return detail::load_be<std::uint32_t>(bytes.subspan(i).first<4>());
    }
};

namespace bench {
namespace {

template <class Row>
[[nodiscard]] std::uint64_t digest_of(const Row& row)
{
    return digest(row);
}
[[nodiscard]] std::uint64_t digest_of(std::int32_t n) { return static_cast<std::uint64_t>(n); }
[[nodiscard]] std::uint64_t digest_of(const std::vector<std::byte>& b)
{
    return digest(std::span<const std::byte>(b));
}
[[nodiscard]] std::uint64_t digest_of(const int4_array& a)
{
    return digest(std::span<const std::int32_t>(a.values));
}

template <class Row>
class typed final : public tusk_arm {
public:
    using tusk_arm::tusk_arm;

    void run(std::uint64_t requests, meter& m) override
    {
        for (; requests > 0; --requests) {
            const auto since = m.now();
            const auto& w = *job_.what;
            tusk::bound statement = w.params == params_kind::limit ? tusk::sql(w.sql, std::int64_t(job_.rows))
                                                                   : tusk::bound(w.sql);
            db(0).template async_query<Row>(std::move(statement),
                                            [&](std::error_code ec, const tusk::rows<Row>& all) {
                                                check(ec, all.diag());
                                                for (const auto& row : all) m.add(digest_of(row));
                                                stop_loop();
                                            });
            run_loop();
            m.done(since);
        }
    }
};

} // namespace

std::unique_ptr<arm> make_tusk_rows(const job& j)
{
    switch (j.what->rows) {
    case row_kind::catalogue:
        return std::make_unique<typed<catalogue_row<std::string, std::uint32_t>>>(j);
    case row_kind::wide:
        return std::make_unique<typed<wide_row<std::string>>>(j);
    case row_kind::bytes:
        return std::make_unique<typed<std::vector<std::byte>>>(j);
    case row_kind::array:
        return std::make_unique<typed<int4_array>>(j);
    case row_kind::integer:
    case row_kind::none:
        break;
    }
    return std::make_unique<typed<std::int32_t>>(j);
}

} // namespace bench
