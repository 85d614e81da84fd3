// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/model.hpp"
#include "conninfo/parse.hpp"

#include <string>

namespace tusk::conn {
namespace {

constexpr std::size_t npos = std::string_view::npos;

int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

class uri_parser {
public:
    uri_parser(std::string_view text, std::size_t offset, conninfo& out)
        : begin_(text.data())
        , offset_(offset)
        , rest_(text)
        , out_(out)
    {
    }

    failure parse()
    {
        if (failure why = credentials()) return why;
        if (failure why = hosts()) return why;
        if (rest_.starts_with('/')) {
            rest_.remove_prefix(1);
            const std::string_view dbname = take_until("?");
            if (failure why = keep("dbname", dbname)) return why;
        }
        if (rest_.starts_with('?')) {
            rest_.remove_prefix(1);
            return query();
        }
        return {};
    }

private:
    /// Cuts off what stands before the first of the characters, or everything.
    std::string_view take_until(std::string_view stop) noexcept
    {
        const std::string_view taken = rest_.substr(0, rest_.find_first_of(stop));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    /// user[:password]@, if an '@' comes before the first '/'.
    failure credentials()
    {
        const std::size_t at = rest_.find_first_of("@/");
        if (at == npos || rest_[at] != '@') {
            stray_at_ = rest_.find('@') != npos;
            return {};
        }
        const std::string_view both = rest_.substr(0, at);
        rest_.remove_prefix(at + 1);
        const std::size_t colon = both.find(':');
        if (failure why = keep("user", both.substr(0, colon))) return why;
        return colon == npos ? failure() : keep("password", both.substr(colon + 1));
    }

    /// (name | '[' IPv6 ']') [':' port] (',' ...)*; the texts of all are put together as comma lists.
    failure hosts()
    {
        const std::string_view all = rest_;
        std::string names, ports;
        for (;;) {
            if (failure why = host(names)) return why;
            if (rest_.starts_with(':')) {
                rest_.remove_prefix(1);
                ports += take_until("/?,");
            }
            if (!rest_.starts_with(',')) break;
            rest_.remove_prefix(1);
            names += ',';
            ports += ',';
        }
        // "//user:pa/ss@host": the rest of a password in the place of a port, which must not show up in a
        // message
        if (stray_at_ && ports.find_first_not_of("0123456789, %") != npos)
            return failure::invalid(
                "the port in the URI is not a number; a \"/\" in a password must be written %2F");
        if (failure why = keep("host", names, all)) return why;
        return keep("port", ports, all);
    }

    failure host(std::string& names)
    {
        if (!rest_.starts_with('[')) {
            names += take_until(":/?,");
            return {};
        }
        const std::string where = position(rest_);
        rest_.remove_prefix(1);
        const std::string_view address = take_until("]");
        if (rest_.empty()) return failure::invalid("missing \"]\" after the IPv6 address" + where);
        if (address.empty()) return failure::invalid("empty IPv6 address" + where);
        rest_.remove_prefix(1);
        if (!rest_.empty() && std::string_view(":/?,").find(rest_.front()) == npos)
            return failure::invalid("unexpected character behind the IPv6 address" + position(rest_));
        names += address;
        return {};
    }

    /// keyword=value ('&' keyword=value)*, with at most one '&' too many at the end.
    failure query()
    {
        while (!rest_.empty()) {
            const std::string_view pair = take_until("&");
            if (!rest_.empty()) rest_.remove_prefix(1);
            if (failure why = query_parameter(pair)) return why;
        }
        return {};
    }

    failure query_parameter(std::string_view pair)
    {
        const std::size_t equals = pair.find('=');
        if (equals == npos) return failure::invalid("missing \"=\" in the query parameter" + position(pair));
        if (pair.find('=', equals + 1) != npos)
            return failure::invalid("more than one \"=\" in the query parameter" + position(pair));

        std::string keyword, value;
        if (failure why = decode(pair.substr(0, equals), keyword, pair)) return why;
        if (failure why = decode(pair.substr(equals + 1), value, pair)) return why;
        if (keyword == "ssl" && value == "true") { // as JDBC writes it
            keyword = "sslmode";
            value = "require";
        }
        failure why = store(out_, keyword, value, stray_at_ ? mention::no : mention_unknown(out_));
        wipe(value);
        return why ? failure::invalid(why.message() + position(pair)) : failure();
    }

    /// Stores a part of the URI unless it is empty: an empty part leaves the parameter unset.
    failure keep(key which, std::string_view raw, std::string_view place)
    {
        if (raw.empty()) return {};
        std::string value;
        if (failure why = decode(raw, value, place)) return why;
        access::put(out_, which, value, conninfo::source::explicit_);
        wipe(value);
        return {};
    }
    failure keep(key which, std::string_view raw) { return keep(which, raw, raw); }

    /// Undoes percent-encoding. Blanks around the text are dropped, white space inside is an error; '+' and
    /// '#' are ordinary characters.
    failure decode(std::string_view raw, std::string& out, std::string_view place) const
    {
        while (raw.starts_with(' ')) raw.remove_prefix(1);
        while (raw.ends_with(' ')) raw.remove_suffix(1);
        out.reserve(raw.size());
        for (std::size_t i = 0; i != raw.size(); ++i) {
            if (raw[i] == ' ')
                return failure::invalid("a blank must be written %20, in the part" + position(place));
            if (raw[i] != '%') {
                out += raw[i];
                continue;
            }
            const int high = i + 2 < raw.size() ? hex_digit(raw[i + 1]) : -1;
            const int low = i + 2 < raw.size() ? hex_digit(raw[i + 2]) : -1;
            if (high < 0 || low < 0)
                return failure::invalid("malformed percent-encoding in the part" + position(place));
            if (high == 0 && low == 0)
                return failure::invalid("%00 is not allowed, in the part" + position(place));
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
        return {};
    }

    /// Where a piece of the text begins, counted from 1.
    [[nodiscard]] std::string position(std::string_view piece) const
    {
        const auto at = static_cast<std::size_t>(piece.data() - begin_) + offset_;
        return " at byte " + std::to_string(at + 1) + " of the URI";
    }

    const char* begin_;
    std::size_t offset_;
    std::string_view rest_;
    conninfo& out_;
    bool stray_at_ = false; // an '@' that does not end credentials: a password may have been misread
};

} // namespace

failure parse_uri(std::string_view text, std::size_t offset, conninfo& out)
{
    return uri_parser(text, offset, out).parse();
}

} // namespace tusk::conn
