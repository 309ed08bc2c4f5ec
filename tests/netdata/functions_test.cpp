// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "functions.hpp"

#include <QTest>

#include <condition_variable>
#include <stdexcept>
#include <vector>

using namespace sockledger::netdata;
using namespace std::chrono_literals;

namespace {

Request call(const char* transaction, const char* function) {
    Request request;
    request.kind = Request::Kind::Call;
    request.transaction = transaction;
    request.function = function;
    return request;
}

Request about(Request::Kind kind, const char* transaction) {
    Request request;
    request.kind = kind;
    request.transaction = transaction;
    return request;
}

/// What was written, and waiting for it.
class Written {
public:
    void add(std::string_view block) {
        const std::lock_guard lock(mutex_);
        blocks_.emplace_back(block);
        changed_.notify_all();
    }
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 30s, [&] { return blocks_.size() >= count; });
        return blocks_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> blocks_;
};

/// Holds calls up until it is opened.
class Gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return open_; });
    }
    void wait_for(int calls) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_ >= calls; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;
    bool open_ = false;
};

} // namespace

class FunctionsTest : public QObject {
    Q_OBJECT

private slots:
    void anAnswerIsOneBlock() {
        Written written;
        Functions functions({{"f",
                              [](const Request&) {
                                  return FunctionAnswer{200, "{\"a\":\n1}", 99};
                              }}},
                            [&](std::string_view block) { written.add(block); });
        functions.handle(call("abc", "f"));
        const auto blocks = written.wait_for(1);
        QCOMPARE(blocks.size(), std::size_t{1});
        QCOMPARE(blocks[0], std::string("FUNCTION_RESULT_BEGIN abc 200 application/json 99\n{\"a\":\n1}\n"
                                        "FUNCTION_RESULT_END\n"));
    }

    void aFunctionThatIsNotKnownIs404() {
        Written written;
        Functions functions({}, [&](std::string_view block) { written.add(block); });
        functions.handle(call("abc", "g"));
        QVERIFY(written.wait_for(1).front().starts_with("FUNCTION_RESULT_BEGIN abc 404 application/json"));
    }

    void aSlowCallHoldsUpNoOther() {
        Written written;
        Gate gate;
        Functions functions({{"slow",
                              [&](const Request&) {
                                  gate.pass();
                                  return FunctionAnswer{200, "slow", 0};
                              }},
                             {"quick",
                              [](const Request&) {
                                  return FunctionAnswer{200, "quick", 0};
                              }}},
                            [&](std::string_view block) { written.add(block); });
        functions.handle(call("a", "slow"));
        gate.wait_for(1);
        functions.handle(call("b", "quick"));
        QVERIFY(written.wait_for(1).front().find("quick") != std::string::npos);
        gate.open();
        QCOMPARE(written.wait_for(2).size(), std::size_t{2});
    }

    void aCallThatIsCancelledIs499() {
        Written written;
        Gate gate;
        Functions functions({{"f",
                              [&](const Request&) {
                                  gate.pass();
                                  return FunctionAnswer{200, "late", 0};
                              }}},
                            [&](std::string_view block) { written.add(block); });
        functions.handle(call("abc", "f"));
        gate.wait_for(1);
        functions.handle(about(Request::Kind::Cancel, "other"));
        functions.handle(about(Request::Kind::Cancel, "abc"));
        gate.open();
        QVERIFY(written.wait_for(1).front().starts_with("FUNCTION_RESULT_BEGIN abc 499 "));
    }

