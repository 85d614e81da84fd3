// Distributed under the Boost Software License, Version 1.0.
#include "common/line_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

constexpr double width = 330, height = 250;                    // of a chart
constexpr double left = 58, right = 14, top = 28, bottom = 46; // around its plot
constexpr double legend_entry = 150, legend_line = 20;

[[nodiscard]] std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else
            out += c;
    }
    return out;
}

[[nodiscard]] std::string label_of(double v)
{
    std::array<char, 32> text{};
    if (v >= 1e4)
        std::snprintf(text.data(), text.size(), "%gk", v / 1000);
    else
        std::snprintf(text.data(), text.size(), "%g", v);
    return text.data();
}

/// From values to the plot's pixels.
class frame {
public:
    frame(const chart& c, double x, double y)
        : x_(x + left)
        , y_(y + top)
        , logarithmic_(c.logarithmic)
    {
        bool any = false;
        for (const auto& l : c.lines)
            for (const auto& p : l.points) {
                low_y_ = any ? std::min(low_y_, p.y) : p.y;
                high_y_ = any ? std::max(high_y_, p.y) : p.y;
                any = true;
            }
        if (!c.x_ticks.empty()) {
            low_x_ = c.x_ticks.front().at;
            high_x_ = c.x_ticks.back().at;
        }
        if (high_x_ <= low_x_) high_x_ = low_x_ + 1;
        if (logarithmic_) {
            low_y_ = std::pow(10, std::floor(std::log10(std::max(low_y_, 1e-9))));
            high_y_ = std::pow(10, std::ceil(std::log10(std::max(high_y_, low_y_ * 1.01))));
        } else {
            low_y_ = 0;
            step_ = nice_step(high_y_ > 0 ? high_y_ / 4 : 0.25);
            high_y_ = step_ * std::ceil(std::max(high_y_, step_) / step_);
        }
    }

    [[nodiscard]] double x(double v) const
    {
        constexpr double margin = 12;
        return x_ + margin + (v - low_x_) / (high_x_ - low_x_) * (width - left - right - 2 * margin);
    }
    [[nodiscard]] double y(double v) const
    {
        const double part = logarithmic_
                                ? std::log10(std::max(v, low_y_) / low_y_) / std::log10(high_y_ / low_y_)
                                : v / high_y_;
        return y_ + (1 - part) * (height - top - bottom);
    }
    [[nodiscard]] double left_edge() const { return x_; }
    [[nodiscard]] double right_edge() const { return x_ + width - left - right; }
    [[nodiscard]] double upper_edge() const { return y_; }
    [[nodiscard]] double lower_edge() const { return y_ + height - top - bottom; }

    [[nodiscard]] std::vector<double> y_ticks() const
    {
        std::vector<double> ticks;
        for (double v = low_y_; v <= high_y_ * 1.001; v = logarithmic_ ? v * 10 : v + step_)
            ticks.push_back(v);
        return ticks;
    }

private:
    [[nodiscard]] static double nice_step(double rough)
    {
        const double power = std::pow(10, std::floor(std::log10(rough)));
        for (const double factor : {1.0, 2.0, 5.0})
            if (rough <= factor * power * 1.0001) return factor * power;
        return 10 * power;
    }

    double x_, y_;
    bool logarithmic_;
    double low_x_ = 0, high_x_ = 1, low_y_ = 0, high_y_ = 1, step_ = 1;
};

void text(std::ostream& out, double x, double y, const char* anchor, const std::string& what,
          const char* more = "")
{
    out << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\"" << anchor << "\"" << more << '>'
        << escaped(what) << "</text>\n";
}

void line(std::ostream& out, double x1, double y1, double x2, double y2, const std::string& style)
{
    out << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2 << "\" y2=\"" << y2 << "\" " << style
        << "/>\n";
}

[[nodiscard]] std::string stroke(const chart_line& l)
{
    std::string s = "stroke=\"" + l.colour + "\" stroke-width=\"1.8\" fill=\"none\"";
    if (!l.dashes.empty()) s += " stroke-dasharray=\"" + l.dashes + '"';
    return s;
}

