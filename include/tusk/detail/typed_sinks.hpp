// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/parts.hpp>
#include <tusk/detail/row_decoder.hpp>
#include <tusk/detail/sinks.hpp>
#include <tusk/rows.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk::detail {

/// Rows that were received, and cannot be read before types are known that are in them.
struct unread_rows {
    columns cols;
    std::shared_ptr<const type_map> known; ///< what `cols` look into
    type_wants wants;
    row_store rows;
    command_tag tag;
};

/// A request whose rows become objects. What holds a type that has to be known, and is not, is set aside with all rows
/// behind it until the session has looked the type up.
class typed_statement : public single_statement {
public:
    using single_statement::single_statement;

    [[nodiscard]] const type_wants& wanted() const noexcept final;

protected:
    ~typed_statement() = default;

    /// The columns do not fit. True when it is too early to say so.
    [[nodiscard]] bool await_columns() noexcept;
    /// The row, which was not kept yet, holds a type that is not known. False when that stays so.
    [[nodiscard]] bool await_type(const unknown_type_error& e) noexcept;
    [[nodiscard]] bool keep(const block_ptr& block, std::span<const std::byte> body) noexcept;
    void keep_tag(std::string_view tag) noexcept { unread_->tag = command_tag(tag); }
    void forget_unread() noexcept;
    /// Takes what was set aside, to be read from the beginning.
    [[nodiscard]] std::unique_ptr<unread_rows>
    begin_reading(const std::shared_ptr<const type_map>& known) noexcept;

private:
    [[nodiscard]] bool await(type_wants wants);

    std::unique_ptr<unread_rows> unread_;
    std::vector<oid> looked_up_;
};

/// Reads rows into objects as they come, straight from the received bytes. `Store` says where they go: `T* next()`
/// gives the object for the next row, null when there may be none; `undo()` takes that back; `added()` says that it was
/// read; `end(tag)` gives what is wrong with the rows' number; `restart()` forgets the rows, unless it is false.
template <class T, class Store>
class typed_sink : public typed_statement {
public:
    using typed_statement::typed_statement;
    typed_sink(bound&& statement, Store&& store)
        : typed_statement(std::move(statement))
        , store_(std::move(store))
    {
    }

    void begin(std::size_t part, const columns_ptr& cols) noexcept final
    {
        if (only(part, cols)) plan();
    }

    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final
    {
        if (ec) [[unlikely]]
            return keep(block, body);
        try {
            T* to = store_.next();
            if (!to) {
                fail(errc::too_many_rows, diagnostics::client("the query gave more than one row"));
                return fits(body);
            }
            if (!decoder_.decode(*columns_, body, *to, ec, diag)) [[unlikely]]
                return ec != errc::protocol_violation;
            store_.added();
        } catch (const unknown_type_error& e) {
            store_.undo();
            if (await_type(e)) return keep(block, body);
        } catch (...) {
            fail_with_current_exception();
        }
        return true;
    }

    void end(std::size_t part, std::string_view tag) noexcept final
    {
        if (part != 0) return;
        if (awaits_types) [[unlikely]]
            return keep_tag(tag);
        if (const char* wrong = store_.end(tag)) fail(errc::no_rows, diagnostics::client(wrong));
    }

    void take_types(const std::shared_ptr<const type_map>& known, const type_ptr&) noexcept final
    {
        const std::unique_ptr<unread_rows> unread = begin_reading(known);
        plan();
        const row_store& rows = unread->rows;
        std::size_t segment = 0;
        for (const std::byte* message = rows.head.begin; message; message = rows.next(message, segment))
            (void)row(rows.segment(segment).block, row_body(message)); // they were checked when they came
        end(0, unread->tag.view());
        columns_ = nullptr;
    }

    [[nodiscard]] bool restart() noexcept final
    {
        forget_unread();
        return store_.restart();
    }

protected:
    ~typed_sink() = default;

    Store store_;

private:
    void plan() noexcept
    {
        try {
            static const columns no_columns;
            diagnostics why;
            const std::error_code wrong = decoder_.plan(columns_ ? *columns_ : no_columns, why);
            if (wrong && !(columns_ && await_columns())) fail(wrong, std::move(why));
        } catch (...) {
            fail_with_current_exception();
        }
    }

    row_decoder<T> decoder_;
};

/// The rows of a typed query.
template <class T>
struct vector_store {
    std::vector<T> values;
    command_tag tag;

    void reserve(std::size_t n) { values.reserve(n); }
    [[nodiscard]] T* next() { return &values.emplace_back(); }
    void undo() noexcept { values.pop_back(); }
    void added() noexcept {}
    [[nodiscard]] const char* end(std::string_view text) noexcept
    {
        tag = command_tag(text);
        return nullptr;
    }
    [[nodiscard]] bool restart() noexcept
    {
        values.clear();
        return true;
    }
};

