// Distributed under the Boost Software License, Version 1.0.
// Strings made by a grammar and then damaged. TUSK_DIFFERENTIAL_STRINGS and TUSK_DIFFERENTIAL_SEED ask for more.
#include "stage.hpp"

#include "conninfo/parameters.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string_view>

namespace tusk::test {
namespace {

class generator {
public:
    explicit generator(unsigned seed)
        : random_(seed)
    {
    }

    std::size_t below(std::size_t n) { return random_() % n; }
    bool chance(std::size_t percent) { return below(100) < percent; }

    std::string text()
    {
        std::string out = chance(50) ? pairs() : uri();
        if (chance(40)) damage(out);
        return out;
    }

    std::string service_file()
    {
        std::string out;
        for (std::size_t n = below(6); n != 0; --n) {
            static constexpr std::array<std::string_view, 9> lines{"[s]",  "[s] x", "[t]",       "# c", "",
                                                                   " [s]", "[s",    "service=t", "ldap"};
            out += chance(30) ? std::string(lines[below(lines.size())]) : keyword_and_value("=");
            out += chance(20) ? "\r\n" : "\n";
        }
        if (chance(70)) out = "[s]\n" + out;
        if (chance(20)) damage(out);
        return out;
    }

    const conn::parameter& row() { return conn::parameters[below(conn::parameters.size())]; }

    std::string value(const conn::parameter& of)
    {
        if (chance(50)) {
            std::string words(of.choices);
            if (!words.empty()) return word(words);
        }
        static constexpr std::array<std::string_view, 66> values{
            "",
            "a",
            "0",
            "1",
            "2",
            "-1",
            "+5",
            " 7 ",
            "5432",
            "65535",
            "65536",
            "2147483647",
            "2147483648",
            "0x10",
            "010",
            "1,2",
            ",",
            "1,,3",
            "a,b",
            "/tmp",
            "/tmp,a",
            "@x",
            "127.0.0.1",
            "127.0.0.1,::1",
            "::1",
            "fe80::1%lo",
            "true",
            "t",
            "on",
            "yes",
            "no",
            "off",
            "false",
            "database",
            "prefer",
            "require",
            "disable",
            "allow",
            "verify-full",
            "system",
            "direct",
            "TLSv1.2",
            "tlsv1.3",
            "TLSv1",
            "SSLv3",
            "3.0",
            "3.1",
            "3.2",
            "latest",
            "md5",
            "!md5",
            "scram-sha-256,md5",
            "!md5,!none",
            "md5,md5",
            "md5,!none",
            "none,",
            "utf8",
            "auto",
            "LATIN1",
            "a b",
            "x'y\\z",
            "a@b:c/d?e#f",
            "\t",
            "\xc3\xa4",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=",
            "https://issuer"};
        return std::string(values[below(values.size())]);
    }

private:
    std::string word(std::string_view words)
    {
        std::vector<std::string> all(1);
        for (const char c : words) {
            if (c == ' ')
                all.emplace_back();
            else
                all.back() += c;
        }
        return all[below(all.size())];
    }

    std::string keyword_and_value(std::string_view equals)
    {
        const conn::parameter& of = row();
        return std::string(of.keyword) + std::string(equals) + value(of);
    }

    std::string pairs()
    {
        std::string out;
        for (std::size_t n = below(5) + 1; n != 0; --n) {
            const conn::parameter& of = row();
            out += of.keyword;
            out += chance(10) ? " = " : "=";
            const std::string v = value(of);
            if (chance(30))
                out += v;
            else
                out += quoted(v);
            out += chance(10) ? "\n\t" : " ";
        }
        return out;
    }

    static std::string quoted(std::string_view v)
    {
        std::string out = "'";
        for (const char c : v) {
            if (c == '\'' || c == '\\') out += '\\';
            out += c;
        }
        return out + '\'';
    }

