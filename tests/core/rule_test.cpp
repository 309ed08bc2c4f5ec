// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/rule_names.hpp"

#include <QTest>

using namespace sockledger;

class RuleTest : public QObject {
    Q_OBJECT

private slots:
    void everyNameIsReadBack() {
        using Subject = Rule::Subject;
        using Direction = Rule::Direction;
        using Measure = Rule::Measure;
        for (Subject subject : {Subject::Total, Subject::App, Subject::Interface})
            QVERIFY(parse_subject(to_string(subject)) == subject);
        for (Direction direction : {Direction::Rx, Direction::Tx, Direction::Both})
            QVERIFY(parse_direction(to_string(direction)) == direction);
        for (Measure measure : {Measure::Rate, Measure::Hour, Measure::Day, Measure::Month, Measure::Cycle})
            QVERIFY(parse_measure(to_string(measure)) == measure);
        QCOMPARE(to_string(Subject::Interface), "interface");
        QCOMPARE(to_string(Direction::Tx), "tx");
        QCOMPARE(to_string(Measure::Cycle), "cycle");
    }

    void anotherWordIsNoName() {
        QVERIFY(!parse_subject(""));
        QVERIFY(!parse_subject("App"));
        QVERIFY(!parse_direction("rx "));
        QVERIFY(!parse_measure("week"));
    }
};

QTEST_GUILESS_MAIN(RuleTest)
#include "rule_test.moc"
