// Distributed under the Boost Software License, Version 1.0.
#include "integration/types_table.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <stdexcept>

namespace tusk_test {
namespace {

const std::filesystem::path root = TUSK_ROOT;

std::ifstream open(const std::filesystem::path& path)
{
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return file;
}

std::vector<std::string> cells_of(const std::string& line)
{
    std::vector<std::string> cells;
    for (std::size_t at = 1, end; (end = line.find('|', at)) != std::string::npos; at = end + 1)
        cells.push_back(line.substr(at, end - at));
    return cells;
}

std::vector<std::string> names_in(const std::string& cell)
{
    static const std::regex name("`([^`]+)`");
    std::vector<std::string> names;
    for (std::sregex_iterator at(cell.begin(), cell.end(), name), end; at != end; ++at)
        names.push_back((*at)[1]);
    return names;
}

/// What a header calls otherwise than the table: templates, and those without "tusk::".
const std::map<std::string, std::vector<std::string>> spelt_otherwise = {
    {"integer.hpp T",
     {"std::int16_t", "std::int32_t", "std::int64_t", "std::uint16_t", "std::uint32_t", "std::uint64_t"}},
    {"composite.hpp T", {"struct"}},
    {"composite.hpp std::tuple<E...>", {"std::tuple<...>"}},
    {"enumeration.hpp E", {"enum class"}},
    {"date_time.hpp basic_timestamp<Clock>", {"tusk::timestamptz", "tusk::timestamp"}},
    {"array.hpp std::vector<T, A>", {"std::vector<T>"}},
    {"array.hpp std::span<const T, N>", {"std::span<const T>"}},
    {"variant.hpp std::variant<T...>", {"std::variant<...>"}},
    {"optional.hpp std::nullopt_t", {"std::nullopt"}},
    {"optional.hpp std::nullptr_t", {"nullptr"}},
    {"text.hpp const char*", {"const char*"}},
    {"text.hpp char*", {"char*"}},
    {"text.hpp char[N]", {"char[N]"}},
    {"text.hpp char", {"char"}},
    {"boolean.hpp bool", {"bool"}},
    {"floating.hpp float", {"float"}},
    {"floating.hpp double", {"double"}},
    {"typed.hpp typed<T>", {}}, // as_oid and as_type: any type, by its name
};

} // namespace

std::vector<table_row> read_types_table()
{
    std::ifstream page = open(root / "docs/types.md");
    std::vector<table_row> rows;
    std::string line;
    while (std::getline(page, line) && !line.starts_with("| SQL |")) {
    }
    std::getline(page, line); // |---|
    while (std::getline(page, line) && line.starts_with('|')) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() != 5) throw std::runtime_error("not five cells: " + line);
        rows.push_back({names_in(cells[0]), names_in(cells[1]), names_in(cells[2]), cells[3]});
    }
    if (rows.empty()) throw std::runtime_error("docs/types.md has no table");
    return rows;
}

std::set<std::string> codecs_in_headers(std::string_view traits)
{
    const std::regex specialised("struct " + std::string(traits) + "<(.+?)> ?(:|\\{)[^:].*|struct " +
                                 std::string(traits) + "<(.+)> \\{");
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(root / "include/tusk/codec")) {
        std::ifstream header = open(entry.path());
        std::smatch found;
        for (std::string line; std::getline(header, line);) {
            if (line.find("///") != std::string::npos || !std::regex_search(line, found, specialised))
                continue;
            const std::string name = found[1].matched ? found[1] : found[3];
            const auto other = spelt_otherwise.find(entry.path().filename().string() + ' ' + name);
            if (other != spelt_otherwise.end())
                names.insert(other->second.begin(), other->second.end());
            else
                names.insert(name.starts_with("std::") ? name : "tusk::" + name);
        }
    }
    return names;
}

} // namespace tusk_test
