// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/oid.hpp>
#include <tusk/type_description.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk::session {

/// A type that the server has described, and the names by which it was asked for.
struct described_type {
    type_description type;
    std::vector<std::string> names;
};

/// What a connection knows of types of users and extensions: by OID, and by the names that requests gave.
///
/// Results share what was known when they came, so that a map is never changed, but replaced.
class type_catalogue {
public:
    using map_ptr = std::shared_ptr<const detail::type_map>;

    /// With so many types all that was known before gives way to what is new.
    static constexpr std::size_t max_types = 8192;

    /// Null while nothing is known.
    [[nodiscard]] const map_ptr& known() const noexcept { return known_; }
    /// Another number whenever `known()` is another.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

    /// A type that is known, or built in; else null.
    [[nodiscard]] type_ptr find(oid type) const;
    /// The type that a name, as sql_type_name::to_string() writes it, stands for; oid::none when it is not known.
    [[nodiscard]] oid find(std::string_view name) const noexcept;

    void learn(std::vector<described_type> types);
    void forget() noexcept;
    void forget_names() noexcept { names_.clear(); }
    /// What a command may have done to what is known. `search_path_reported`: the server tells of changes itself.
    void heed(std::string_view tag, bool search_path_reported) noexcept;
    /// No transaction block is open any more: what is undone from now on was not known.
    void settled() noexcept { names_in_doubt_ = types_in_doubt_ = false; }

private:
    map_ptr known_;
    std::map<std::string, oid, std::less<>> names_;
    std::uint64_t version_ = 1;
    bool names_in_doubt_ = false; // what names mean changes when the transaction ends
    bool types_in_doubt_ = false; // what types are, likewise
};

/// The statement that describes these types and all that they are made of. `names`: in the spelling of
/// sql_type_name::to_string().
[[nodiscard]] std::string describe_types(const std::vector<oid>& types,
                                         const std::vector<std::string>& names);

} // namespace tusk::session
