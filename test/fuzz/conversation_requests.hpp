// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/copy_buffer.hpp>
#include <tusk/detail/request.hpp>
#include <tusk/sql.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// What fuzz_conversation asks for.
namespace conversation_fuzz {

constexpr std::size_t most_requests = 40;

inline void require(bool holds)
{
    if (!holds) std::abort();
}

inline tusk::detail::type_wants strange_types() { return {.types = {tusk::oid(99'999)}, .names = {"mood"}}; }

/// What the requests share.
struct book {
    std::array<int, most_requests + 1> completed{}; // by id
    bool stubborn = false;                          // what was answered cannot be taken back
};

/// It is freed when it completes: whoever touches it later is found out.
class asked final : public tusk::detail::request {
public:
    asked(book& notes, tusk::detail::request_kind what, std::uint64_t number, std::vector<tusk::bound> parts)
        : notes_(notes)
        , parts_(std::move(parts))
    {
        kind = what;
        id = number;
        for (const tusk::bound& part : parts_) names_types = names_types || part.view().places;
        if (kind != tusk::detail::request_kind::types) return;
        names_types = true;
        wants_ = strange_types();
    }
    ~asked() = default;

    [[nodiscard]] std::size_t size() const noexcept override { return parts_.size(); }
    [[nodiscard]] tusk::statement_view part(std::size_t i) const noexcept override
    {
        return i < parts_.size() ? parts_[i].view() : tusk::statement_view();
    }
    [[nodiscard]] std::size_t bad_part(std::error_code&, tusk::diagnostics&) const noexcept override
    {
        return none;
    }
    void begin(std::size_t part, const tusk::columns_ptr& cols) noexcept override
    {
        require(kind != tusk::detail::request_kind::batch || part < size());
        columns_ = cols;
    }
    [[nodiscard]] bool row(const tusk::detail::block_ptr& block,
                           std::span<const std::byte> body) noexcept override
    {
        if (!columns_ || !tusk::detail::row_fits(body, columns_->size())) return false;
        kept_ = block;
        holds_reading = slow;
        return true;
    }
    void end(std::size_t, std::string_view) noexcept override
    {
        awaits_types = curious && wants_.empty();
        if (awaits_types) wants_ = strange_types();
    }
    [[nodiscard]] bool restart() noexcept override { return !notes_.stubborn; }
    void complete() override
    {
        end_observation();
        ++notes_.completed.at(id);
        delete this;
    }
    void destroy() noexcept override { complete(); }
    void copy_begin(std::span<const tusk::format>) noexcept override
    {
        require(kind == tusk::detail::request_kind::copy_in || kind == tusk::detail::request_kind::copy_out);
        require(!std::exchange(copying_, true)); // a second one would be taken for the first
    }
    void copy_data(const tusk::detail::block_ptr& block, std::span<const std::byte>) noexcept override
    {
        require(kind == tusk::detail::request_kind::copy_out && copying_);
        kept_ = block;
        holds_reading = slow;
    }
    [[nodiscard]] tusk::detail::copy_output next_output() noexcept override
    {
        using output = tusk::detail::copy_output;
        require(copying_ && has_output);
        has_output = left > 1;
        if (left == 0) return {};
        static constexpr std::array<std::byte, output::header + 3> some{};
        piece_.clear(); // it may be another by now
        piece_.append(some);
        if (--left > 0) return {.kind = output::what::data, .data = &piece_, .reason = {}};
        return {.kind = fails ? output::what::fail : output::what::done, .data = nullptr, .reason = "enough"};
    }
    [[nodiscard]] tusk::detail::portal_use with_portal() noexcept override
    {
        return {.which = portal.get(), .limit = limit};
    }
    [[nodiscard]] const tusk::detail::type_wants& wanted() const noexcept override { return wants_; }
    void take_types(const std::shared_ptr<const tusk::detail::type_map>&,
                    const tusk::type_ptr&) noexcept override
    {
        awaits_types = false;
    }

    void say(int pieces)
    {
        left = pieces;
        has_output = true;
    }

    bool slow = false;    // it has to be relieved of what it received
    bool curious = false; // its rows have types that nobody knows
    bool fails = false;
    int left = 0;
    std::shared_ptr<tusk::detail::portal> portal; // of the requests of a cursor
    std::int32_t limit = 0;

private:
    book& notes_;
    std::vector<tusk::bound> parts_;
    tusk::columns_ptr columns_;
    tusk::detail::block_ptr kept_;
    tusk::detail::copy_buffer piece_;
    tusk::detail::type_wants wants_;
    bool copying_ = false;
};

} // namespace conversation_fuzz