    void aCallThatTakesTooLongIs504UnlessSomebodyWaitsForLonger() {
        Written written;
        Gate gate;
        const auto handler = [&](const Request&) {
            gate.pass();
            return FunctionAnswer{200, "late", 0};
        };
        // No time at all, for whoever does not ask for more
        Functions functions(
            {{"f", handler}}, [&](std::string_view block) { written.add(block); }, -1s);
        functions.handle(call("abc", "f"));
        Request patient = call("def", "f");
        patient.timeout = 1000s;
        functions.handle(patient);
        gate.wait_for(2);
        gate.open();
        const auto blocks = written.wait_for(2);
        for (const std::string& block : blocks)
            QVERIFY(block.starts_with("FUNCTION_RESULT_BEGIN abc 504 ") ||
                    block.starts_with("FUNCTION_RESULT_BEGIN def 200 "));
        QVERIFY(blocks[0].substr(0, 25) != blocks[1].substr(0, 25));
    }

    void progressGivesACallMoreTime() {
        Written written;
        Gate gate;
        Functions functions(
            {{"f",
              [&](const Request&) {
                  gate.pass();
                  return FunctionAnswer{200, "late", 0};
              }}},
            [&](std::string_view block) { written.add(block); }, 1000s);
        functions.handle(call("abc", "f"));
        gate.wait_for(1);
        functions.handle(about(Request::Kind::Progress, "abc"));
        gate.open();
        QVERIFY(written.wait_for(1).front().starts_with("FUNCTION_RESULT_BEGIN abc 200 "));
    }

    void tooManyAtOnceAre503() {
        Written written;
        Gate gate;
        Functions functions({{"f",
                              [&](const Request&) {
                                  gate.pass();
                                  return FunctionAnswer{200, "", 0};
                              }}},
                            [&](std::string_view block) { written.add(block); });
        for (std::size_t i = 0; i < Functions::most_at_once; ++i)
            functions.handle(call(("t" + std::to_string(i)).c_str(), "f"));
        gate.wait_for(static_cast<int>(Functions::most_at_once));
        functions.handle(call("more", "f"));
        QVERIFY(written.wait_for(1).front().starts_with("FUNCTION_RESULT_BEGIN more 503 "));
        gate.open();
        QCOMPARE(written.wait_for(Functions::most_at_once + 1).size(), Functions::most_at_once + 1);
    }

    void aFunctionThatThrowsIs500() {
        Written written;
        Functions functions(
            {{"f", [](const Request&) -> FunctionAnswer { throw std::runtime_error("no \"luck\""); }}},
            [&](std::string_view block) { written.add(block); });
        functions.handle(call("abc", "f"));
        QVERIFY(written.wait_for(1).front().find("\"errorMessage\":\"no \\\"luck\\\"\"") !=
                std::string::npos);
    }

    void theSameTransactionTwiceIsAnsweredOnce() {
        Written written;
        Gate gate;
        {
            Functions functions({{"f",
                                  [&](const Request&) {
                                      gate.pass();
                                      return FunctionAnswer{200, "", 0};
                                  }}},
                                [&](std::string_view block) { written.add(block); });
            functions.handle(call("abc", "f"));
            gate.wait_for(1);
            functions.handle(call("abc", "f"));
            gate.open();
        }
        QCOMPARE(written.wait_for(1).size(), std::size_t{1});
    }

    void aSelectionIsInTheArgumentsOrInThePayload() {
        Request request;
        QCOMPARE(selection_of(request, "view"), std::string());
        request.payload = R"({"selections":{"view":["processes"]},"timeout":10000,"last":100})";
        QCOMPARE(selection_of(request, "view"), std::string("processes"));
        request.arguments = {"view:aggregated"};
        QCOMPARE(selection_of(request, "view"), std::string("aggregated"));
        for (const char* payload : {"", "{", "[]", "{\"selections\":5}", "{\"selections\":{\"view\":[]}}",
                                    "{\"selections\":{\"view\":[5]}}", "{\"selections\":{\"view\":\"x\"}}"}) {
            request.arguments = {"view", "views:x"};
            request.payload = payload;
            QCOMPARE(selection_of(request, "view"), std::string());
        }
    }
};

QTEST_GUILESS_MAIN(FunctionsTest)
#include "functions_test.moc"
