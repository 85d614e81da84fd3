// Distributed under the Boost Software License, Version 1.0.
#include <tusk/pgvector.hpp>

#include "codec/float_text.hpp"
#include "codec/half.hpp"
#include "codec/text_cursor.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tusk {
namespace {

using detail::text_cursor;

std::vector<float> read_list(text_cursor& in)
{
    std::vector<float> values;
    in.expect("[");
    do values.push_back(in.number<float>(",]"));
    while (in.accept(","));
    in.expect("]");
    return values;
}

std::string list_text(const std::vector<float>& values)
{
    std::string text = "[";
    for (const float& x : values) {
        if (&x != values.data()) text += ',';
        detail::append_float(text, x);
    }
    return text + ']';
}

} // namespace

std::optional<pgvector> pgvector::parse(std::string_view text)
{
    text_cursor in(text);
    return in.finish(pgvector{read_list(in)});
}

std::string pgvector::to_string() const { return list_text(values); }

std::optional<halfvec> halfvec::parse(std::string_view text)
{
    text_cursor in(text);
    halfvec value{read_list(in)};
    if (!std::ranges::all_of(value.values, [](float x) { return detail::float_to_half(x).has_value(); }))
        in.fail();
    return in.finish(std::move(value));
}

std::string halfvec::to_string() const { return list_text(values); }

std::optional<sparsevec> sparsevec::parse(std::string_view text)
{
    text_cursor in(text);
    sparsevec value;
    in.expect("{");
    while (!in.empty() && !in.at_any("}")) {
        if (!value.elements.empty()) in.expect(",");
        const auto position = in.integer<std::int32_t>();
        in.expect(":");
        value.elements.push_back({position < 1 ? -1 : position - 1, in.number<float>(",}")});
    }
    in.expect("}/");
    value.dimensions = in.integer<std::int32_t>();
    if (!value.valid()) in.fail();
    return in.finish(std::move(value));
}

std::string sparsevec::to_string() const
{
    std::string text = "{";
    for (const element& e : elements) {
        if (&e != elements.data()) text += ',';
        text += std::to_string(std::int64_t{e.index} + 1) + ':';
        detail::append_float(text, e.value);
    }
    return text + "}/" + std::to_string(dimensions);
}

bool sparsevec::valid() const noexcept
{
    std::int32_t last = -1;
    for (const element& e : elements) {
        if (e.index <= last || e.index >= dimensions || e.value == 0) return false;
        last = e.index;
    }
    return true;
}

} // namespace tusk
