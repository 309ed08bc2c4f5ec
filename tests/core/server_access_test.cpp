// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server_access.hpp"

#include <QTest>

using namespace sockledger;

class ServerAccessTest : public QObject {
    Q_OBJECT

    static constexpr Access access{700, 777};

private slots:
    void rootSeesEverything() { QCOMPARE(visible_to({0, 0, {}}, access).all, true); }

    void theDaemonsOwnUserSeesEverything() { QVERIFY(privileged({700, 1, {}}, access)); }

    void membersOfTheGroupSeeEverything() {
        QVERIFY(privileged({1000, 777, {}}, access));           // it is the primary one
        QVERIFY(privileged({1000, 1000, {4, 777, 9}}, access)); // or one of many
    }

    void othersSeeTheirOwn() {
        QVERIFY(!privileged({1000, 1000, {4, 9, 700}}, access)); // a group with the number of the user
        const Visible visible = visible_to({1000, 1000, {}}, access);
        QCOMPARE(visible.all, false);
        QCOMPARE(visible.uid, 1000U);
    }

    void theRootGroupIsNotRoot() { QVERIFY(!privileged({1000, 0, {0}}, access)); }

    void withoutAGroupNobodyIsItsMember() {
        const Access alone{700, std::nullopt};
        QVERIFY(!privileged({1000, 0, {0, 777}}, alone));
        QVERIFY(privileged({0, 5, {}}, alone));
    }
};

QTEST_GUILESS_MAIN(ServerAccessTest)
#include "server_access_test.moc"
