// Distributed under the Boost Software License, Version 1.0.
#include "session/touched.hpp"

#include <algorithm>

namespace tusk::session {

namespace {

[[nodiscard]] bool holds(std::string_view text, std::string_view small_word) noexcept
{
    const auto same = [](char c, char small) {
        return c == small || (c >= 'A' && c <= 'Z' && (c | 0x20) == small);
    };
    return std::search(text.begin(), text.end(), small_word.begin(), small_word.end(), same) != text.end();
}

} // namespace

std::uint8_t touched_by_tag(std::string_view tag, bool has_columns) noexcept
{
    switch (tag.empty() ? '\0' : tag.front()) {
    case 'C':
        if (tag == "CALL") return touched_all;
        return tag.starts_with("CREATE ") ? touched_temporary : 0;
    case 'D':
        if (tag == "DO") return touched_all;
        return tag == "DECLARE CURSOR" ? touched_cursors : 0;
    case 'L':
        return tag == "LISTEN" ? touched_listening : 0;
    case 'P':
        return tag == "PREPARE" ? touched_statements : 0;
    case 'S':
        if (tag == "SET") return touched_settings;
        return !has_columns && tag.starts_with("SELECT") ? touched_temporary
                                                         : 0; // CREATE TABLE AS, SELECT INTO
    default:
        return 0;
    }
}

std::uint8_t touched_by_text(std::string_view sql) noexcept
{
    const std::uint8_t settings = holds(sql, "set_config") ? touched_settings : 0;
    const std::uint8_t locks = holds(sql, "advisory") ? touched_locks : 0;
    return settings | locks;
}

std::string reset_text(std::uint8_t touched)
{
    std::string text;
    // the session's own user first, who may do the rest
    if (touched & touched_settings) text += "set session authorization default; reset role; reset all;";
    if (touched & touched_listening) text += "unlisten *;";
    if (touched & touched_cursors) text += "close all;";
    if (touched & touched_statements)
        text += "do $$declare n text; begin for n in select name from pg_catalog.pg_prepared_statements "
                "where from_sql "
                "loop execute pg_catalog.format('deallocate %I', n); end loop; end$$;";
    if (touched & touched_locks) text += "select pg_catalog.pg_advisory_unlock_all();";
    if (touched & touched_temporary) text += "discard temp;";
    return text;
}

} // namespace tusk::session
