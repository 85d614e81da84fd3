// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace tusk {

/// What became of a request that failed.
enum class outcome : std::uint8_t {
    not_sent,  ///< no byte of it was handed to the socket: repeating it is safe
    unknown,   ///< it was sent and the answer did not come: it may have run
    completed, ///< the server answered: what it did is what the answer says
};

/// All that is known about a failure: the fields of the server's ErrorResponse or NoticeResponse, or the
/// client's own explanation.
///
/// Lifetimes: a cheap immutable value; copies share one allocation, an empty one has none. The views live as
/// long as any copy. A field that the server did not send is empty.
/// Protocol: "Error and Notice Message Fields".
class diagnostics {
public:
    diagnostics() noexcept = default;

    /// True when there is nothing to tell beyond the error code.
    [[nodiscard]] bool empty() const noexcept { return data_ == nullptr; }

    /// One sentence for a person: the server's primary message, or the client's explanation.
    [[nodiscard]] std::string_view message() const noexcept { return field('M'); }
    /// ERROR, FATAL, PANIC, WARNING, NOTICE, DEBUG, INFO or LOG, never localized; empty for a client error.
    [[nodiscard]] std::string_view severity() const noexcept;
    /// The same as the server's locale writes it.
    [[nodiscard]] std::string_view severity_localized() const noexcept { return field('S'); }
    /// The five characters of the SQLSTATE; empty for a client error.
    [[nodiscard]] std::string_view sqlstate() const noexcept { return field('C'); }
    [[nodiscard]] std::string_view detail() const noexcept { return field('D'); }
    [[nodiscard]] std::string_view hint() const noexcept { return field('H'); }
    /// Where in the SQL the error is, in characters (not bytes) from 1; 0 when unknown.
    [[nodiscard]] int position() const noexcept { return number('P'); }
    /// The same within `internal_query()`.
    [[nodiscard]] int internal_position() const noexcept { return number('p'); }
    [[nodiscard]] std::string_view internal_query() const noexcept { return field('q'); }
    /// The call stack of functions and internal queries, one a line, most recent first.
    [[nodiscard]] std::string_view where() const noexcept { return field('W'); }
    [[nodiscard]] std::string_view schema() const noexcept { return field('s'); }
    [[nodiscard]] std::string_view table() const noexcept { return field('t'); }
    [[nodiscard]] std::string_view column() const noexcept { return field('c'); }
    [[nodiscard]] std::string_view data_type() const noexcept { return field('d'); }
    [[nodiscard]] std::string_view constraint() const noexcept { return field('n'); }
    /// Where in the server's source the error was raised.
    [[nodiscard]] std::string_view source_file() const noexcept { return field('F'); }
    [[nodiscard]] int source_line() const noexcept { return number('L'); }
    [[nodiscard]] std::string_view routine() const noexcept { return field('R'); }

    /// A field by its protocol letter, also one that this version of tusk does not know.
    [[nodiscard]] std::string_view field(char letter) const noexcept;

    /// What became of the request. `completed` when there was an answer or nothing failed.
    [[nodiscard]] enum outcome outcome() const noexcept;

    /// True only where no byte of the request was handed to the socket.
    [[nodiscard]] bool safe_to_retry() const noexcept { return outcome() == outcome::not_sent; }

    /// Message, detail, hint, position and SQLSTATE in a few lines, as psql prints an error.
    [[nodiscard]] std::string to_string() const;

    /// A diagnostics with the client's own words.
    [[nodiscard]] static diagnostics client(std::string message, enum outcome what = outcome::completed);

    /// The same diagnostics with another outcome.
    [[nodiscard]] diagnostics with_outcome(enum outcome what) const;

    /// From the body of an ErrorResponse or NoticeResponse: (letter, text NUL)* NUL. Unknown letters are
    /// kept. Malformed bodies give what could be read.
    [[nodiscard]] static diagnostics server(std::string_view body);

private:
    struct data;
    [[nodiscard]] int number(char letter) const noexcept;

    std::shared_ptr<const data> data_;
};

} // namespace tusk