    std::string encoded(std::string_view v)
    {
        std::string out;
        for (const char c : v) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
            if (plain ? chance(97) : chance(15)) {
                out += c;
                continue;
            }
            static constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
            const auto b = static_cast<unsigned char>(c);
            const std::size_t set = below(2) * 16;
            out.append(1, '%').append(1, digits[set + b / 16]).append(1, digits[set + b % 16]);
        }
        return out;
    }

    std::string uri()
    {
        std::string out = chance(50) ? "postgresql://" : "postgres://";
        if (chance(40)) {
            out += encoded(value(row()));
            if (chance(50)) out += ":" + encoded(value(row()));
            out += '@';
        }
        for (std::size_t n = below(3); n != 0; --n) {
            static constexpr std::array<std::string_view, 9> hosts{
                "h", "", "[::1]", "[fe80::1%25lo]", "127.0.0.1", "%2ftmp", "[]", "[::1", "@x"};
            out += hosts[below(hosts.size())];
            if (chance(40)) out += ":" + encoded(chance(60) ? "5433" : value(row()));
            if (n > 1) out += ',';
        }
        if (chance(50)) out += "/" + encoded(value(row()));
        if (chance(60)) out += '?';
        for (std::size_t n = below(4); n != 0; --n) {
            const conn::parameter& of = row();
            out += chance(5) ? "ssl" : encoded(of.keyword);
            out += '=' + encoded(chance(5) ? "true" : value(of)) + (n > 1 || chance(10) ? "&" : "");
        }
        return out;
    }

    void damage(std::string& text)
    {
        static constexpr std::string_view interesting = "='\\ \t\n\r%&?/:,@[]#!+-*0159aZ_\x7f\xff";
        for (std::size_t n = below(3) + 1; n != 0; --n) {
            const std::size_t at = below(text.size() + 1);
            const char c =
                chance(80) ? interesting[below(interesting.size())] : static_cast<char>(below(255) + 1);
            switch (below(3)) {
            case 0:
                text.insert(at, 1, c);
                break;
            case 1:
                if (at != text.size()) text.erase(at, below(3) + 1);
                break;
            default:
                if (at != text.size()) text[at] = c;
            }
        }
    }

    std::mt19937 random_;
};

std::size_t number_from(const char* variable, std::size_t otherwise)
{
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(conninfo_differential, random_strings)
{
    const std::size_t count = number_from("TUSK_DIFFERENTIAL_STRINGS", 20000);
    const auto seed = static_cast<unsigned>(number_from("TUSK_DIFFERENTIAL_SEED", 1));
    const libpq& reference = libpq::loaded();
    generator make(seed);
    stage s;
    std::size_t refused = 0, on_purpose = 0, unequal = 0;
    for (std::size_t i = 0; i != count && unequal != 20; ++i) {
        s.clear();
        std::string text = make.text(), world;
        if (make.chance(25)) {
            const conn::parameter& row = make.row();
            const std::string value = make.value(row);
            if (!row.variable.empty()) s.variable(std::string(row.variable), value);
            world = std::string(row.variable) + '=' + value;
        }
        if (make.chance(10)) {
            const std::string file = make.service_file();
            s.file(".pg_service.conf", file);
            s.variable("PGSERVICE", "s");
            world += "\nservice file:\n" + file;
        }
        const verdict theirs = reference.ask(text), ours = ask_tusk(text);
        refused += theirs.accepted ? 0 : 1;
        const std::string d = difference(theirs, ours);
        if (d.empty()) continue;
        if (different_on_purpose(theirs, ours)) {
            ++on_purpose;
            continue;
        }
        ++unequal;
        ADD_FAILURE() << "string " << i << " of seed " << seed << ": " << text << "\n" << world << "\n" << d;
    }
    RecordProperty("refused", std::to_string(refused));
    std::printf("%zu strings, %zu refused by libpq, %zu differ on purpose\n", count, refused, on_purpose);
}

} // namespace
} // namespace tusk::test
