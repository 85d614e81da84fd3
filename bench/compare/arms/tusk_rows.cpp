// Distributed under the Boost Software License, Version 1.0.
// tusk: large results, row by row.
#include "compare/arms/tusk_arm.hpp"
#include "compare/rows.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {

namespace {

template <class Row>
[[nodiscard]] std::uint64_t digest_of(const Row& row)
{
    return digest(row);
}
[[nodiscard]] std::uint64_t digest_of(std::int32_t n) { return static_cast<std::uint64_t>(n); }
[[nodiscard]] std::uint64_t digest_of(std::span<const std::byte> b) { return digest(b); }
[[nodiscard]] std::uint64_t digest_of(const std::vector<std::int32_t>& a)
{
    return digest(std::span<const std::int32_t>(a));
}

/// Each row is decoded from the received bytes and shown to a function, as the other arms walk over their result.
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
            db(0).template async_for_each<Row>(
                std::move(statement), [&](const Row& row) { m.add(digest_of(row)); },
                [&](std::error_code ec, const tusk::command& done) {
                    check(ec, done.diag());
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
        return std::make_unique<typed<catalogue_row<std::string_view, std::uint32_t>>>(j);
    case row_kind::wide:
        return std::make_unique<typed<wide_row<std::string_view>>>(j);
    case row_kind::bytes:
        return std::make_unique<typed<std::span<const std::byte>>>(j);
    case row_kind::array:
        return std::make_unique<typed<std::vector<std::int32_t>>>(j);
    case row_kind::integer:
    case row_kind::none:
        break;
    }
    return std::make_unique<typed<std::int32_t>>(j);
}

} // namespace bench
