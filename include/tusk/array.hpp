// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tusk {

/// The number of elements in one dimension of an array, and the index of the first of them.
struct array_dimension {
    std::int32_t length = 0;
    std::int32_t lower = 1;

    friend bool operator==(const array_dimension&, const array_dimension&) = default;
};

/// Any array that PostgreSQL has: up to six dimensions, each with its own lower bound. Elements that may be
/// NULL are std::optional.
///
/// Where one dimension that begins at 1 is meant, std::vector is simpler; nested vectors are several
/// dimensions.
/// Limits: 6 dimensions; a length is at least 1, and an array without elements has no dimension.
/// \code
/// tusk::array<int> a({{2, 1}, {3, 0}}, {1, 2, 3, 4, 5, 6}); // '[1:2][0:2]={{1,2,3},{4,5,6}}'
/// a.at({2, 0}); // 4
/// \endcode
template <class T>
class array {
public:
    static constexpr std::size_t max_dimensions = 6;

    using value_type = T;
    using dimension_list = std::vector<array_dimension>;

    /// '{}': no elements, no dimensions.
    array() = default;
    /// One dimension that begins at 1.
    array(std::initializer_list<T> elements)
        : array(std::vector<T>(elements))
    {
    }
    explicit array(std::vector<T> elements)
        : elements_(std::move(elements))
    {
        if (!elements_.empty()) dimensions_.push_back({static_cast<std::int32_t>(elements_.size()), 1});
    }
    /// Elements in row-major order: the last index runs fastest.
    /// Throws std::invalid_argument when there are not as many as the dimensions say.
    array(dimension_list dimensions, std::vector<T> elements)
        : dimensions_(std::move(dimensions))
        , elements_(std::move(elements))
    {
        std::size_t count = dimensions_.empty() ? 0 : 1;
        for (const array_dimension& d : dimensions_) {
            const auto length = static_cast<std::size_t>(d.length);
            if (d.length < 1 || count > elements_.size() / length) throw wrong_shape();
            count *= length;
        }
        if (count != elements_.size() || dimensions_.size() > max_dimensions) throw wrong_shape();
    }

    [[nodiscard]] const dimension_list& dimensions() const noexcept { return dimensions_; }
    /// All elements, in row-major order.
    [[nodiscard]] const std::vector<T>& elements() const& noexcept { return elements_; }
    [[nodiscard]] std::vector<T>& elements() & noexcept { return elements_; }
    [[nodiscard]] std::vector<T> elements() && noexcept { return std::move(elements_); }
    [[nodiscard]] std::size_t size() const noexcept { return elements_.size(); }
    [[nodiscard]] bool empty() const noexcept { return elements_.empty(); }

    /// The element with these indices, one for each dimension, counted from its lower bound as SQL does.
    /// Throws std::out_of_range.
    [[nodiscard]] typename std::vector<T>::const_reference at(std::initializer_list<std::int32_t> index) const
    {
        return elements_[offset(index)];
    }
    [[nodiscard]] typename std::vector<T>::reference at(std::initializer_list<std::int32_t> index)
    {
        return elements_[offset(index)];
    }

    friend bool operator==(const array&, const array&) = default;

private:
    [[nodiscard]] static std::invalid_argument wrong_shape()
    {
        return std::invalid_argument("tusk::array: the dimensions do not fit the number of elements");
    }

    [[nodiscard]] std::size_t offset(std::span<const std::int32_t> index) const
    {
        if (index.size() != dimensions_.size() || index.empty())
            throw std::out_of_range("tusk::array: wrong number of indices");
        std::size_t at = 0;
        for (std::size_t i = 0; i < index.size(); ++i) {
            const std::int64_t from_lower = std::int64_t{index[i]} - dimensions_[i].lower;
            if (from_lower < 0 || from_lower >= dimensions_[i].length)
                throw std::out_of_range("tusk::array: index out of range");
            at = at * static_cast<std::size_t>(dimensions_[i].length) + static_cast<std::size_t>(from_lower);
        }
        return at;
    }

    dimension_list dimensions_;
    std::vector<T> elements_;
};

} // namespace tusk
