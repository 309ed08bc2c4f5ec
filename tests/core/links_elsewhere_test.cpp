// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/links_elsewhere.hpp"

#include <QTest>

#include <cerrno>

using namespace sockledger;

namespace {

constexpr std::uint32_t own = 4026531840;
constexpr std::uint32_t first = 4026532001;
constexpr std::uint32_t second = 4026532002;

LinkInfo link(std::uint32_t ifindex, bool up) {
    LinkInfo info;
    info.record.ifindex = ifindex;
    info.record.name = "if" + std::to_string(ifindex);
    info.record.flags = up ? 1 : 0;
    return info;
}

/// Namespaces as a test makes them. Ids are given from 0 on, as the kernel does.
struct FakeMachine : NetnsReader {
    struct Space {
        std::int32_t id;
        std::vector<LinkInfo> links;
        int error = 0;
        std::size_t reads = 0;
    };
    std::map<std::uint32_t, Space> spaces;
    std::set<std::uint32_t> closed;
    std::map<std::uint32_t, std::uint32_t> lives_in; // namespace by process
    Gone gone;
    std::size_t lists = 0;
    std::size_t finds = 0;
    std::function<void()> while_reading;

    Space& add(std::uint32_t netns, bool up = true) {
        std::int32_t id = 0;
        while (find_id(id))
            ++id;
        return spaces[netns] = {id, {link(1, true), link(2, up)}};
    }
    void end(std::uint32_t netns) {
        gone.ids.push_back(spaces.at(netns).id);
        spaces.erase(netns);
    }
    Space* find_id(std::int32_t id) {
        for (auto& [netns, space] : spaces)
            if (space.id == id)
                return &space;
        return nullptr;
    }
    NetnsHandle handle(std::uint32_t netns) const {
        return {netns, closed.contains(netns) ? std::nullopt : std::optional(spaces.at(netns).id)};
    }

    std::vector<NetnsHandle> list() override {
        ++lists;
        std::vector<NetnsHandle> handles;
        for (const auto& [netns, space] : spaces)
            handles.push_back(handle(netns));
        return handles;
    }
    std::optional<NetnsHandle> find(std::uint32_t netns, std::uint32_t pid) override {
        ++finds;
        const auto home = lives_in.find(pid);
        return home != lives_in.end() && home->second == netns && spaces.contains(netns)
                   ? std::optional(handle(netns))
                   : std::nullopt;
    }
    Gone take_gone() override { return std::exchange(gone, {}); }
    Result<void> read(std::int32_t id, std::vector<LinkInfo>& links) override {
        if (while_reading)
            std::exchange(while_reading, {})();
        Space* space = find_id(id);
        if (!space)
            return Error{"no such id", EINVAL};
        ++space->reads;
        if (space->error != 0)
            return Error{"refused", space->error};
        links = space->links;
        return {};
    }
    std::string name_of(std::uint32_t netns) override { return netns == first ? "blue" : ""; }
};

} // namespace

class LinksElsewhereTest : public QObject {
    Q_OBJECT

    FakeMachine* machine_ = nullptr; // owned by links_
    std::unique_ptr<LinksElsewhere> links_;
    Readings readings_;

    using Namespaces = std::vector<std::uint32_t>;
    Namespaces shown() const {
        Namespaces list;
        for (const NamespaceLinks& other : readings_.links.others)
            list.push_back(other.netns);
        return list;
    }
    Namespaces read() {
        readings_.links.others.clear();
        links_->read(readings_.links.others);
        return shown();
    }
    Namespaces complete() {
        links_->complete(readings_);
        return shown();
    }
    void row(std::uint32_t netns, std::uint32_t pid, std::uint32_t ifindex = 2) {
        readings_.traffic.rows.push_back({{pid, 1}, {netns, ifindex}, false, {}});
    }

private slots:
    void init() {
        auto machine = std::make_unique<FakeMachine>();
        machine_ = machine.get();
        links_ = std::make_unique<LinksElsewhere>(std::move(machine), own);
        readings_ = {};
    }

    void thoseWithSomethingUpAreShownAtTheFirstRead() {
        machine_->add(first);
        machine_->add(second, false); // a sandbox
        QCOMPARE(read(), Namespaces{first});
        const NamespaceLinks& other = readings_.links.others[0];
        QCOMPARE(other.name, std::string("blue"));
        QCOMPARE(other.links.size(), std::size_t(2));
        QVERIFY(other.links[1].born != 0);
        QCOMPARE(links_->missing(), std::string());
    }

    void theyAreLookedForOnceAndQuietOnesReadOnce() {
        machine_->add(first);
        machine_->add(second, false);
        for (int i = 0; i < 3; ++i)
            read();
        QCOMPARE(machine_->lists, std::size_t(1));
        QCOMPARE(machine_->spaces.at(first).reads, std::size_t(3));
        QCOMPARE(machine_->spaces.at(second).reads, std::size_t(1));
    }

