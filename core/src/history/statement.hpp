// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

namespace sockledger {

/// Makes a statement ready, whatever its last run came to, with these parameters.
template<typename... Values>
void start(SQLite::Statement& statement, const Values&... values) {
    statement.tryReset();
    if constexpr (sizeof...(values) > 0)
        SQLite::bind(statement, values...);
}

/// Runs a statement that gives no rows.
template<typename... Values>
void run(SQLite::Statement& statement, const Values&... values) {
    start(statement, values...);
    statement.executeStep();
    statement.tryReset();
}

} // namespace sockledger
