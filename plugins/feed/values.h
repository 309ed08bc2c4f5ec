// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <QString>
#include <QVariant>

/** Numbers as hosts of KDE take them: nothing, and not zero, while they are not known. */
namespace Values
{
inline QVariant rate(const std::optional<double> &rate) { return rate ? QVariant(*rate) : QVariant(); }

/** `bytes` are of `traffic`. */
inline QVariant bytes(const sockledger::Traffic &traffic, std::uint64_t bytes)
{
    return traffic.accuracy == sockledger::Accuracy::Unavailable ? QVariant() : QVariant(qulonglong(bytes));
}

/** How well they are known: "exact", "partial". */
inline QVariant accuracy(sockledger::Accuracy accuracy)
{
    const std::string_view text = to_string(accuracy);
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}
}
