// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "ledger.h"

#include <QObject>

#include <qqmlregistration.h>

/** Numbers as text for people, in their language. NaN is a number that is not known. */
class Format : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON

public:
    using QObject::QObject;

    /** "12.4 MB/s", "99.2 Mbit/s". */
    Q_INVOKABLE static QString rate(double bytesPerSecond, bool bits = false);
    /** "12M": a rate where there is little room, without the unit. */
    Q_INVOKABLE static QString briefRate(double bytesPerSecond, bool bits = false);
    /** "1.2 GB". */
    Q_INVOKABLE static QString bytes(double bytes);
    /** As wide as a rate can be in a font with digits of one width. */
    Q_INVOKABLE static QString widestRate(bool bits = false);
    Q_INVOKABLE static QString widestBriefRate();

    /** Puts text on the clipboard. */
    Q_INVOKABLE static void copy(const QString &text);

    /** With "≥" before a lower bound and "≈" before an estimate. */
    static QString rate(double bytesPerSecond, bool bits, sockledger::Accuracy accuracy);
    static QString bytes(double bytes, sockledger::Accuracy accuracy);
    Q_INVOKABLE static QString rate(double bytesPerSecond, bool bits, Ledger::Accuracy accuracy);
    Q_INVOKABLE static QString bytes(double bytes, Ledger::Accuracy accuracy);
    /** "25 %". Of lower bounds it is an estimate. */
    static QString share(double share, sockledger::Accuracy accuracy);
};
