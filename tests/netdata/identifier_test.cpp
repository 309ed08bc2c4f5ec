// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "identifier.hpp"

#include <QTest>

#include <random>
#include <set>

using namespace sockledger::netdata;

class IdentifierTest : public QObject {
    Q_OBJECT

private slots:
    void plainNamesStayReadable() {
        QCOMPARE(app_identifier("exe:/usr/bin/curl"), std::string("exe_usr_bin_curl"));
        QCOMPARE(app_identifier("desktop:org.mozilla.firefox"), std::string("desktop_org_mozilla_firefox"));
        QCOMPARE(app_identifier("unit:sshd.service"), std::string("unit_sshd_service"));
        QCOMPARE(app_identifier("container:web"), std::string("container_web"));
        QCOMPARE(app_identifier("kernel"), std::string("kernel"));
        QCOMPARE(identifier("eth0.100", '.'), std::string("eth0_100"));
    }

    void namesThatOnlyLookAlikeHaveOtherIds() {
        const std::vector<std::string> names{"unit:a.b.service",
                                             "unit:a_b.service",
                                             "unit:a-b.service",
                                             "unit:a..b.service",
                                             "exe:/a/b",
                                             "exe:/a.b",
                                             "exe:/a_b",
                                             "exe:/a//b",
                                             "exe:a/b",
                                             "exe:/a/b/",
                                             "exe:/A/b",
                                             "exe_a_b",
                                             "exe:a_b",
                                             "/a/b",
                                             "",
                                             ":",
                                             "exe:",
                                             "exe:/",
                                             "exe://",
                                             "a:b:c",
                                             "a_b:c",
                                             "a:b_c",
                                             "unit:é",
                                             "unit:è",
                                             "unit:a b",
                                             "unit:a\nb",
                                             "unit:a\"b",
                                             "kernel",
                                             "kernel ",
                                             "Kernel",
                                             "a__b",
                                             "a:_b",
                                             "container:a/b",
                                             "container:a.b"};
        std::set<std::string> ids;
        for (const std::string& name : names)
            QVERIFY2(ids.insert(app_identifier(name)).second, (name + " " + app_identifier(name)).c_str());
    }

    void theIdOfANameIsTheNameOfNothingElse() {
        for (const std::string name : {"exe:/a_b", "unit:x@y.service", "unit:é"}) {
            const std::string id = app_identifier(name);
            QVERIFY(app_identifier(id) != id);
            QVERIFY(app_identifier("exe:/" + id) != id);
        }
    }

    void idsHoldOnToTheirAlphabetAndLength() {
        std::mt19937 random(1);
        for (int i = 0; i < 20000; ++i) {
            std::string name;
            for (auto length = random() % 300; length > 0; --length)
                name += static_cast<char>(random() % 4 ? "a/.:_-"[random() % 6]
                                                       : static_cast<int>(random() % 256));
            const std::string id = app_identifier(name);
            QVERIFY(!id.empty() && id.size() <= 100);
            for (const char c : id)
                QVERIFY(QChar::fromLatin1(c).isLetterOrNumber() || c == '_' || c == '-');
        }
    }

    void namesOf200BytesThatEndDifferentlyDiffer() {
        const std::string begin(199, 'x');
        QVERIFY(app_identifier(begin + "a") != app_identifier(begin + "b"));
    }

    void idsAreTheSameInEveryVersion() {
        QCOMPARE(app_identifier("unit:x@y.service"), std::string("unit_x_y_service__ad11e96b3788"));
    }

    void labelsKeepTheirUtf8AndLoseTheirQuotes() {
        QCOMPARE(label_text("日本 Café"), std::string("日本 Café"));
        QCOMPARE(label_text("it's \"x\" `y` \\z"), std::string("it_s _x_ _y_ _z"));
        QCOMPARE(label_text("\n a\nb\t"), std::string("a b"));
        QCOMPARE(label_text(""), std::string("_"));
        QCOMPARE(label_text(" \n "), std::string("_"));
    }

    void aLongLabelIsCutBetweenCharacters() {
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "語";
        const std::string cut = label_text(text, 200);
        QCOMPARE(cut.size(), std::size_t{198});
        QVERIFY(text.starts_with(cut));
    }
};

QTEST_GUILESS_MAIN(IdentifierTest)
#include "identifier_test.moc"
