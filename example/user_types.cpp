// Distributed under the Boost Software License, Version 1.0.
// Codecs for types of one's own: by delegating to a codec that is there, by writing the bytes, for a class of another
// library, for a class that is a composite, and for an enumeration. docs/user-types.md explains them.

#include "run.hpp"

#include <tusk.hpp>

#include <asio/ip/address.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// A temperature, or none: a float8.
class celsius {
public:
    celsius() = default;
    explicit celsius(double degrees)
        : degrees_(degrees)
    {
    }
    bool known() const { return !std::isnan(degrees_); }
    double degrees() const { return degrees_; }

private:
    double degrees_ = std::numeric_limits<double>::quiet_NaN();
};

template <>
struct tusk::encode_traits<celsius> {
    static constexpr oid type = oid::float8;
    static constexpr tusk::format format = tusk::format::binary;

    static bool encodes(oid target) noexcept { return encode_traits<double>::encodes(target); }
    static bool is_null(const celsius& v) noexcept { return !v.known(); }
    static errc encode(const celsius& v, encoder& out)
    {
        if (v.degrees() < -273.15) return errc::value_out_of_range;
        return encode_traits<double>::encode(v.degrees(), out);
    }
};

template <>
struct tusk::decode_traits<celsius> {
    static bool accepts(const column& c) noexcept { return decode_traits<double>::accepts(c); }
    static errc decode(const field& f, celsius& out)
    {
        double degrees = 0;
        const errc e = decode_traits<double>::decode(f, degrees); // in either format
        if (e != errc{}) return e;
        if (!(degrees >= -273.15)) return errc::value_not_representable; // NaN neither
        out = celsius(degrees);
        return {};
    }
    static errc decode_null(celsius& out) noexcept
    {
        out = celsius();
        return {};
    }
};

/// A colour: the int4 0xRRGGBB. Without the codec this struct would be a composite of three fields.
struct rgb {
    std::uint8_t red = 0, green = 0, blue = 0;

    friend bool operator==(const rgb&, const rgb&) = default;
};

template <>
struct tusk::encode_traits<rgb> {
    static constexpr oid type = oid::int4;
    static constexpr tusk::format format = tusk::format::binary;

    // for a prepared statement, or an array, that wants int8
    static bool encodes(oid target) noexcept { return target == oid::int4 || target == oid::int8; }
    static errc encode(const rgb& v, encoder& out)
    {
        const std::int32_t number = v.red << 16 | v.green << 8 | v.blue;
        if (out.target() == oid::int8)
            out.i64(number);
        else
            out.i32(number); // big endian
        return {};
    }
};

template <>
struct tusk::decode_traits<rgb> {
    static bool accepts(const column& c) noexcept { return c.type == oid::int4; }
    static errc decode(const field& f, rgb& out) noexcept
    {
        std::uint32_t number = 0;
        if (f.format() == format::binary) {
            if (f.bytes().size() != 4) return errc::invalid_value;
            for (const std::byte b : f.bytes()) number = number << 8 | std::to_integer<std::uint32_t>(b);
        } else {
            const std::string_view text = f.view();
            std::int32_t read = 0;
            const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), read);
            if (ec != std::errc() || end != text.data() + text.size()) return errc::invalid_value;
            number = static_cast<std::uint32_t>(read);
        }
        if (number > 0xffffff) return errc::value_not_representable;
        out = {static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
               static_cast<std::uint8_t>(number)};
        return {};
    }
};

/// Another library's class: an address of Asio is an inet without a network.
template <>
struct tusk::encode_traits<asio::ip::address> {
    static constexpr oid type = oid::inet;
    static constexpr tusk::format format = tusk::format::binary;

    static errc encode(const asio::ip::address& v, encoder& out)
    {
        return encode_traits<inet>::encode(
            v.is_v4() ? inet(v.to_v4().to_bytes()) : inet(v.to_v6().to_bytes()), out);
    }
};

template <>
struct tusk::decode_traits<asio::ip::address> {
    static bool accepts(const column& c) noexcept { return c.type == oid::inet; }
    static errc decode(const field& f, asio::ip::address& out)
    {
        inet address;
        if (const errc e = decode_traits<inet>::decode(f, address); e != errc{}) return e;
        if (address.prefix() != address.max_prefix())
            return errc::value_not_representable; // 10.0.0.1/8 is more than that
        if (const auto four = address.v4())
            out = asio::ip::address_v4(*four);
        else
            out = asio::ip::address_v6(address.v6().value());
        return {};
    }
};

/// A composite: create type price as (amount numeric, currency text). A struct with these two as public members would
/// need no codec; a class borrows that of a tuple.
class price {
public:
    price() = default;
    price(tusk::numeric amount, std::string currency)
        : amount_(std::move(amount))
        , currency_(std::move(currency))
    {
    }
    const tusk::numeric& amount() const { return amount_; }
    const std::string& currency() const { return currency_; }

    friend bool operator==(const price&, const price&) = default;

private:
    tusk::numeric amount_;
    std::string currency_;
};

using price_fields = std::tuple<tusk::numeric, std::string>;

template <>
struct tusk::encode_traits<price> : encode_traits<price_fields> {
    static errc encode(const price& v, encoder& out)
    {
        return encode_traits<price_fields>::encode({v.amount(), v.currency()}, out);
    }
};

