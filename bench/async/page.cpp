// Distributed under the Boost Software License, Version 1.0.
#include "async/page.hpp"

#include "async/plots.hpp"
#include "async/tables.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace async_bench {

namespace {

void write(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

} // namespace

void write_report(const std::filesystem::path& folder, const results& all, const run_facts& facts)
{
    const std::vector<std::string> plots = draw_plots(folder, all);
    std::string text =
        "# Is async worthwhile?\n\nMedians over the rounds; results.csv has the extremes too.\n";
    if (facts.quick) text += "A quick run: too short to draw conclusions from.\n";
    for (const named_table& t : make_tables(all, facts)) text += "\n## " + t.title + "\n\n" + t.text;
    if (!plots.empty()) text += "\n## Plots\n";
    for (const std::string& p : plots) text += "\n![" + p + "](" + p + ")\n";
    write(folder / "report.md", text);
}

void renew_page(const std::filesystem::path& page, const std::filesystem::path& folder, const results& all,
                const run_facts& facts)
{
    std::ifstream in(page, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + page.string());
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::string end = "<!-- end of table -->";
    for (const named_table& t : make_tables(all, facts)) {
        const std::string mark = "<!-- table: " + t.name + " -->\n";
        const auto from = text.find(mark);
        const auto to = from == std::string::npos ? from : text.find(end, from);
        if (to == std::string::npos)
            std::cerr << page.string() << " has no place for the table " << t.name << '\n';
        else
            text.replace(from + mark.size(), to - from - mark.size(), '\n' + t.text + '\n');
    }
    write(page, text);

    const std::filesystem::path beside = page.parent_path() / page.stem();
    std::filesystem::create_directories(beside);
    for (const auto& file : std::filesystem::directory_iterator(folder))
        if (file.path().extension() == ".svg")
            std::filesystem::copy_file(file.path(), beside / file.path().filename(),
                                       std::filesystem::copy_options::overwrite_existing);
}

} // namespace async_bench
