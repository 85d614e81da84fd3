// Distributed under the Boost Software License, Version 1.0.
#include <tusk/batch.hpp>

#include <span>

namespace tusk {
namespace {

template <class T>
[[nodiscard]] bool equal(const T* a, std::span<const T> b) noexcept
{
    for (std::size_t i = 0; i < b.size(); ++i)
        if (a[i] != b[i]) return false;
    return true;
}

/// Puts `what` at the end of `all`, which has 2^32 - 1 elements at most. Gives where it lies.
template <class Piece, class T, std::size_t N>
[[nodiscard]] Piece put(detail::small_vector<T, N>& all, std::span<const T> what)
{
    const auto at = static_cast<std::uint32_t>(all.size());
    all.append(what);
    return {at, static_cast<std::uint32_t>(what.size())};
}

/// Puts `what` at the end of `all`, unless it is what `last` already says. Gives where it lies.
template <class Piece, class T, std::size_t N>
[[nodiscard]] Piece keep(detail::small_vector<T, N>& all, const Piece& last, std::span<const T> what)
{
    if (what.size() == last.size && equal(all.data() + last.at, what)) return last;
    return put<Piece>(all, what);
}

} // namespace

bool batch::repeats(std::string_view text) const noexcept
{
    return !parts_.empty() &&
           text == std::string_view(texts_.data() + parts_.back().text.at, parts_.back().text.size);
}

void batch::append(const statement_view& statement, bool repeated)
{
    static const part none;
    const part& before = parts_.empty() ? none : parts_.back();
    if (statement.places) places_.push_back(*statement.places);
    parts_.push_back(
        {.text = repeated ? before.text : put<piece>(texts_, std::span<const char>(statement.sql)),
         .declared = keep(declared_, before.declared, statement.declared),
         .values = put<piece>(values_, statement.values),
         .formats = keep(formats_, before.formats, statement.formats),
         .parameters = static_cast<std::uint32_t>(statement.parameters),
         .places = statement.places ? static_cast<std::uint32_t>(places_.size()) : 0,
         .text_results = statement.text_results});
}

void batch::append(std::string_view text)
{
    const bool repeated = repeats(text);
    if (!repeated && text.find('\0') != text.npos) { // bound says it in full
        add(bound(text, values_of_one_));
        return;
    }
    append({.sql = text,
            .declared = values_of_one_.types(),
            .parameters = values_of_one_.size(),
            .values = values_of_one_.values(),
            .formats = detail::short_formats(values_of_one_.formats()),
            .places = values_of_one_.places()},
           repeated);
    if (values_of_one_.error()) fail(values_of_one_.error(), values_of_one_.diag());
}

/// Remembers that the statement added last cannot be sent.
void batch::fail(std::error_code ec, const diagnostics& why)
{
    if (error_) return;
    error_ = ec;
    diag_ = why;
    failed_part_ = parts_.size() - 1;
}

void batch::clear() noexcept
{
    parts_.clear();
    texts_.clear();
    declared_.clear();
    values_.clear();
    formats_.clear();
    places_.clear();
    error_ = {};
    diag_ = {};
    failed_part_ = 0;
}

statement_view batch::operator[](std::size_t i) const noexcept
{
    const part& p = parts_[i];
    return {.sql = {texts_.data() + p.text.at, p.text.size},
            .declared = {declared_.data() + p.declared.at, p.declared.size},
            .parameters = p.parameters,
            .values = {values_.data() + p.values.at, p.values.size},
            .formats = {formats_.data() + p.formats.at, p.formats.size},
            .text_results = p.text_results,
            .places = p.places == 0 ? nullptr : &places_[p.places - 1]};
}

} // namespace tusk
