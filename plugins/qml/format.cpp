// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "format.h"

#include <KFormat>
#include <KLocalizedString>

#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;
using sockledger::Accuracy;

namespace
{
QString unknown() { return u"–"_s; }

QString labelled(const QString &text, Accuracy accuracy)
{
    switch (accuracy) {
    case Accuracy::Exact:
        return text;
    case Accuracy::Partial:
        return i18nc("a lower bound", "≥ %1", text);
    case Accuracy::Estimated:
        return i18nc("an estimate", "≈ %1", text);
    case Accuracy::Unavailable:
        break;
    }
    return unknown();
}
}

QString Format::rate(double bytesPerSecond, bool bits)
{
    if (!std::isfinite(bytesPerSecond)) {
        return unknown();
    }
    const double value = bits ? bytesPerSecond * 8 : bytesPerSecond;
    const auto unit = bits ? KFormat::Unit::Bit : KFormat::Unit::Byte;
    // KFormat gives "0.3 B" a decimal that a byte does not have
    const int digits = value < 1000 ? 0 : 1;
    return i18nc("@info data rate", "%1/s",
                 KFormat().formatValue(value, unit, digits, KFormat::UnitPrefix::AutoAdjust,
                                       KFormat::MetricBinaryDialect));
}

QString Format::bytes(double bytes)
{
    if (!std::isfinite(bytes)) {
        return unknown();
    }
    return KFormat().formatValue(bytes, KFormat::Unit::Byte, bytes < 1000 ? 0 : 1,
                                 KFormat::UnitPrefix::AutoAdjust, KFormat::MetricBinaryDialect);
}

QString Format::briefRate(double bytesPerSecond, bool bits)
{
    if (!std::isfinite(bytesPerSecond)) {
        return unknown();
    }
    double value = bits ? bytesPerSecond * 8 : bytesPerSecond;
    const QString prefixes = u"kMGTPE"_s;
    int prefix = 0;
    for (; value >= 999.5 && prefix < prefixes.size(); ++prefix) {
        value /= 1000;
    }
    // Three characters and the prefix at most
    const QString number = QLocale().toString(value, 'f', prefix > 0 && value < 9.95 ? 1 : 0);
    return prefix > 0 ? number + prefixes[prefix - 1] : number;
}

QString Format::widestBriefRate() { return briefRate(888e6); }

QString Format::widestRate(bool bits) { return rate(888.8e6 / (bits ? 8 : 1), bits); }

void Format::copy(const QString &text) { QGuiApplication::clipboard()->setText(text); }

QString Format::rate(double bytesPerSecond, bool bits, Accuracy accuracy)
{
    return std::isfinite(bytesPerSecond) ? labelled(rate(bytesPerSecond, bits), accuracy) : unknown();
}

QString Format::bytes(double value, Accuracy accuracy) { return labelled(bytes(value), accuracy); }

QString Format::rate(double bytesPerSecond, bool bits, Ledger::Accuracy accuracy)
{
    return rate(bytesPerSecond, bits, static_cast<Accuracy>(accuracy));
}

QString Format::bytes(double value, Ledger::Accuracy accuracy)
{
    return bytes(value, static_cast<Accuracy>(accuracy));
}

QString Format::share(double share, Accuracy accuracy)
{
    return labelled(i18nc("@item a share in percent", "%1 %", std::lround(share * 100)),
                    accuracy == Accuracy::Partial ? Accuracy::Estimated : accuracy);
}

#include "moc_format.cpp"
