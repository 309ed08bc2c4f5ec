// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names.hpp"

#include <QString>
#include <QTest>

using namespace sockledger::collectd;

class CollectdNamesTest : public QObject {
    Q_OBJECT

private slots:
    void namesThatAreFineStayAsTheyAre() {
        for (const char* name :
             {"firefox", "Web Content", "a\"b\\c=d", "f\303\274r", "unit:ssh-agent.service"})
            QCOMPARE(clean_name(name), std::string(name));
    }

    void slashesAndControlCharactersGo() {
        QCOMPARE(clean_name("/usr/bin/curl"), "usr_bin_curl");
        QCOMPARE(clean_name("kworker/0:1"), "kworker_0:1");
        QCOMPARE(clean_name("two\n\r\tlines\x7f"), "two lines");
        QCOMPARE(clean_name("c1 \302\205end"), "c1 end");
        QCOMPARE(clean_name("  / x "), "x");
        QCOMPARE(clean_name(""), "_");
        QCOMPARE(clean_name("\n/"), "_");
    }

    void aLongNameIsCutBetweenCharactersAndEndsInAHash() {
        QCOMPARE(clean_name(std::string(100, 'a')), std::string(100, 'a'));
        for (std::size_t ascii = 0; ascii < 4; ++ascii) {
            std::string name(ascii, 'a');
            while (name.size() < 300)
                name += "\342\202\254";
            const std::string cut = clean_name(name);
            QVERIFY(cut.size() <= longest_name && cut.size() > longest_name - 4);
            QVERIFY(!QString::fromStdString(cut).contains(QChar::ReplacementCharacter));
            QVERIFY(clean_name(name + "x") != cut);
        }
    }

    void twoOfOneNameAreToldApartByTheirIds() {
        Names names({"other"});
        QCOMPARE(names.of("exe:/usr/bin/curl", "curl"), "curl");
        QCOMPARE(names.of("exe:/opt/curl", "curl"), "exe:_opt_curl");
        QCOMPARE(names.of("exe:/x", "other"), "exe:_x");
        QCOMPARE(names.of("exe:_x", "exe:_x").substr(0, 7), "exe:_x~");
        QCOMPARE(names.of("exe:/usr/bin/curl", "renamed"), "curl");
        QCOMPARE(*names.find("exe:/opt/curl"), "exe:_opt_curl");
        QVERIFY(!names.find("exe:/nobody"));
    }

    void whoIsGoneGivesItsNameBack() {
        Names names;
        names.of("a", "curl");
        names.forget_unused();
        QCOMPARE(names.of("b", "curl"), "b"); // a may have values of this very turn
        names.forget_unused();
        QVERIFY(!names.find("a"));
        QCOMPARE(names.of("b", "curl"), "b");
        QCOMPARE(names.of("a", "curl"), "curl");
    }

    void textIsCutBetweenCharacters() {
        QCOMPARE(clean_text("a\303\274b", 2), "a");
        QCOMPARE(clean_text("a\303\274b", 3), "a\303\274");
        QCOMPARE(clean_text("a/b\nc", 100), "a/b c");
    }
};

QTEST_APPLESS_MAIN(CollectdNamesTest)
#include "names_test.moc"
