// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "ruleset.h"

#include "daemoncalls.h"

#include <KFormat>
#include <KLocalizedString>

#include <QRegularExpression>

#include <algorithm>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
constexpr std::size_t longestId = 64;

QString amount(const Rule &rule)
{
    const QString bytes = KFormat().formatByteSize(double(rule.threshold), 1, KFormat::MetricBinaryDialect);
    switch (rule.measure) {
    case Rule::Measure::Rate:
        return i18ndc("sockledger", "@item a rate", "%1 per second", bytes);
    case Rule::Measure::Hour:
        return i18ndc("sockledger", "@item an amount", "%1 in an hour", bytes);
    case Rule::Measure::Day:
        return i18ndc("sockledger", "@item an amount", "%1 in a day", bytes);
    case Rule::Measure::Month:
        return i18ndc("sockledger", "@item an amount", "%1 in a month", bytes);
    case Rule::Measure::Cycle:
        return i18ndc("sockledger", "@item an amount", "%1 in a billing cycle", bytes);
    }
    return bytes;
}

QString text(const Rule &rule)
{
    if (!rule.text.empty()) {
        return QString::fromStdString(rule.text);
    }
    const QString target = QString::fromStdString(rule.target);
    switch (rule.subject) {
    case Rule::Subject::Total:
        return i18ndc("sockledger", "@item a rule: %1 is an amount", "This computer: %1", amount(rule));
    case Rule::Subject::App:
    case Rule::Subject::Interface:
        break;
    }
    if (target.isEmpty()) {
        return rule.subject == Rule::Subject::App
            ? i18ndc("sockledger", "@item a rule: %1 is an amount", "Any application: %1", amount(rule))
            : i18ndc("sockledger", "@item a rule: %1 is an amount", "Any interface: %1", amount(rule));
    }
    return i18ndc("sockledger", "@item a rule: %1 is an application or interface, %2 an amount", "%1: %2",
                  target, amount(rule));
}

/** A rule about the same thing replaces the one before. */
std::string idOf(const Rule &rule)
{
    QString id = u"widget-"_s + QString::fromStdString(rule.target.empty() ? "total" : rule.target) + u'-'
        + QString::fromUtf8(to_string(rule.measure).data());
    id.replace(QRegularExpression(u"[^A-Za-z0-9_.-]"_s), u"_"_s);
    return id.right(longestId).toStdString();
}
}

RuleSet::RuleSet(QObject *parent)
    : QObject(parent)
{
}

void RuleSet::take(const Result<std::vector<Rule>> &answer)
{
    m_problem = answer ? QString() : QString::fromStdString(answer.error().message);
    if (answer) {
        m_rules.clear();
        for (const Rule &rule : *answer) {
            m_rules.append(QVariantMap {{u"id"_s, QString::fromStdString(rule.id)},
                                        {u"text"_s, text(rule)},
                                        {u"amount"_s, amount(rule)},
                                        {u"subject"_s, QString::fromUtf8(to_string(rule.subject))},
                                        {u"target"_s, QString::fromStdString(rule.target)},
                                        {u"fixed"_s, rule.from_configuration}});
        }
    }
    Q_EMIT changed();
}

template<typename Call>
void RuleSet::ask(Call call)
{
    DaemonCalls::rules(m_socket, std::move(call))
        .then(this, [this](const DaemonCalls::Given<std::vector<Rule>> &answer) { take(*answer); });
}

void RuleSet::refresh()
{
    ask([](DaemonClient &) { return Result<void>(); });
}

void RuleSet::add(const QString &app, double bytes, Period period, int cycleDay)
{
    constexpr Rule::Measure measures[] {Rule::Measure::Hour, Rule::Measure::Day, Rule::Measure::Month,
                                        Rule::Measure::Cycle};
    Rule rule;
    rule.subject = app.isEmpty() ? Rule::Subject::Total : Rule::Subject::App;
    rule.target = app.toStdString();
    rule.measure = measures[period];
    rule.threshold = std::uint64_t(std::max(bytes, 1.0));
    rule.cycle_day = std::uint32_t(std::clamp(cycleDay, 1, 31));
    rule.id = idOf(rule);
    ask([rule](DaemonClient &daemon) { return daemon.set_rule(rule); });
}

void RuleSet::remove(const QString &id)
{
    ask([id = id.toStdString()](DaemonClient &daemon) { return daemon.remove_rule(id); });
}

#include "moc_ruleset.cpp"