void draw_axes(std::ostream& out, const chart& c, const frame& f)
{
    for (const double v : f.y_ticks()) {
        line(out, f.left_edge(), f.y(v), f.right_edge(), f.y(v), "stroke=\"#ddd\"");
        text(out, f.left_edge() - 5, f.y(v) + 4, "end", label_of(v));
    }
    for (const auto& t : c.x_ticks) {
        line(out, f.x(t.at), f.lower_edge(), f.x(t.at), f.lower_edge() + 4, "stroke=\"#444\"");
        text(out, f.x(t.at), f.lower_edge() + 16, "middle", t.label);
    }
    line(out, f.left_edge(), f.lower_edge(), f.right_edge(), f.lower_edge(), "stroke=\"#444\"");
    const double middle = (f.left_edge() + f.right_edge()) / 2;
    text(out, middle, f.upper_edge() - 10, "middle", c.title, " font-weight=\"bold\"");
    text(out, middle, f.lower_edge() + 32, "middle", c.x_label);
    std::ostringstream turned;
    const double x = f.left_edge() - 44;
    const double y = (f.upper_edge() + f.lower_edge()) / 2;
    turned << " transform=\"rotate(-90 " << x << ' ' << y << ")\"";
    text(out, x, y, "middle", c.y_label, turned.str().c_str());
}

void draw_lines(std::ostream& out, const chart& c, const frame& f)
{
    for (const auto& l : c.lines) {
        out << "<polyline " << stroke(l) << " points=\"";
        for (const auto& p : l.points) out << f.x(p.x) << ',' << f.y(p.y) << ' ';
        out << "\"/>\n";
        for (const auto& p : l.points)
            out << "<circle cx=\"" << f.x(p.x) << "\" cy=\"" << f.y(p.y) << "\" r=\"2.4\" fill=\"" << l.colour
                << "\"/>\n";
    }
}

/// Every line's name once, in the order of appearance.
[[nodiscard]] std::vector<chart_line> legend_of(const std::vector<chart>& charts)
{
    std::vector<chart_line> entries;
    for (const auto& c : charts)
        for (const auto& l : c.lines)
            if (std::ranges::find(entries, l.name, &chart_line::name) == entries.end()) entries.push_back(l);
    return entries;
}

} // namespace

void write_charts(const std::filesystem::path& file, const std::vector<chart>& charts, std::size_t columns)
{
    const std::size_t across = std::max<std::size_t>(1, std::min(columns, charts.size()));
    const std::size_t rows = (charts.size() + across - 1) / across;
    const auto legend = legend_of(charts);
    const double full_width = std::max(width * static_cast<double>(across), 2 * legend_entry + left);
    const auto legend_columns = static_cast<std::size_t>((full_width - left) / legend_entry);
    const std::size_t legend_rows = (legend.size() + legend_columns - 1) / legend_columns;
    const double charts_height = height * static_cast<double>(rows);
    const double full_height = charts_height + legend_line * static_cast<double>(legend_rows) + 8;

    std::ofstream out(file);
    out << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << full_width << "\" height=\"" << full_height
        << "\" viewBox=\"0 0 " << full_width << ' ' << full_height
        << "\" font-family=\"sans-serif\" font-size=\"11\">\n"
        << "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    for (std::size_t i = 0; i < charts.size(); ++i) {
        const frame f(charts[i], width * static_cast<double>(i % across),
                      height * static_cast<double>(i / across));
        draw_axes(out, charts[i], f);
        draw_lines(out, charts[i], f);
    }
    for (std::size_t i = 0; i < legend.size(); ++i) {
        const double x = left + legend_entry * static_cast<double>(i % legend_columns);
        const double y = charts_height + legend_line * static_cast<double>(i / legend_columns) + 10;
        line(out, x, y, x + 26, y, stroke(legend[i]));
        text(out, x + 32, y + 4, "start", legend[i].name);
    }
    out << "</svg>\n";
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

} // namespace bench
