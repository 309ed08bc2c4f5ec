// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "input.hpp"

#include <QTest>

#include <random>

using namespace sockledger::netdata;
using Kind = Request::Kind;

namespace {

std::vector<Request> read_all(std::string_view text, std::size_t step = 1 << 20) {
    Input input;
    std::vector<Request> requests;
    for (std::size_t at = 0; at < text.size(); at += step) {
        input.add(text.substr(at, step));
        while (auto request = input.next())
            requests.push_back(*std::move(request));
    }
    return requests;
}

} // namespace

class InputTest : public QObject {
    Q_OBJECT

private slots:
    void aCallOfNetdata137IsRead() {
        const auto read =
            read_all("FUNCTION b1c3d5e7-0000-4000-8000-000000000001 10 \"sockledger-connections "
                     "view:processes\"\n");
        QCOMPARE(read.size(), std::size_t{1});
        QVERIFY(read[0].kind == Kind::Call);
        QCOMPARE(read[0].transaction, std::string("b1c3d5e7-0000-4000-8000-000000000001"));
        QVERIFY(read[0].timeout == std::chrono::seconds(10));
        QCOMPARE(read[0].function, std::string("sockledger-connections"));
        QVERIFY(read[0].arguments == std::vector<std::string>{"view:processes"});
    }

    void aCallOfNetdata2IsRead() {
        const auto read =
            read_all("FUNCTION 0123456789abcdef0123456789abcdef 120 \"sockledger-applications info\" "
                     "\"0x8\" \"method=none,role=any,permissions=0x8,ip=localhost\"\n");
        QCOMPARE(read.size(), std::size_t{1});
        QCOMPARE(read[0].function, std::string("sockledger-applications"));
        QVERIFY(read[0].arguments == std::vector<std::string>{"info"});
    }

    void aPayloadBelongsToItsCall() {
        const auto read = read_all("FUNCTION_PAYLOAD abc 10 \"f\" \"0x8\" \"ip\" \"application/json\"\n"
                                   "{\"a\":\n"
                                   "FUNCTION other 1 \"x\"\n"
                                   "\n"
                                   "1}\n"
                                   "FUNCTION_PAYLOAD_END\nQUIT\n");
        QCOMPARE(read.size(), std::size_t{2});
        QVERIFY(read[0].kind == Kind::Call && read[1].kind == Kind::Quit);
        QCOMPARE(read[0].payload, std::string("{\"a\":\nFUNCTION other 1 \"x\"\n\n1}"));
    }

    void otherRequestsAreRead() {
        const auto read = read_all("FUNCTION_CANCEL abc\nFUNCTION_PROGRESS abc\nQUIT\n");
        QCOMPARE(read.size(), std::size_t{3});
        QVERIFY(read[0].kind == Kind::Cancel && read[0].transaction == "abc");
        QVERIFY(read[1].kind == Kind::Progress);
        QVERIFY(read[2].kind == Kind::Quit);
    }

    void nonsenseIsNoCall_data() {
        QTest::addColumn<QByteArray>("line");
        for (const char* line :
             {"FUNCTION", "FUNCTION abc", "FUNCTION abc 10", "FUNCTION abc 10 \"\"",
              "FUNCTION \"a b\" 10 \"f\"", "FUNCTION a\"b 10 f", "FUNCTION_CANCEL", "quit", "HELLO",
              "FUNCTION a/../b 10 f", "FUNCTION abc 10 \"''\"", "\"", "FUNCTION '",
              "FUNCTION 0123456789012345678901234567890123456789012345678901234567890123456789 10 f"})
            QTest::addRow("%s", line) << QByteArray(line);
    }
    void nonsenseIsNoCall() {
        QFETCH(QByteArray, line);
        const auto read = read_all(line.toStdString() + "\nQUIT\n");
        QVERIFY(!read.empty() && read.back().kind == Kind::Quit);
        for (std::size_t i = 0; i + 1 < read.size(); ++i)
            QVERIFY(read[i].kind == Kind::Unknown);
    }

    void aTimeoutThatIsNoneIsNone() {
        for (const char* timeout : {"x", "-1", "99999999999999", "1e3"}) {
            const auto read = read_all(std::string("FUNCTION abc ") + timeout + " f\n");
            QCOMPARE(read.size(), std::size_t{1});
            QVERIFY(read[0].timeout.count() == 0 || read[0].timeout.count() == 1);
        }
    }

    void emptyLinesAreNothing() { QVERIFY(read_all("\n\n  \n\t\n").empty()); }

    void halfALineWaitsForTheOtherHalf() {
        Input input;
        input.add("QU");
        QVERIFY(!input.next());
        input.add("IT\n");
        QVERIFY(input.next().has_value());
    }

    void howItIsCutMakesNoDifference() {
        const std::string text =
            "FUNCTION a 1 \"f x:y\"\nFUNCTION_PAYLOAD b 2 'g' 0x8\n{}\nFUNCTION_PAYLOAD_END\n"
            "junk\n\nFUNCTION_CANCEL a\n" +
            std::string(Input::longest_line + 5, 'x') + "\nQUIT\n";
        const auto whole = read_all(text);
        for (const std::size_t step : {1, 2, 3, 7, 64, 1000, 65536})
            QVERIFY(read_all(text, step) == whole);
    }

    void whatIsTooLongIsDroppedToItsEnd() {
        const auto read =
            read_all("FUNCTION a 1 " + std::string(10 * Input::longest_line, 'f') + "\nQUIT\n", 4096);
        QCOMPARE(read.size(), std::size_t{1});
        QVERIFY(read[0].kind == Kind::Quit);
    }

    void aPayloadThatIsTooLongIsEmpty() {
        std::string text = "FUNCTION_PAYLOAD a 1 f\n";
        for (std::size_t i = 0; i < Input::longest_payload / 1000 + 10; ++i)
            text += std::string(1000, 'p') + "\n";
        const auto read = read_all(text + "FUNCTION_PAYLOAD_END\nQUIT\n", 4096);
        QCOMPARE(read.size(), std::size_t{2});
        QVERIFY(read[0].kind == Kind::Call && read[0].payload.empty());
    }

    void anyBytesAreRead() {
        std::mt19937 random(3);
        Input input;
        for (int i = 0; i < 2000; ++i) {
            std::string bytes;
            for (auto length = random() % 200; length > 0; --length)
                bytes += static_cast<char>(random());
            input.add(bytes);
            while (input.next()) {
            }
        }
        input.add("\nFUNCTION_PAYLOAD_END\nQUIT\n");
        std::optional<Request> last;
        while (auto request = input.next())
            last = std::move(request);
        QVERIFY(last && last->kind == Kind::Quit);
    }
};

QTEST_GUILESS_MAIN(InputTest)
#include "input_test.moc"