    void oneThatIsNewIsMetByItsPackets() {
        read();
        machine_->add(first);
        machine_->lives_in[100] = first;
        row(own, 99);
        row(first, 100);
        row(first, 101);
        QCOMPARE(complete(), Namespaces{first});
        QCOMPARE(machine_->finds, std::size_t(1));
        QCOMPARE(read(), Namespaces{first});
    }

    void oneThatIsNewIsMetByItsSockets() {
        read();
        machine_->add(first);
        machine_->lives_in[100] = first;
        SocketRecord socket;
        socket.netns = first;
        socket.process = {100, 1};
        readings_.sockets.sockets = {socket, socket};
        QCOMPARE(complete(), Namespaces{first});
    }

    void aProcessThatIsGoneIsNotLookedForEachTime() {
        read();
        machine_->add(first);
        row(first, 100);
        row({}, 0, 0);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(complete(), Namespaces{});
        QCOMPARE(machine_->finds, std::size_t(1));
        machine_->lives_in[101] = first;
        row(first, 101);
        QCOMPARE(complete(), Namespaces{first});
    }

    void aQuietOneThatMovesPacketsIsReadAgain() {
        machine_->add(first, false);
        read();
        row(first, 100, 1); // its loopback
        QCOMPARE(complete(), Namespaces{});
        QCOMPARE(machine_->spaces.at(first).reads, std::size_t(1));
        machine_->spaces.at(first).links[1] = link(2, true);
        row(first, 100);
        QCOMPARE(complete(), Namespaces{first});
    }

    void oneThatWentDownIsShownStill() {
        machine_->add(first);
        read();
        machine_->spaces.at(first).links[1] = link(2, false);
        QCOMPARE(read(), Namespaces{first});
    }

    void oneThatEndedIsForgottenAndItsIdIsAnothers() {
        machine_->add(first);
        read();
        machine_->end(first);
        const std::int32_t id = machine_->add(second).id;
        QCOMPARE(id, 0);
        QCOMPARE(read(), Namespaces{});
        machine_->lives_in[100] = second;
        row(second, 100);
        QCOMPARE(complete(), Namespaces{second});
    }

    void whatEndsWhileItIsReadIsNotTakenForAnother() {
        machine_->add(first);
        read();
        machine_->while_reading = [this] {
            machine_->end(first);
            machine_->add(second);
        };
        QCOMPARE(read(), Namespaces{});
    }

    void anIdThatIsNoneIsForgottenWithoutANotice() {
        machine_->add(first);
        read();
        machine_->spaces.clear();
        QCOMPARE(read(), Namespaces{});
        QCOMPARE(links_->missing(), std::string());
    }

    void lostNoticesBringEverythingAnew() {
        machine_->add(first);
        machine_->add(second);
        read();
        machine_->gone.complete = false;
        machine_->spaces.erase(first);
        QCOMPARE(read(), Namespaces{second});
        QCOMPARE(machine_->lists, std::size_t(2));
        read();
        QCOMPARE(machine_->lists, std::size_t(2));
    }

    void thoseThatMayNotBeReadAreCounted() {
        machine_->add(first);
        machine_->add(second);
        machine_->closed = {first};
        QCOMPARE(read(), Namespaces{second});
        QCOMPARE(links_->missing(),
                 std::string("; the links of 1 other network namespace need CAP_NET_ADMIN and "
                             "CAP_SYS_PTRACE"));
        machine_->spaces.at(second).error = EACCES;
        QCOMPARE(read(), Namespaces{});
        QVERIFY(links_->missing().starts_with("; the links of 2 other network namespaces need"));
    }

    void thereIsALimit() {
        for (std::uint32_t i = 0; i < LinksElsewhere::most_namespaces + 3; ++i)
            machine_->add(first + i);
        QCOMPARE(read().size(), LinksElsewhere::most_namespaces);
        QCOMPARE(links_->missing(),
                 std::string("; the links of 3 other network namespaces are not read: there are too many"));
        // One that was passed over has a past that is not ours, so it gets no place later.
        machine_->end(first);
        machine_->lives_in[100] = first + LinksElsewhere::most_namespaces;
        QCOMPARE(read().size(), LinksElsewhere::most_namespaces - 1);
        row(first + LinksElsewhere::most_namespaces, 100);
        QCOMPARE(complete().size(), LinksElsewhere::most_namespaces - 1);
    }

    void theyStaySorted() {
        machine_->add(second);
        read();
        machine_->add(first);
        machine_->lives_in[100] = first;
        row(first, 100);
        QCOMPARE(complete(), (Namespaces{first, second}));
    }
};

QTEST_GUILESS_MAIN(LinksElsewhereTest)
#include "links_elsewhere_test.moc"
