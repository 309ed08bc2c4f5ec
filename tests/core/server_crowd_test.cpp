// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service_fixture.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::string_literals;

/// Many clients, and some who mean ill or are ill.
class ServerCrowdTest : public QObject {
    Q_OBJECT

    static std::string sequence(const std::string& answer) {
        return text_at(answer, "/parameters/snapshot/sequence");
    }

    /// A machine with so many connections that a snapshot does not fit into a socket's buffer.
    static SnapshotPtr large() {
        Snapshot snapshot = sample::snapshot();
        for (std::uint64_t cookie = 100; cookie < 3'100; ++cookie) {
            Connection connection = snapshot.connections.front();
            connection.id.cookie = cookie;
            snapshot.connections.push_back(connection);
        }
        return std::make_shared<const Snapshot>(std::move(snapshot));
    }

private slots:
    void fiveHundredSubscribersAreNotDisturbedByTheIll() {
        Service service;
        Client garbage = service.connect();
        Client half = service.connect();
        Client flood = service.connect();
        Client never_reads = service.connect();
        Client leaves = service.connect();
        garbage.send("\x01\x02 not JSON at all\0"s);
        half.send("{\"method\":\"io.sockledger.Get");
        never_reads.call("io.sockledger.Subscribe", "{}", "more");
        for (int i = 0; i < 1000; ++i)
            leaves.call("io.sockledger.GetSnapshot");
        std::vector<Client> healthy;
        for (int i = 0; i < 500; ++i) {
            healthy.push_back(service.connect());
            QVERIFY(healthy.back().call("io.sockledger.Subscribe", "{}", "more"));
        }
        const std::string megabyte(1 << 20, 'x');
        std::size_t flooded = 0;
        std::vector<int> seen(healthy.size());
        for (int round = 2; round < 5; ++round) {
            for (Client& client : healthy) {
                for (int i = 0; i < 4 && flooded < 100 << 20; ++i)
                    flooded += flood.send(megabyte);
                QCOMPARE(sequence(service.next(client)), std::to_string(round));
            }
            leaves = Client(); // in the middle of its answers
            service.backend.advance();
        }
        QCOMPARE(service.next(garbage), "closed");
        flood.receive();
        QVERIFY(flooded < 2 << 20); // the rest was not taken
        QVERIFY(!flood.receive());
        QCOMPARE(service.server.clients(), std::size_t{502}); // with the half message and the sleeper
    }

    void aSlowSubscriberMissesTurnsAndHoldsOneAnswer() {
        Service service;
        service.backend.current = large();
        Client slow = service.connect();
        Client quick = service.connect();
        slow.call("io.sockledger.Subscribe", "{}", "more");
        quick.call("io.sockledger.Subscribe", "{}", "more");
        QCOMPARE(sequence(service.next(quick)), "2");
        for (int round = 3; round < 6; ++round) {
            service.backend.advance();
            QCOMPARE(sequence(service.next(quick)), std::to_string(round));
        }
        QCOMPARE(sequence(service.next(slow)), "2"); // whole, from the time when it was made
        service.backend.advance();
        QCOMPARE(sequence(service.next(slow)), "6"); // and then the newest, with nothing in between
    }

    void whoReadsNothingIsDropped() {
        ServerOptions options;
        options.patience = std::chrono::milliseconds(200);
        Service service(options);
        service.backend.current = large();
        Client sleeps = service.connect();
        Client idle = service.connect();
        sleeps.call("io.sockledger.GetSnapshot");
        QVERIFY(service.run_until([&] { return service.server.clients() == 1; }));
        QCOMPARE(text_at(service.ask(idle, "io.sockledger.GetStatus"), "/parameters/clients"), "1");
    }

    void whoReadsSlowlyIsNotDropped() {
        ServerOptions options;
        options.patience = std::chrono::milliseconds(1000);
        Service service(options);
        service.backend.current = large();
        Client client = service.connect();
        client.call("io.sockledger.GetSnapshot");
        std::string answer;
        const auto began = Deadline::clock::now();
        std::array<char, 8 << 10> chunk;
        while (!answer.ends_with('\0')) {
            // A little at each turn of the loop, for longer than the patience with who reads nothing
            service.loop.restart();
            service.loop.run_for(std::chrono::milliseconds(10));
            const ssize_t size = recv(client.socket.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
            QVERIFY(size > 0);
            answer.append(chunk.data(), static_cast<std::size_t>(size));
        }
        QVERIFY(Deadline::clock::now() - began > options.patience);
        answer.pop_back();
        QCOMPARE(size_at(answer, "/parameters/snapshot/connections"), std::size_t{3004});
    }

    void aFloodOfCallsIsAnsweredOneByOneAndOthersGetTheirTurn() {
        Service service;
        Client floods = service.connect();
        std::string calls;
        for (int i = 0; i < 20; ++i)
            calls += R"({"method":"io.sockledger.GetSnapshot"})" + "\0"s;
        std::size_t sent = floods.send(calls);
        QCOMPARE(sent, calls.size());
        Client other = service.connect();
        QVERIFY(service.ask(other, "io.sockledger.ListRules").starts_with("{\"parameters\""));
        QVERIFY(service.backend.snapshots < 20);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(sequence(service.next(floods)), "2");
    }

    void oneUserCannotTakeAllTheRoom() {
        const QTemporaryDir dir;
        ServerOptions options;
        options.most_clients = 6;
        options.most_of_one_user = 3;
        options.kept_for_the_privileged = 2;
        Service service(options);
        const Peer hog{1000, 1000, {}};
        const Peer other{1001, 1001, {}};
        const auto accepted = [&](const Peer& peer, int wanted) {
            const std::size_t before = service.server.clients();
            for (int i = 0; i < wanted; ++i) {
                clients_.push_back(service.connect(peer));
                service.settle();
            }
            return service.server.clients() - before;
        };
        QCOMPARE(accepted(hog, 5), std::size_t{3});
        QCOMPARE(accepted(other, 3), std::size_t{3});
        QCOMPARE(accepted({1002, 1002, {}}, 1), std::size_t{0});
        QCOMPARE(accepted(root, 5), std::size_t{2}); // nobody locks root out
        QCOMPARE(service.next(clients_[4]), "closed");
        clients_.clear();
        QVERIFY(service.run_until([&] { return service.server.clients() == 0; }));
        QCOMPARE(accepted(other, 1), std::size_t{1});
        clients_.clear();
    }

    void withoutDescriptorsTheServerWaitsAndDoesNotSpin() {
        const QTemporaryDir dir;
        const std::string path = dir.filePath("socket").toStdString();
        Service service;
        auto listener = UnixListener::open(path, 0666);
        QVERIFY(listener.has_value());
        QVERIFY(service.server.listen(listener->release()).has_value());
        service.settle();

        auto connected = connect_unix(path, Deadline::clock::now() + std::chrono::seconds(1));
        QVERIFY(connected.has_value());
        Client client{std::move(*connected)};
        client.call("io.sockledger.ListRules");
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
        rlimit none = before;
        none.rlim_cur = 0;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &none), 0);
        service.loop.restart();
        const auto handlers = service.loop.run_for(std::chrono::milliseconds(250));
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &before), 0);
        QVERIFY2(handlers < 20, std::to_string(handlers).c_str());
        QCOMPARE(service.next(client), R"({"parameters":{"rules":[]}})");
    }

private:
    std::vector<Client> clients_;
};

QTEST_GUILESS_MAIN(ServerCrowdTest)
#include "server_crowd_test.moc"
