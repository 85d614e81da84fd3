// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/flow.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/oid.hpp>
#include <tusk/rows.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace tusk::detail {

/// async_import_large_object: it waits until the file has been read.
class import_op : public flow_op {
public:
    using value_type = single<oid>;

    void give(oid id) noexcept { id_ = id; }

protected:
    ~import_op() = default;
    [[nodiscard]] single<oid> take() { return single<oid>(ec ? oid::none : id_, std::move(diag)); }

private:
    oid id_ = oid::none;
};

/// async_export_large_object: it waits until the file has been written.
class export_op : public flow_op {
public:
    using value_type = diagnostics;

protected:
    ~export_op() = default;
    [[nodiscard]] diagnostics take() noexcept { return std::move(diag); }
};

/// Where an import_op is submitted, which carries it out through `to`.
[[nodiscard]] submitter_ptr make_import(submitter_ptr to, std::string path, oid id);
/// The same for an export_op.
[[nodiscard]] submitter_ptr make_export(submitter_ptr to, std::string path, oid id);

/// Starts an import_op or export_op.
template <class Op>
struct initiate_transfer {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return to->executor(); }

    template <class Handler>
    void operator()(Handler&& handler, std::string path, oid id)
    {
        constexpr auto make = std::is_same_v<Op, import_op> ? make_import : make_export;
        const submitter_ptr transfer = make(to, std::move(path), id);
        transfer->submit(operation<Op, std::decay_t<Handler>>::make(
            transfer, std::decay_t<Handler>(std::forward<Handler>(handler))));
    }

    submitter_ptr to;
};

} // namespace tusk::detail
