// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/column.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>

#include "session/type_catalogue.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <vector>

namespace tusk::session {

/// How the columns of a result are asked for.
enum class result_formats : std::uint8_t {
    binary,     ///< all binary
    per_column, ///< text where a type has no binary form that tusk knows of
    text,       ///< all text
};

/// A statement that is, or is about to be, prepared on the server.
struct prepared {
    enum class status : std::uint8_t {
        preparing, ///< Parse is on its way
        ready,     ///< ParseComplete came
        failed,    ///< Parse failed; `error` says why
        gone,      ///< not on the server, or no longer to be used
        foreign,   ///< Parse failed since the name is somebody else's: what was sent behind it runs their
                   ///< statement
    };

    std::string sql;
    std::vector<oid> declared;
    std::string name;
    std::string target; ///< the name as Bind wants it
    status state = status::preparing;
    bool described = false; ///< `parameters` and `columns` are known
    bool is_copy = false;
    std::uint8_t touches = 0; ///< what its text says it does to the session: see touched.hpp
    result_formats formats = result_formats::binary;
    std::vector<oid> parameters;
    columns_ptr columns;             ///< null for a statement without rows
    std::uint64_t types_version = 0; ///< of the types that `columns` knows
    std::error_code error;
    diagnostics diag;

    std::uint32_t in_flight = 0; ///< slots of the pipeline that point here
    bool cached = false;         ///< still found by its key
};

/// The statements of one connection, least recently used first out. The entries' addresses are stable: an
/// entry that leaves the cache lives on until the last slot of the pipeline that needs it is gone.
class statement_cache {
public:
    explicit statement_cache(std::size_t capacity, std::string name_prefix = "tusk_")
        : capacity_(capacity)
        , prefix_(std::move(name_prefix))
    {
    }

    /// The entry of this text and these declared types, moved to the front; null when there is none.
    [[nodiscard]] prepared* find(std::string_view sql, std::span<const oid> declared);

    /// A new entry with a name of its own. When the cache is full the oldest one leaves it and its name is
    /// added to what has to be closed.
    [[nodiscard]] prepared& insert(std::string_view sql, std::span<const oid> declared);

    /// Takes the entry out of the cache. `close`: the server may hold it, so its name is to be closed.
    void drop(prepared& entry, bool close);

    /// The server has forgotten all statements that were ready (DISCARD ALL, DEALLOCATE ALL).
    void forget_all();

    /// A name of ours belongs to somebody else (a pooler's other client): use another family of names.
    void rename();

    void acquire(prepared& entry) noexcept { ++entry.in_flight; }
    void release(prepared& entry) noexcept;

    /// Names that are to be closed in front of the next Parse.
    [[nodiscard]] std::vector<std::string>& to_close() noexcept { return to_close_; }

    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] std::uint64_t evictions() const noexcept { return evictions_; }

private:
    struct key {
        std::string_view sql;
        std::span<const oid> declared;
    };
    struct key_hash {
        std::size_t operator()(const key& k) const noexcept;
    };
    struct key_equal {
        bool operator()(const key& a, const key& b) const noexcept;
    };
    using entries = std::list<prepared>;

    void retire(entries::iterator entry);

    std::size_t capacity_;
    entries live_;    // most recently used first
    entries retired_; // out of the cache, still needed by the pipeline
    std::unordered_map<key, entries::iterator, key_hash, key_equal> index_;
    std::vector<std::string> to_close_;
    std::string prefix_;
    std::uint64_t counter_ = 0;
    std::uint64_t evictions_ = 0;
};

/// What the names of a connection's statements begin with. Behind a pooler, where several connections share a
/// server, equal names would let one run the statement of another.
[[nodiscard]] std::string random_name_prefix();

/// True when the first word of the SQL is COPY: nothing may be sent behind it before its answer has come.
[[nodiscard]] bool is_copy_statement(std::string_view sql) noexcept;

/// Says of each column in which format it comes when the result is asked for like this, and of text its style.
void set_formats(columns& cols, result_formats asked, text_style style = {}) noexcept;
/// Shares columns, and what is known of the types in them for as long as they live.
[[nodiscard]] columns_ptr share(columns&& cols, const type_catalogue::map_ptr& types);
/// A copy in other formats, or with other knowledge of types; null stays null.
[[nodiscard]] columns_ptr with_formats(const columns_ptr& cols, result_formats asked, text_style style = {},
                                       const type_catalogue::map_ptr& types = nullptr);
/// Whether the columns in text format have this style.
[[nodiscard]] bool in_style(const columns& cols, text_style style) noexcept;

/// True for the built-in types whose binary form is certain to exist (their arrays count too).
[[nodiscard]] bool has_binary_output(oid type) noexcept;

} // namespace tusk::session
