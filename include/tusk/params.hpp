// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/encoder.hpp>
#include <tusk/codec/traits.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/detail/named_types.hpp>
#include <tusk/detail/small_vector.hpp>
#include <tusk/detail/type_name.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <system_error>

namespace tusk {

class bound;
class statement;

/// What the server is told about a parameter beside its value.
struct param_info {
    oid type{};                               ///< oid::none: the server infers it
    tusk::format format = tusk::format::text; ///< how the value's bytes are written

    friend bool operator==(const param_info&, const param_info&) = default;
};

/// The values for $1, $2, ... of a statement, encoded when they are added: arguments may die at once.
///
/// `sql(text, args...)` is the short way where the values are known when the program is written; this class
/// is for what is put together at run time.
///
/// Errors: a value that cannot be sent is kept as the first failure and makes the request fail before
/// anything is written; the connection stays usable. errc::value_out_of_range and what else a codec reports,
/// errc::nul_in_text, errc::request_too_large (1 GiB in all), errc::too_many_parameters (more than
/// `max_size`). The diagnostics name parameter, SQL type and C++ type, never the value.
/// Exceptions: std::bad_alloc, and what a user's codec throws; the parameters are then as they were before.
/// Lifetimes: a value; owns its bytes. A few small parameters need no heap.
/// \code
/// tusk::params p;
/// p.add(std::int64_t{42}).add("Ada").add_null(tusk::oid::date);
/// co_await db.async_query(tusk::bound("select * from f($1, $2, $3)", std::move(p)));
/// \endcode
class params {
public:
    /// The most parameters that a statement can have.
    static constexpr std::size_t max_size = 65'535;

    /// Adds a value by its codec (`encode_traits`). `std::nullopt` and `nullptr` are NULL without a type; an
    /// empty `std::optional<T>` is NULL of T's type. Text is sent without a type, so that the server infers
    /// it. The codecs of the standard types are in <tusk/codec/standard.hpp>, which <tusk/sql.hpp> and
    /// <tusk.hpp> include.
    template <class T>
    params& add(const T& value)
    {
        add_value(value, oid::none);
        return *this;
    }

    /// Adds NULL. With oid::none the server infers its type.
    params& add_null(oid type = oid::none)
    {
        if (open({type, format::text})) close_null();
        return *this;
    }

    /// Adds a value that is already in the server's representation. The bytes are copied and not checked;
    /// they must not be a part of this object.
    params& add_raw(oid type, tusk::format f, std::span<const std::byte> bytes);

    [[nodiscard]] std::size_t size() const noexcept { return types_.size(); }
    [[nodiscard]] bool empty() const noexcept { return types_.empty(); }
    /// Drops values and failure; memory is kept.
    void clear() noexcept;

    /// Type and format of parameter `i`, from 0, which must be there.
    [[nodiscard]] param_info info(std::size_t i) const noexcept { return {types_[i], formats_[i]}; }
    /// The type of each, as Parse declares them.
    [[nodiscard]] std::span<const oid> types() const noexcept { return types_.span(); }
    /// The format of each, as Bind tells them.
    [[nodiscard]] std::span<const tusk::format> formats() const noexcept { return formats_.span(); }
    /// The values as Bind holds them: for each an Int32 length, -1 for NULL, then its bytes.
    [[nodiscard]] std::span<const std::byte> values() const noexcept { return values_.span(); }
    /// 0 when all parameters are text (or there are none), 1 when all are binary, -1 when they are mixed.
    [[nodiscard]] int uniform_format() const noexcept
    {
        for (const tusk::format f : formats_)
            if (f != formats_[0]) return -1;
        return !formats_.empty() && formats_[0] == format::binary ? 1 : 0;
    }

    /// What is to be put in when types are known that have a name only; null when there is nothing.
    [[nodiscard]] const detail::type_places* places() const noexcept { return places_.get(); }

    /// The first failure of an add.
    [[nodiscard]] std::error_code error() const noexcept
    {
        return error_ == errc{} ? std::error_code() : make_error_code(error_);
    }
    /// What there is to say about it.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    friend class bound;
    friend class encoder;
    friend class statement;

    /// Adds a value for a parameter of type `target`, which a described statement wants; none: T's own type.
    template <class T>
    void add_value(const T& value, oid target);

    /// Appends the info and room for the length; false when there is no room for one more parameter.
    bool open(param_info info)
    {
        const bool room = !types_.full() && !formats_.full() && types_.size() < max_size &&
                          values_.capacity() - values_.size() >= length_size &&
                          values_.size() <= encoder::max_value - length_size;
        if (error_ != errc{} || !room) [[unlikely]] {
            if (!make_room()) return false;
        }
        values_.extend(length_size);
        *types_.extend(1) = info.type;
        *formats_.extend(1) = info.format;
        return true;
    }
    bool make_room();
    /// Writes the length of the value that began at `start`, or takes it back when `failure` is one.
    void close(std::size_t start, errc failure, std::string_view raw_cpp_type,
               std::span<const std::uint32_t> failure_path = {})
    {
        const std::size_t length = values_.size() - start;
        if (failure != errc{} || length > encoder::max_value) [[unlikely]]
            return refuse(start, failure, raw_cpp_type, failure_path);
        detail::store_be(values_.data() + start - length_size, static_cast<std::uint32_t>(length));
    }
    void close_null() noexcept { detail::store_be(values_.end() - length_size, ~std::uint32_t{0}); }
    void refuse(std::size_t start, errc failure, std::string_view raw_cpp_type,
                std::span<const std::uint32_t> failure_path);
    /// Drops the parameter added last, whose bytes began at `start`.
    void take_back(std::size_t start) noexcept;
    void fail(errc why, diagnostics what);
    void mismatch(std::size_t index, oid wanted, std::string_view raw_cpp_type);

    static constexpr std::size_t length_size = 4;

    detail::param_bytes values_;
    detail::small_vector<oid, 6> types_;
    detail::small_vector<tusk::format, 8> formats_;
    detail::seldom<detail::type_places> places_;
    errc error_{};
    diagnostics diag_;
};

template <class T>
void params::add_value(const T& value, oid target)
{
    static_assert(encodable<T>, "this type cannot be a parameter: see tusk::encodable");
    using traits = encode_traits<T>;
    if (target != oid::none && !detail::encodes<T>(target))
        return mismatch(size() + 1, target, detail::raw_type_name<T>());
    const oid type = target != oid::none ? target : detail::type_of(value);
    if (!open({type, detail::format_of(value)})) return;
    if (detail::is_named(type)) [[unlikely]]
        places_.make().note(type);
    if (detail::is_null(value)) return close_null();
    const std::size_t start = values_.size();
    struct guard { // a codec may throw
        params* self;
        std::size_t start;
        ~guard()
        {
            if (self) self->take_back(start);
        }
    } undo{this, start};
    encoder out(values_, target, encoder::max_value - start);
    out.owner_ = this;
    errc failure = traits::encode(value, out);
    if (out.error() != errc{}) failure = out.error();
    undo.self = nullptr;
    close(start, failure, detail::raw_type_name<T>(), out.failure_path());
}

} // namespace tusk
