// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/batch.hpp>
#include <tusk/bound.hpp>
#include <tusk/column.hpp>
#include <tusk/command.hpp>
#include <tusk/connection.hpp>
#include <tusk/conninfo.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/error.hpp>
#include <tusk/field.hpp>
#include <tusk/oid.hpp>
#include <tusk/options.hpp>
#include <tusk/params.hpp>
#include <tusk/queries.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/rows.hpp>
#include <tusk/script_result.hpp>
#include <tusk/sql.hpp>
#include <tusk/sqlstate.hpp>
#include <tusk/statement.hpp>
#include <tusk/throwing.hpp>
#include <tusk/uuid.hpp>
