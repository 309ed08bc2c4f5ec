// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/text.hpp"

#include <sockledger/utf8.hpp>

#include <QTest>

#include <string>

using namespace sockledger;

class TextTest : public QObject {
    Q_OBJECT

private slots:
    void plainAndMultibyteTextStays() {
        for (const std::string text :
             {"", "curl", "back\\slash", "Ünï 日本 \xf0\x9f\x90\xa7", "\xf4\x8f\xbf\xbf"}) {
            QCOMPARE(printable(text), text);
        }
    }

    void controlCharactersAreEscaped() {
        QCOMPARE(printable(std::string_view("a\0b", 3)), "a\\x00b");
        QCOMPARE(printable("a\n\t\x1b[31m"), "a\\x0a\\x09\\x1b[31m");
        QCOMPARE(printable("\x7f"), "\\x7f");
        QCOMPARE(printable("\xc2\x80\xc2\x9f"), "\\xc2\\x80\\xc2\\x9f");
        QCOMPARE(printable("\xc2\xa0"), "\xc2\xa0");
    }

    void bytesThatAreNoUtf8AreEscaped() {
        QCOMPARE(printable("caf\xe9!"), "caf\\xe9!");
        QCOMPARE(printable("\x80"), "\\x80");
        QCOMPARE(printable("\xc0\xaf"), "\\xc0\\xaf");                   // overlong "/"
        QCOMPARE(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");          // overlong "/"
        QCOMPARE(printable("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf"); // overlong "/"
        QCOMPARE(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");          // surrogate
        QCOMPARE(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); // above U+10FFFF
        QCOMPARE(printable("\xff\xfe"), "\\xff\\xfe");
    }

    void aCharacterThatIsCutOffIsEscapedAndTheRestStays() {
        QCOMPARE(printable("日"
                           "\xe6\x97"),
                 "日\\xe6\\x97");
        QCOMPARE(printable("\xe6\x97z"), "\\xe6\\x97z");
        QCOMPARE(printable("\xc3"), "\\xc3");
    }

    void aCutTextHasWholeCharacters() {
        const std::string_view penguin = "ab\xf0\x9f\x90\xa7"
                                         "c";
        QCOMPARE(first_bytes(penguin, 7), penguin);
        QCOMPARE(first_bytes(penguin, 6), penguin.substr(0, 6));
        for (std::size_t most : {2u, 3u, 4u, 5u})
            QCOMPARE(first_bytes(penguin, most), penguin.substr(0, 2));
        QCOMPARE(first_bytes(penguin.substr(2), 3), std::string_view());
        QCOMPARE(first_bytes({}, 0), std::string_view());
    }

    void everyPairOfBytesGivesValidUtf8() {
        for (int pair = 0; pair < 0x10000; ++pair) {
            const char bytes[] = {static_cast<char>(pair >> 8), static_cast<char>(pair), 'z'};
            const std::string text = printable({bytes, sizeof bytes});
            QCOMPARE(QString::fromUtf8(text.data(), qsizetype(text.size())).toUtf8().toStdString(), text);
            QVERIFY(!QString::fromStdString(text).contains(QChar::ReplacementCharacter));
        }
    }
};

QTEST_GUILESS_MAIN(TextTest)
#include "text_test.moc"
