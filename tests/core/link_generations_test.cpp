// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/link_generations.hpp"

#include <QTest>

#include <algorithm>
#include <set>

using namespace sockledger;

class LinkGenerationsTest : public QObject {
    Q_OBJECT

    LinkGenerations generations_;

    static LinkInfo link(std::uint32_t ifindex, std::uint64_t rx_bytes = 100) {
        LinkInfo info;
        info.record.ifindex = ifindex;
        info.record.name = "if" + std::to_string(ifindex);
        info.record.kind = "veth";
        info.record.stats.rx_bytes = rx_bytes;
        info.hardware_address = "abcdef";
        return info;
    }

    /// The generations that `links` get, in their order.
    std::vector<std::uint64_t> assign(std::vector<LinkInfo> links, const LinkReport& report) {
        generations_.assign(links, report);
        std::vector<std::uint64_t> born;
        for (const LinkInfo& info : links) {
            born.push_back(info.record.born);
        }
        return born;
    }

    std::uint64_t assign_one(const LinkInfo& info, const LinkReport& report) {
        return assign({info}, report).at(0);
    }

    const LinkReport sure_{.detail = {}, .deleted = {}, .deleted_is_complete = true};
    const LinkReport unsure_{};

private slots:
    void init() { generations_ = {}; }

    void everyDeviceHasAGenerationOfItsOwn() {
        const auto born = assign({link(1), link(2), link(5)}, unsure_);
        QCOMPARE(std::set<std::uint64_t>(born.begin(), born.end()).size(), std::size_t{3});
        QVERIFY(!std::count(born.begin(), born.end(), 0u));
    }

    void aDeviceThatStaysKeepsIt() {
        const auto first = assign({link(1), link(3), link(5)}, unsure_);
        const auto second = assign({link(2), link(3), link(4), link(5)}, sure_);
        QCOMPARE(second.at(1), first.at(1));
        QCOMPARE(second.at(3), first.at(2));
        QVERIFY(second.at(0) > first.at(2));
        QVERIFY(second.at(2) > first.at(2));
    }

    void aNewIndexOfTheSameNameIsAnotherDevice() {
        auto recreated = link(7);
        recreated.record.name = "if1";
        const auto before = assign_one(link(1), unsure_);
        QVERIFY(assign_one(recreated, sure_) != before);
    }

    void aNewNameIsTheSameDevice() {
        auto renamed = link(1);
        const auto before = assign_one(renamed, unsure_);
        renamed.record.name = "other";
        QCOMPARE(assign_one(renamed, sure_), before);
        QCOMPARE(assign_one(renamed, unsure_), before);
    }

    void aDeletedDeviceIsNotTheOneThatHasItsIndexNow() {
        const auto before = assign_one(link(1), unsure_);
        LinkReport deleted = sure_;
        deleted.deleted = {9, 1, 4};
        const auto after = assign_one(link(1), deleted);
        QVERIFY(after != before);
        QCOMPARE(assign_one(link(1), sure_), after);
    }

    void aDeviceThatCameBackAfterAReadWithoutItIsAnotherOne() {
        const auto before = assign_one(link(1), unsure_);
        assign({}, sure_);
        QVERIFY(assign_one(link(1), sure_) != before);
    }

    void aResetOrANewAddressIsNoOtherDevice_data() {
        QTest::addColumn<bool>("sure");
        QTest::newRow("with notices") << true;
        QTest::newRow("without notices") << false;
    }

    void aResetOrANewAddressIsNoOtherDevice() {
        QFETCH(bool, sure);
        const LinkReport& report = sure ? sure_ : unsure_;
        const auto before = assign_one(link(1), unsure_);
        QCOMPARE(assign_one(link(1, 0), report), before); // the counters fell
        auto readdressed = link(1, 50);
        readdressed.hardware_address = "ABCDEF";
        QCOMPARE(assign_one(readdressed, report), before);
    }

    void withoutNoticesANewAddressAndFallenCountersAreAnotherDevice() {
        const auto before = assign_one(link(1), unsure_);
        auto other = link(1, 50);
        other.hardware_address = "ABCDEF";
        QVERIFY(assign_one(other, unsure_) != before);
    }

    void withNoticesANewAddressAndFallenCountersAreTheSameDevice() {
        const auto before = assign_one(link(1), unsure_);
        auto other = link(1, 50);
        other.hardware_address = "ABCDEF";
        QCOMPARE(assign_one(other, sure_), before);
    }

    void withoutNoticesAnotherKindIsAnotherDevice() {
        const auto before = assign_one(link(1), unsure_);
        auto other = link(1);
        other.record.kind = "bridge";
        QVERIFY(assign_one(other, unsure_) != before);
    }

    void anotherReadersNameOfTheKindIsTheSameDevice() {
        const auto before = assign_one(link(1), unsure_);
        auto other = link(1);
        other.record.kind = "virtual";
        generations_.forget_kinds();
        QCOMPARE(assign_one(other, unsure_), before);
    }
};

QTEST_GUILESS_MAIN(LinkGenerationsTest)
#include "link_generations_test.moc"
