// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/text_style.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::session {

/// What the server has said of itself.
struct server_state {
    static constexpr std::size_t max_parameters = 1000;

    std::map<std::string, std::string, std::less<>> parameters; ///< ParameterStatus
    std::int32_t process_id = 0;
    std::vector<std::byte>
        secret_key; ///< empty when the server sent no BackendKeyData: cancelling is not possible
    std::uint32_t protocol = 0x0003'0000;
    char transaction =
        'I'; ///< of the last ReadyForQuery: I idle, T in a transaction block, E in a failed one
    std::string_view authentication = "trust"; ///< the method that was used
    std::string address;                       ///< that was connected, for display

    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept
    {
        auto found = parameters.find(name);
        return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
    }

    /// False when the server sends more parameters than any server has.
    [[nodiscard]] bool set_parameter(std::string_view name, std::string_view value)
    {
        auto found = parameters.find(name);
        if (found != parameters.end()) {
            found->second = value;
            return true;
        }
        if (parameters.size() >= max_parameters) return false;
        parameters.emplace(name, value);
        return true;
    }

    [[nodiscard]] tusk::text_style text_style() const noexcept
    {
        return tusk::text_style::of(parameter("DateStyle"), parameter("TimeZone"));
    }

    /// tusk speaks UTF8; a server that does not report its encoding is taken at its word.
    [[nodiscard]] bool encoding_is_utf8() const noexcept
    {
        const std::string_view encoding = parameter("client_encoding");
        return encoding.empty() || encoding == "UTF8" || encoding == "UNICODE";
    }
};

} // namespace tusk::session
