// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/sample_snapshot.hpp"
#include "text_table.hpp"

#include <QTest>
#include <clocale>
#include <limits>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

constexpr int unlimited = std::numeric_limits<int>::max();
const Format format{{}, &glyphs(true)};
constexpr View all_views[] = {View::Apps, View::Processes, View::Connections, View::Interfaces,
                              View::Remotes};

SnapshotPtr share(Snapshot snapshot) {
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

std::string id_of(const Item& item) {
    const auto text = [](auto number) { return std::to_string(number); };
    if (const auto* app = std::get_if<const App*>(&item))
        return (*app)->id;
    if (const auto* process = std::get_if<const Process*>(&item))
        return text((*process)->id.pid);
    if (const auto* connection = std::get_if<const Connection*>(&item))
        return text((*connection)->id.cookie);
    if (const auto* remote = std::get_if<const Remote*>(&item))
        return peer_text((*remote)->endpoint, nullptr);
    return std::get<const Interface*>(item)->name;
}

QStringList keys(const TableModel& model) {
    QStringList list;
    for (const Row& row : model.rows())
        list << QString::fromStdString(id_of(row.item));
    return list;
}

// Two apps at given rates.
SnapshotPtr duel(std::uint64_t sequence, double a, double b) {
    Snapshot made;
    made.sequence = sequence;
    made.interval = std::chrono::seconds(3);
    made.apps = {sample::app("a", "a", {}, sample::traffic(100, 0, a, 0), {}),
                 sample::app("b", "b", {}, sample::traffic(100, 0, b, 0), {})};
    return share(std::move(made));
}

QString whole(const TableModel& model, int width) {
    QString text;
    for (const Line& line : whole_table(model, width, {}, format))
        text += QString::fromStdString(plain_text(line)) + "\n";
    return text;
}

} // namespace

class CliTableTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }

    void whoUsesTheNetworkMostIsFirst() {
        TableModel model(View::Apps);
        model.update(share(sample::snapshot()), {}, {});
        QCOMPARE(keys(model), QStringList({"desktop:org.mozilla.firefox", "unit:sshd.service", "kernel",
                                           "exe:/tmp/odd", "exe:/usr/bin/curl"}));
    }

    void equalRatesAreOrderedByTotalThenName() {
        Snapshot made;
        for (const char* id : {"x", "c", "b", "a"})
            made.apps.push_back(
                sample::app(id, id, {}, sample::traffic(*id == 'x' ? 9000 : 10, 0, 5, 5), {}));
        std::ranges::sort(made.apps, {}, &App::id);
        TableModel model(View::Apps);
        model.update(share(made), {}, {});
        QCOMPARE(keys(model), QStringList({"x", "a", "b", "c"}));
    }

    void aboutEqualRatesDoNotChangePlaces() {
        TableModel model(View::Apps);
        model.update(duel(1, 1000, 990), {}, {});
        for (std::uint64_t sequence = 2; sequence < 50; ++sequence) {
            const double wobble = sequence % 2 ? 40 : -40;
            model.update(duel(sequence, 1000 - wobble, 990 + wobble), {}, {});
            QCOMPARE(keys(model), QStringList({"a", "b"}));
        }
    }

    void aRealChangeComesThroughWithinAFewSamples() {
        TableModel model(View::Apps);
        model.update(duel(1, 1000, 0), {}, {});
        int samples = 0;
        do
            model.update(duel(static_cast<std::uint64_t>(++samples + 1), 0, 1000), {}, {});
        while (keys(model).first() != "b" && samples < 10);
        QVERIFY2(samples <= 2, qPrintable(QString::number(samples)));
    }

    void theSameSampleAgainChangesNothing() {
        TableModel model(View::Apps);
        model.update(duel(1, 1000, 10), {}, {});
        for (int i = 0; i < 100; ++i) // as when somebody types a filter
            model.update(duel(1, 1000, 10), {}, {});
        model.update(duel(2, 1000, 1100), {}, {});
        QCOMPARE(keys(model).first(), QString("a"));
    }

    void whoBreaksTheSilenceIsSeenAtOnce() {
        TableModel model(View::Apps);
        model.update(duel(1, 1000, 0), {}, {});
        model.update(duel(2, 1000, 1001), {}, {});
        QCOMPARE(keys(model).first(), QString("b"));
    }

    void silenceIsReachedAndNotOnlyApproached() {
        TableModel model(View::Apps);
        model.update(duel(1, 1e9, 10), {}, {});
        for (std::uint64_t sequence = 2; sequence < 60; ++sequence)
            model.update(duel(sequence, 0, 10), {}, {});
        QCOMPARE(keys(model).first(), QString("b"));
    }

    void unknownRatesAreLastInEitherDirection() {
        TableModel model(View::Interfaces);
        for (const bool reverse : {false, true}) {
            model.update(share(sample::snapshot()), {}, {"rx_rate", reverse});
            QCOMPARE(keys(model).last(), QString("wg0"));
        }
    }

    void everyColumnSortsBothWays_data() {
        QTest::addColumn<int>("view");
        QTest::addColumn<QString>("column");
        for (const View view : all_views)
            for (const Column& column : columns_of(view))
                QTest::addRow("%s by %s", view_name(view).data(), column.id.data())
                    << static_cast<int>(view) << QString(column.id.data());
    }
    void everyColumnSortsBothWays() {
        QFETCH(int, view);
        QFETCH(QString, column);
        TableModel model(static_cast<View>(view));
        Selection all;
        all.all = true;
        model.update(share(sample::snapshot()), all, {column.toStdString(), false});
        QStringList down = keys(model);
        model.update(share(sample::snapshot()), all, {column.toStdString(), true});
        QStringList up = keys(model);
        QVERIFY(!down.empty());
        std::ranges::sort(down);
        std::ranges::sort(up);
        QCOMPARE(down, up); // sorting loses no row
    }

    void textSortsFromAWithoutCase() {
        TableModel model(View::Apps);
        model.update(share(sample::snapshot()), {}, {"name", false});
        QCOMPARE(keys(model).mid(0, 4), QStringList({"exe:/usr/bin/curl", "desktop:org.mozilla.firefox",
                                                     "kernel", "unit:sshd.service"}));
        model.update(share(sample::snapshot()), {}, {"name", true});
        QCOMPARE(keys(model).first(), QString("exe:/tmp/odd")); // 日本, after Z
    }

    void aNarrowScreenKeepsWhatMatters() {
        for (const View view : all_views)
            for (const Units units : {Units{}, Units{true, true}})
                for (int width = 1; width < 300; ++width) {
                    const auto columns = steady_layout(view, width, units);
                    int used = 0;
                    for (std::size_t i = 0; i < columns.size(); ++i)
                        used += columns[i].width +
                                (i ? gap_between(*columns[i - 1].column, *columns[i].column) : 0);
                    QVERIFY(!columns.empty() && used <= width);
                }
        QStringList at_80;
        for (const Placed& placed : steady_layout(View::Apps, 80, {}))
            at_80 << QString(placed.column->id.data());
        QCOMPARE(at_80, QStringList({"name", "rx_rate", "tx_rate", "rx_total", "tx_total", "connections",
                                     "processes"}));
    }

    void thePortGivesWayToTheWholeAddress() {
        const auto has = [](int width, std::string_view id) {
            const auto columns = steady_layout(View::Connections, width, {});
            return std::ranges::any_of(columns,
                                       [&](const Placed& placed) { return placed.column->id == id; });
        };
        QVERIFY(has(80, "port") && !has(80, "local"));
        QVERIFY(!has(160, "port") && has(160, "local"));
    }

    void socketsWithoutACookieAreToldApartByTheirAddresses() {
        Snapshot machine = sample::snapshot();
        Connection first = machine.connections[4];
        first.id.cookie = 0;
        Connection second = first;
        QCOMPARE(key_of(&first), key_of(&second));
        second.remote.port += 1;
        QVERIFY(key_of(&first) != key_of(&second));
        second = first;
        std::swap(second.local, second.remote);
        QVERIFY(key_of(&first) != key_of(&second));
    }

    void aPipeGetsWholeNames() {
        Snapshot made = sample::snapshot();
        made.apps[0].name = std::string(200, 'n');
        TableModel model(View::Apps);
        model.update(share(made), {}, {});
        QVERIFY(whole(model, unlimited).contains(QString(200, 'n')));
        for (const QString& line : whole(model, 80).split('\n'))
            QVERIFY2(text_width(line.toStdString()) <= 80, qPrintable(line));
    }

    void namesCannotCommandTheTerminal() {
        TableModel model(View::Apps);
        model.update(share(sample::snapshot()), {}, {});
        const QString text = whole(model, unlimited);
        QVERIFY(!text.contains('\x1b'));
        QVERIFY(text.contains("日本??[31m語"));
        QCOMPARE(text.count('\n'), 1 + 5);
    }

    void columnsStandUnderEachOther() {
        TableModel model(View::Apps);
        model.update(share(sample::snapshot()), {}, {});
        const auto lines = whole_table(model, unlimited, {}, format);
        for (const Line& line : lines) {
            int width = 0;
            for (const Span& span : line.spans)
                width += text_width(span.text);
            int first = 0;
            for (const Span& span : lines.front().spans)
                first += text_width(span.text);
            QCOMPARE(width, first);
        }
    }

    void aUdpSocketHasNoState() {
        TableModel model(View::Connections);
        const auto machine = share(sample::snapshot());
        model.update(machine, {}, {});
        const auto row = model.index_of(key_of(&machine->connections[1]));
        QVERIFY(row);
        QCOMPARE(to_text(model.cell(*row, *find_column(View::Connections, "state")), format), std::string());
        QCOMPARE(to_text(model.cell(*row, *find_column(View::Connections, "rtt")), format), std::string("–"));
    }

    void theDeadAreSaidToBeDead() {
        TableModel model(View::Processes);
        model.update(share(sample::snapshot()), {}, {});
        QVERIFY(whole(model, unlimited).contains("curl (exited)"));
    }
};

QTEST_GUILESS_MAIN(CliTableTest)
#include "cli_table_test.moc"