/// std::vector<bool> has no objects to point to.
template <>
struct vector_store<bool> {
    std::vector<bool> values;
    command_tag tag;
    bool latest = false;

    void reserve(std::size_t n) { values.reserve(n); }
    [[nodiscard]] bool* next() noexcept { return &latest; }
    void undo() noexcept {}
    void added() { values.push_back(latest); }
    [[nodiscard]] const char* end(std::string_view text) noexcept
    {
        tag = command_tag(text);
        return nullptr;
    }
    [[nodiscard]] bool restart() noexcept
    {
        values.clear();
        return true;
    }
};

/// At most one row; exactly one when it is `required`.
template <class T, bool required>
struct single_store {
    std::optional<T> value;

    [[nodiscard]] T* next() { return value ? nullptr : &value.emplace(); }
    void undo() noexcept { value.reset(); }
    void added() noexcept {}
    [[nodiscard]] const char* end(std::string_view) const noexcept
    {
        return value || !required ? nullptr : "the query gave no row";
    }
    [[nodiscard]] bool restart() noexcept
    {
        value.reset();
        return true;
    }
};

/// Throws what the function given to async_for_each has thrown (the exception that is being handled), as an error.
[[noreturn]] void throw_visitor_failure();

/// One object after the other, each shown to a function.
template <class T, class F>
struct visited_store {
    explicit visited_store(F&& f)
        : visit(std::move(f))
    {
    }

    F visit;
    command_tag tag;
    T value{};
    bool any = false; // was shown

    [[nodiscard]] T* next() noexcept { return &value; }
    void undo() noexcept {}
    void added()
    {
        any = true;
        try {
            visit(value);
        } catch (...) {
            throw_visitor_failure();
        }
    }
    [[nodiscard]] const char* end(std::string_view text) noexcept
    {
        tag = command_tag(text);
        return nullptr;
    }
    [[nodiscard]] bool restart() const noexcept { return !any; }
};

template <class T>
class rows_sink : public typed_sink<T, vector_store<T>> {
public:
    using value_type = rows<T>;
    using typed_sink<T, vector_store<T>>::typed_sink;

protected:
    ~rows_sink() = default;
    [[nodiscard]] rows<T> take()
    {
        if (this->ec) return rows<T>({}, command(command_tag(), std::move(this->diag)));
        return rows<T>(std::move(this->store_.values), command(this->store_.tag, std::move(this->diag)));
    }
};

/// The rows of a typed query, each shown to a function of the user's.
template <class T, class F>
class visit_sink : public typed_sink<T, visited_store<T, F>> {
public:
    using value_type = command;
    visit_sink(bound&& statement, F&& visit)
        : typed_sink<T, visited_store<T, F>>(std::move(statement), visited_store<T, F>(std::move(visit)))
    {
    }

protected:
    ~visit_sink() = default;
    [[nodiscard]] command take()
    {
        if (this->ec) return command(std::string_view(), std::move(this->diag));
        return command(this->store_.tag, std::move(this->diag));
    }
};

/// The same for rows of any shape.
template <class F>
class visit_sink<row, F> : public command_sink {
public:
    visit_sink(bound&& statement, F&& visit)
        : command_sink(std::move(statement))
        , visit_(std::move(visit))
    {
    }

    [[nodiscard]] bool row(const block_ptr& block, std::span<const std::byte> body) noexcept final
    {
        if (!command_sink::row(block, body)) return false;
        if (this->ec) return true;
        any_ = true;
        try {
            try {
                visit_(tusk::row(*this->columns_, body));
            } catch (...) {
                throw_visitor_failure();
            }
        } catch (...) {
            this->fail_with_current_exception();
        }
        return true;
    }
    [[nodiscard]] bool restart() noexcept final { return !any_ && command_sink::restart(); }

protected:
    ~visit_sink() = default;

private:
    F visit_;
    bool any_ = false; // was shown
};

template <class T>
class one_sink : public typed_sink<T, single_store<T, true>> {
public:
    using value_type = single<T>;
    using typed_sink<T, single_store<T, true>>::typed_sink;

protected:
    ~one_sink() = default;
    [[nodiscard]] single<T> take()
    {
        if (this->ec) return single<T>(std::move(this->diag));
        return single<T>(std::move(*this->store_.value));
    }
};

template <class T>
class optional_sink : public typed_sink<T, single_store<T, false>> {
public:
    using value_type = maybe<T>;
    using typed_sink<T, single_store<T, false>>::typed_sink;

protected:
    ~optional_sink() = default;
    [[nodiscard]] maybe<T> take()
    {
        if (this->ec) return maybe<T>(std::move(this->diag));
        return maybe<T>(std::move(this->store_.value));
    }
};

} // namespace tusk::detail
