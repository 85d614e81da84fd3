// Distributed under the Boost Software License, Version 1.0.
#include "session/statement_cache.hpp"

#include "session/touched.hpp"

#include "wire/frontend.hpp"

#include <algorithm>
#include <functional>
#include <random>

namespace tusk::session {

namespace {

[[nodiscard]] bool same(const prepared& entry, std::string_view sql, std::span<const oid> declared) noexcept
{
    if (entry.declared.size() != declared.size()) return false;
    for (std::size_t i = 0; i < declared.size(); ++i)
        if (entry.declared[i] != declared[i]) return false;
    return entry.sql == sql;
}

} // namespace

std::size_t statement_cache::key_hash::operator()(const key& k) const noexcept
{
    std::size_t h = std::hash<std::string_view>{}(k.sql);
    for (oid type : k.declared) h = (h ^ static_cast<std::size_t>(type)) * std::size_t{0x9E3779B97F4A7C15};
    return h;
}

bool statement_cache::key_equal::operator()(const key& a, const key& b) const noexcept
{
    return a.sql == b.sql && std::ranges::equal(a.declared, b.declared);
}

prepared* statement_cache::find(std::string_view sql, std::span<const oid> declared)
{
    if (!live_.empty() && same(live_.front(), sql, declared))
        return &live_.front(); // most often the one before
    auto found = index_.find(key{sql, declared});
    if (found == index_.end()) return nullptr;
    if (found->second != live_.begin()) live_.splice(live_.begin(), live_, found->second);
    return &*found->second;
}

prepared& statement_cache::insert(std::string_view sql, std::span<const oid> declared)
{
    while (!live_.empty() && index_.size() >= capacity_) {
        ++evictions_;
        drop(live_.back(), true);
    }
    prepared& entry = live_.emplace_front();
    entry.sql = sql;
    entry.declared.assign(declared.begin(), declared.end());
    entry.name = prefix_ + std::to_string(++counter_);
    entry.target = wire::run_target(entry.name);
    entry.is_copy = is_copy_statement(sql);
    entry.touches = touched_by_text(sql);
    entry.cached = true;
    index_.emplace(key{entry.sql, entry.declared}, live_.begin());
    return entry;
}

void statement_cache::retire(entries::iterator entry)
{
    index_.erase(key{entry->sql, entry->declared});
    entry->cached = false;
    if (entry->in_flight)
        retired_.splice(retired_.end(), live_, entry);
    else
        live_.erase(entry);
}

void statement_cache::drop(prepared& entry, bool close)
{
    if (!entry.cached) return;
    if (close) to_close_.push_back(entry.name);
    auto found = index_.find(key{entry.sql, entry.declared});
    retire(found->second);
}

void statement_cache::forget_all()
{
    for (auto entry = live_.begin(); entry != live_.end();) {
        auto current = entry++;
        // one that is still being prepared was sent behind the command, so the server has it
        if (current->state != prepared::status::ready) continue;
        current->state = prepared::status::gone;
        retire(current);
    }
}

void statement_cache::rename() { prefix_ = random_name_prefix(); }

void statement_cache::release(prepared& entry) noexcept
{
    if (--entry.in_flight || entry.cached) return;
    for (auto i = retired_.begin(); i != retired_.end(); ++i) {
        if (&*i != &entry) continue;
        retired_.erase(i);
        return;
    }
}

namespace {

/// Skips white space and comments, which may nest: `/* a /* b */ c */`.
std::string_view skip_blanks(std::string_view sql) noexcept
{
    while (!sql.empty()) {
        if (std::string_view(" \t\r\n\f\v;").find(sql.front()) != std::string_view::npos) {
            sql.remove_prefix(1);
        } else if (sql.starts_with("--")) {
            sql.remove_prefix(std::min(sql.find_first_of("\r\n"), sql.size()));
        } else if (sql.starts_with("/*")) {
            std::size_t depth = 0;
            do {
                const bool open = sql.starts_with("/*");
                const bool shut = sql.starts_with("*/");
                depth += open ? 1 : 0;
                depth -= shut ? 1 : 0;
                sql.remove_prefix(open || shut ? 2 : 1);
            } while (depth && !sql.empty());
        } else {
            break;
        }
    }
    return sql;
}

} // namespace

std::string random_name_prefix()
{
    static constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    constexpr int length = 10;
    std::random_device random;
    std::uniform_int_distribution<std::size_t> digit(0, digits.size() - 1);
    std::string prefix = "tusk_";
    for (int i = 0; i < length; ++i) prefix += digits[digit(random)];
    prefix += '_';
    return prefix;
}

bool is_copy_statement(std::string_view sql) noexcept
{
    sql = skip_blanks(sql);
    static constexpr std::string_view word = "copy";
    if (sql.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if ((sql[i] | 0x20) != word[i]) return false;
    if (sql.size() == word.size()) return true;
    const char after = sql[word.size()];
    const bool letter = (after | 0x20) >= 'a' && (after | 0x20) <= 'z';
    return !letter && !(after >= '0' && after <= '9') && after != '_' && after != '$' &&
           static_cast<unsigned char>(after) < 0x80;
}

bool has_binary_output(oid type) noexcept
{
    // aclitem and gtsvector, with their arrays, are the catalogue's types without a send function
    static constexpr std::uint32_t text_only[] = {1033, 1034, 3642, 3644};
    static constexpr std::uint32_t first_user_oid = 16'384;
    const auto number = static_cast<std::uint32_t>(type);
    return number < first_user_oid && std::ranges::find(text_only, number) == std::end(text_only);
}

void set_formats(columns& cols, result_formats asked, text_style style) noexcept
{
    for (column& c : cols) {
        const bool binary = asked == result_formats::binary ||
                            (asked == result_formats::per_column && has_binary_output(c.type));
        c.format = binary ? format::binary : format::text;
        c.style = binary ? text_style{} : style;
    }
}

bool in_style(const columns& cols, text_style style) noexcept
{
    return std::ranges::all_of(
        cols, [style](const column& c) { return c.format == format::binary || c.style == style; });
}

columns_ptr share(columns&& cols, const type_catalogue::map_ptr& types)
{
    struct both {
        columns cols;
        type_catalogue::map_ptr types;
    };
    auto shared = std::make_shared<both>(both{std::move(cols), types});
    for (column& c : shared->cols) c.types = known_types(types.get());
    return {shared, &shared->cols};
}

columns_ptr with_formats(const columns_ptr& cols, result_formats asked, text_style style,
                         const type_catalogue::map_ptr& types)
{
    if (!cols) return nullptr;
    columns changed = *cols;
    set_formats(changed, asked, style);
    return share(std::move(changed), types);
}

} // namespace tusk::session