template <>
struct tusk::decode_traits<price> {
    static bool accepts(const column& c) noexcept { return decode_traits<price_fields>::accepts(c); }
    static errc decode(const field& f, price& out)
    {
        price_fields fields;
        const errc e = decode_traits<price_fields>::decode(f, fields);
        if (e == errc{}) std::apply([&](auto&... field) { out = price(std::move(field)...); }, fields);
        return e;
    }
};

/// An enum whose labels are no identifiers: create type roast as enum ('light', 'medium-dark', '2 x dark').
enum class roast { light, medium_dark, double_dark };

template <>
struct tusk::enum_traits<roast> {
    static constexpr tusk::enum_label<roast> labels[] = {
        {roast::light, "light"}, {roast::medium_dark, "medium-dark"}, {roast::double_dark, "2 x dark"}};
};

namespace {

struct batch {
    std::int64_t id;
    celsius heat;
    std::vector<rgb> colours;
    asio::ip::address roaster;
    price cost;
    roast how;
};

asio::awaitable<void> values(tusk::connection& db)
{
    co_await db.async_script("create type pg_temp.price as (amount numeric, currency text);"
                             "create type pg_temp.roast as enum ('light', 'medium-dark', '2 x dark');"
                             "create temp table batches (id int8, heat float8, colours int4[], roaster inet,"
                             " cost pg_temp.price, how pg_temp.roast)");

    const std::vector<rgb> colours{{0x6f, 0x4e, 0x37}, {0x2b, 0x1d, 0x0e}};
    const asio::ip::address roaster = asio::ip::make_address("2001:db8::7");
    const price cost(tusk::numeric::parse("12.50"), "EUR");
    tusk::bound insert =
        tusk::sql("insert into batches values ($1, $2, $3, $4, $5, $6), ($7, $8, $3, $4, $5, $6)", 1,
                  celsius(213.5), colours, roaster, cost, roast::medium_dark, 2, celsius());
    co_await db.async_execute(std::move(insert));

    for (const bool text : {false, true}) { // the codecs read both formats
        tusk::bound all("select * from batches order by id");
        const tusk::rows<batch> found = co_await db.async_query<batch>(std::move(all.text_results(text)));
        const batch& first = found[0];
        std::printf("%.1f degrees, %s, %s %s, %s\n", first.heat.degrees(), first.roaster.to_string().c_str(),
                    first.cost.amount().to_string().c_str(), first.cost.currency().c_str(),
                    std::string(tusk::to_label(first.how)).c_str());
        expect(first.heat.degrees() == 213.5 && first.colours == colours, "numbers, alone and in an array");
        expect(first.roaster == roaster && first.cost == cost, "an address and a price");
        expect(first.how == roast::medium_dark, "a label");
        expect(!found[1].heat.known(), "NULL is no temperature");
    }
}

asio::awaitable<void> named_types(tusk::connection& db)
{
    // An array of composites, or of enums inside of a composite, needs the type's number.
    const auto price_type = co_await db.async_query_one<tusk::oid>("select 'pg_temp.price'::regtype::oid");
    std::vector<tusk::typed<price>> list;
    for (const char* amount : {"1", "2.50"})
        list.push_back(tusk::as_oid(price_type, price(tusk::numeric::parse(amount), "EUR")));
    tusk::bound sum = tusk::sql("select sum((p).amount) from unnest($1::pg_temp.price[]) p", list);
    const auto total = co_await db.async_query_one<tusk::numeric>(std::move(sum));
    expect(total == tusk::numeric::parse("3.50"), "the server has seen both prices");

    // A built-in type is named by its name; encodes() says that rgb can be an int8.
    tusk::bound wide = tusk::sql("select pg_typeof($1) || ' ' || $1", tusk::as_type("int8", rgb{0, 1, 0}));
    const auto text = co_await db.async_query_one<std::string>(std::move(wide));
    expect(text == "bigint 256", "sent as int8");
}

/// What the errors say.
asio::awaitable<void> failures(tusk::connection& db)
{
    const auto fails = [](const tusk::error& e, tusk::errc why, std::string_view part) {
        std::printf("%s\n", e.what());
        return e.code() == why && std::string_view(e.what()).find(part) != std::string_view::npos;
    };
    try { // the column is no float8
        co_await db.async_query_one<celsius>("select 'hot' as heat");
        expect(false, "a text is no temperature");
    } catch (const tusk::error& e) {
        expect(fails(e, tusk::errc::column_mismatch, "\"heat\""), "the column and both types are named");
    }
    try { // the value is no colour
        co_await db.async_query_one<rgb>("select -1 as colour");
        expect(false, "there are no negative colours");
    } catch (const tusk::error& e) {
        expect(fails(e, tusk::errc::value_not_representable, "\"colour\""), "this one too");
    }
    try { // nothing is sent
        tusk::bound cold = tusk::sql("select $1", celsius(-300));
        co_await db.async_query(std::move(cold));
        expect(false, "that is too cold");
    } catch (const tusk::error& e) {
        expect(fails(e, tusk::errc::value_out_of_range, "$1") && e.safe_to_retry(), "the parameter is named");
    }
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await values(db);
    co_await named_types(db);
    co_await failures(db);
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "user_types", run); }
