// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/varlink_message.hpp"

#include <QTest>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace sockledger::varlink;
using namespace std::string_literals;
namespace json = boost::json;

class VarlinkTest : public QObject {
    Q_OBJECT

    static std::vector<std::string> all(Splitter& splitter) {
        std::vector<std::string> messages;
        while (const auto message = splitter.next())
            messages.emplace_back(*message);
        return messages;
    }

private slots:
    void messagesEndWithNulWhereverTheBytesAreCut() {
        const std::string stream = "{\"a\":1}\0{}\0\0{\"b\":2}\0"s;
        const std::vector<std::string> expected{"{\"a\":1}", "{}", "", "{\"b\":2}"};
        for (std::size_t first = 0; first <= stream.size(); ++first) {
            for (std::size_t second = first; second <= stream.size(); ++second) {
                Splitter splitter(100);
                std::vector<std::string> messages;
                for (const std::string& part :
                     {stream.substr(0, first), stream.substr(first, second - first), stream.substr(second)}) {
                    splitter.add(part);
                    for (const auto& message : all(splitter))
                        messages.push_back(message);
                }
                QVERIFY(messages == expected);
                QCOMPARE(splitter.size(), std::size_t{0});
            }
        }
    }

    void aMessageMayHaveItsLimitAndNotOneByteMore() {
        Splitter splitter(4);
        splitter.add("abcd"s);
        QVERIFY(!splitter.oversized());
        splitter.add("\0ab"s);
        QVERIFY(!splitter.oversized());
        QCOMPARE(splitter.next(), "abcd");
        splitter.add("cde"s);
        QVERIFY(splitter.oversized()); // without waiting for its end
        splitter.add("\0"s);
        QVERIFY(splitter.oversized());
    }

    void aMessageThatWaitsBehindOthersDoesNotCountForThem() {
        Splitter splitter(4);
        splitter.add("a\0b\0abcd\0"s);
        QVERIFY(!splitter.oversized());
        QCOMPARE(all(splitter).size(), std::size_t{3});
    }

    void aCallHasItsMethodParametersAndFlags() {
        const auto call = parse_call(R"({"method":"io.x.Y","parameters":{"a":1},"more":true,"later":0})");
        QVERIFY(call.has_value());
        QCOMPARE(call->method, "io.x.Y");
        QCOMPARE(json::serialize(call->parameters), R"({"a":1})");
        QVERIFY(call->more && !call->oneway && !call->upgrade);
        QVERIFY(parse_call(R"({"method":"M","oneway":true})")->oneway);
        QVERIFY(parse_call(R"({"method":"M","upgrade":true})")->upgrade);
        QVERIFY(parse_call(R"({"method":"M","parameters":null})")->parameters.empty());
    }

    void whatIsNoCallIsRefused_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"", "{", "[]", "1", "{}", R"({"method":1})", R"({"method":"M","parameters":[]})",
              R"({"method":"M","more":1})", R"({"method":"M","oneway":"true"})",
              R"({"method":"M","oneway":true,"more":true})", R"({"method":"M"} x)", "\xff\xfe"})
            QTest::newRow(text) << QByteArray(text);
    }
    void whatIsNoCallIsRefused() {
        QFETCH(QByteArray, text);
        QVERIFY(!parse_call(text.toStdString()));
    }

    void nestingHasALimit() {
        const auto nested = [](std::size_t depth) {
            return R"({"method":"M","parameters":{"a":)" + std::string(depth, '[') + std::string(depth, ']') +
                   "}}";
        };
        QVERIFY(parse_call(nested(14)).has_value());
        QVERIFY(!parse_call(nested(15)));
        QVERIFY(!parse_call(nested(30'000)));
    }

    void answersReadBackAsTheyWereWritten() {
        const auto read = [](const std::string& message) {
            const auto answer = parse_answer(std::string_view(message).substr(0, message.size() - 1));
            return answer ? *answer : Answer{answer.error().message, {}};
        };
        const std::string reply = reply_message(R"({"a":1})");
        QVERIFY(reply.ends_with('\0'));
        QCOMPARE(json::serialize(read(reply).parameters), R"({"a":1})");
        QVERIFY(!read(reply).continues);
        QVERIFY(read(reply_message("{}", true)).continues);
        const Answer error = read(error_message("io.x.Wrong", {{"why", "so"}}));
        QCOMPARE(error.error, "io.x.Wrong");
        QCOMPARE(json::serialize(error.parameters), R"({"why":"so"})");
    }

    void callsReadBackAsTheyWereWritten() {
        const std::string message = call_message("io.x.Y", R"({"a":1})", true);
        const auto call = parse_call(std::string_view(message).substr(0, message.size() - 1));
        QVERIFY(call.has_value());
        QCOMPARE(call->method, "io.x.Y");
        QVERIFY(call->more);
    }

    void whatIsNoAnswerIsRefused() {
        for (const char* text : {"", "[]", R"({"error":1})", R"({"parameters":1})", R"({"continues":0})"})
            QVERIFY2(!parse_answer(text), text);
        QVERIFY(parse_answer("{}").has_value());
    }
};

QTEST_GUILESS_MAIN(VarlinkTest)
#include "varlink_test.moc"
