// Distributed under the Boost Software License, Version 1.0.
#include "common/bar_chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace bench {
namespace {

constexpr double left = 70, top = 60, bottom = 60, height = 320, bar = 11, gap = 22;

std::string text(double x, double y, const std::string& words, const char* anchor, int size = 12)
{
    char begin[160];
    std::snprintf(begin, sizeof begin, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">", x,
                  y, anchor, size);
    return begin + words + "</text>\n";
}

std::string label(double v)
{
    char words[32];
    std::snprintf(words, sizeof words, v < 10 ? "%.2g" : v < 1000 ? "%.3g" : "%.0f", v);
    return words;
}

/// Maps values to heights: whole decades from the smallest to the largest.
struct scale {
    double low = -2, high = 2;

    explicit scale(const bar_chart& chart)
    {
        double least = 1e300, most = 0;
        for (const auto& g : chart.groups) {
            for (const double v : g.values) {
                if (v <= 0) continue;
                least = std::min(least, v);
                most = std::max(most, v);
            }
        }
        if (most <= 0) return;
        low = std::floor(std::log10(least) - 0.1);
        high = std::max(low + 1, std::ceil(std::log10(most)));
    }
    [[nodiscard]] double y(double v) const
    {
        return top + height - (std::log10(v) - low) / (high - low) * height;
    }
};

void write_axis(std::ofstream& out, const scale& s, double width)
{
    for (int decade = static_cast<int>(s.low); decade <= static_cast<int>(s.high); ++decade) {
        const double v = std::pow(10., decade), y = s.y(v);
        char line[160];
        std::snprintf(line, sizeof line,
                      "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", left,
                      width - 10, y, y);
        out << line << text(left - 6, y + 4, label(v), "end", 11);
    }
}

} // namespace

void write_bars(const std::filesystem::path& file, const bar_chart& chart)
{
    std::ofstream out(file);
    if (!out) throw std::runtime_error("cannot write " + file.string());
    const scale s(chart);
    const double group_width = bar * static_cast<double>(chart.series.size()) + gap;
    const double width = std::max(700., left + 20 + group_width * static_cast<double>(chart.groups.size()));
    char head[240];
    std::snprintf(head, sizeof head,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                  "font-family=\"sans-serif\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                  width, top + height + bottom);
    out << head << text(left, 20, chart.title + ", " + chart.y_label, "start", 14);
    double x = left;
    for (const auto& series : chart.series) {
        out << "<rect x=\"" << x << "\" y=\"32\" width=\"12\" height=\"12\" fill=\"" << series.colour
            << "\"/>\n"
            << text(x + 16, 42, series.name, "start");
        x += 34 + 7.5 * static_cast<double>(series.name.size());
    }
    write_axis(out, s, width);

    x = left + gap / 2;
    for (const auto& group : chart.groups) {
        double at = x;
        for (std::size_t i = 0; i < group.values.size() && i < chart.series.size(); ++i) {
            if (const double v = group.values[i]; v > 0) {
                char rect[240];
                std::snprintf(rect, sizeof rect,
                              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\">"
                              "<title>%s, %s: %s</title></rect>\n",
                              at, s.y(v), bar - 1, top + height - s.y(v), chart.series[i].colour.c_str(),
                              group.name.c_str(), chart.series[i].name.c_str(), label(v).c_str());
                out << rect;
                at += bar;
            }
        }
        const double middle = (x + std::max(at, x + bar)) / 2;
        out << "<text transform=\"translate(" << middle << ',' << top + height + 14
            << ") rotate(20)\" font-size=\"11\">" << group.name << "</text>\n";
        x += group_width;
    }
    out << "</svg>\n";
    if (!out) throw std::runtime_error("cannot write " + file.string());
}

} // namespace bench
