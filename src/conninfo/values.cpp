// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/values.hpp"

#include "conninfo/model.hpp"
#include "conninfo/parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace tusk::conn {
namespace {

bool in_words(std::string_view words, std::string_view value)
{
    if (value.empty() || value.find(' ') != std::string_view::npos) return false;
    for (std::size_t at = words.find(value); at != std::string_view::npos; at = words.find(value, at + 1)) {
        const std::size_t end = at + value.size();
        if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
    }
    return false;
}

/// "a b c" as "a, b, c".
std::string comma_list(std::string_view words)
{
    std::string out(words);
    for (std::size_t at = out.find(' '); at != std::string::npos; at = out.find(' ', at + 2))
        out.replace(at, 1, ", ");
    return out;
}

std::optional<auth_method> method_by_name(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, auth_method>, 7> names{{
        {"none", auth_method::none},
        {"password", auth_method::password},
        {"md5", auth_method::md5},
        {"scram-sha-256", auth_method::scram_sha_256},
        {"gss", auth_method::gss},
        {"sspi", auth_method::sspi},
        {"oauth", auth_method::oauth},
    }};
    for (const auto& [known, method] : names)
        if (known == name) return method;
    return std::nullopt;
}

/// The place of a TLS version in the order of versions; 0 for none.
int tls_rank(std::string_view name)
{
    std::string lower(name);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    static constexpr std::array<std::string_view, 4> known{"tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3"};
    const auto at = std::find(known.begin(), known.end(), lower);
    return at == known.end() ? 0 : static_cast<int>(at - known.begin()) + 1;
}

failure read_tls_version(const conninfo& merged, key which, int& rank)
{
    const std::string_view value = access::get(merged, which);
    rank = tls_rank(value);
    if (rank != 0 || value.empty()) return {};
    return failure::invalid(label(merged, which) + ": \"" + std::string(value) +
                            "\" is not one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
}

} // namespace

std::vector<std::string> split_list(std::string_view text)
{
    std::vector<std::string> out;
    for (;;) {
        const std::size_t comma = text.find(',');
        out.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return out;
        text.remove_prefix(comma + 1);
    }
}

failure read_integer(const std::string& name, std::string_view text, int& out)
{
    const std::string_view given = text;
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    int value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size())
        return failure::invalid(name + ": \"" + std::string(given) + "\" is not an integer");
    out = value;
    return {};
}

failure read_integer(const conninfo& merged, key which, int& out)
{
    if (!access::has(merged, which)) return {};
    return read_integer(label(merged, which), access::get(merged, which), out);
}

failure check_choice(const conninfo& merged, key which)
{
    const parameter& row = which.row();
    if (!access::has(merged, which)) return {};
    const std::string_view value = access::get(merged, which);
    if (value.empty() && row.choices.empty())
        return {}; // libpq refuses it too where there is a list: PGSSLMODE=
    if (row.choices.empty() || in_words(row.choices, value)) return {};
    return failure::invalid(label(merged, which) + ": \"" + std::string(value) + "\" is not one of " +
                            comma_list(row.choices));
}

failure read_auth_policy(const conninfo& merged, auth_policy& out)
{
    const std::string_view text = access::get(merged, "require_auth");
    if (text.empty()) return {};
    const std::string name = label(merged, "require_auth");
    const bool negative = text.starts_with('!');
    std::vector<auth_method> seen;
    for (const std::string& piece : split_list(text)) {
        const bool negated = piece.starts_with('!');
        if (negated != negative && !piece.empty())
            return failure::invalid(name + ": methods with and without \"!\" cannot be mixed");
        const auto method = method_by_name(std::string_view(piece).substr(negated ? 1 : 0));
        if (!method)
            return failure::invalid(name + ": \"" + piece +
                                    "\" is not one of none, password, md5, scram-sha-256, gss, sspi, oauth");
        if (std::find(seen.begin(), seen.end(), *method) != seen.end())
            return failure::invalid(name + ": \"" + piece + "\" is given twice");
        seen.push_back(*method);
        negated ? out.forbid(*method) : out.list(*method);
    }
    return {};
}

failure check_tls_versions(const conninfo& merged)
{
    int lowest = 0, highest = 0;
    if (failure why = read_tls_version(merged, "ssl_min_protocol_version", lowest)) return why;
    if (failure why = read_tls_version(merged, "ssl_max_protocol_version", highest)) return why;
    if (lowest != 0 && highest != 0 && lowest > highest)
        return failure::invalid("ssl_min_protocol_version is above ssl_max_protocol_version");
    return {};
}

failure read_protocol_versions(const conninfo& merged, std::uint32_t& oldest, std::uint32_t& newest)
{
    constexpr std::uint32_t first = 0x0003'0000, latest = 0x0003'0002;
    const auto version = [](std::string_view name) { return name == "3.0" ? first : latest; };
    const std::string_view from = access::get(merged, "min_protocol_version");
    const std::string_view to = access::get(merged, "max_protocol_version");
    oldest = from.empty() ? first : version(from);
    // who asks for more than 3.0 at least has no reason to stop short of the latest
    newest = to.empty() ? oldest : version(to);
    if (oldest > newest) return failure::invalid("min_protocol_version is above max_protocol_version");
    return {};
}

} // namespace tusk::conn
