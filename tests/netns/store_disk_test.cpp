// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"
#include "support/checked.hpp"
#include "support/require.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sched.h>
#include <sys/mount.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr seconds noon = noon_of_june_1;

/// A file system of its own, which no other process sees.
class Disk {
public:
    explicit Disk(const char* size) : path_(directory_.path().toUtf8()) {
        checked(mount("disk", path_, "tmpfs", 0, QByteArray("size=") + size), "mount");
    }
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;
    ~Disk() { umount2(path_, MNT_DETACH); }

    void change(unsigned long flags, const QByteArray& data) {
        checked(mount("disk", path_, "tmpfs", MS_REMOUNT | flags, data.constData()), "remount");
    }
    StoreOptions options() const {
        StoreOptions made;
        made.path = path_.toStdString() + "/history.db";
        return made;
    }
    QString file(const char* name) const { return directory_.filePath(name); }

private:
    QTemporaryDir directory_;
    QByteArray path_;
};

/// Many apps in each minute, so that a small disk is full soon.
Increment much(seconds time) {
    Increment made = increment(time, {});
    for (int app = 0; app < 50; ++app)
        made.parts.push_back(part("app" + std::to_string(app), 3, 1));
    return made;
}

} // namespace

class StoreDiskTest : public QObject {
    Q_OBJECT

    const TimeZone zone_{"UTC"};

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns");
        checked(unshare(CLONE_NEWNS), "unshare");
        checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
    }

    void aFullDiskDelaysAndLosesNothing() {
        Disk disk("1m");
        auto store = open_store(disk.options());
        int minute = 0;
        while (minute < 5000) {
            store->append(much(noon + 1min * minute));
            ++minute;
            if (!store->flush(noon + 1min * minute))
                break;
        }
        QVERIFY(minute < 5000);
        const auto everything = [&] { return ask(*store, question(noon, noon + 1min * minute)).rx_bytes; };
        QVERIFY(!store->status().recording);
        QVERIFY2(QString::fromStdString(store->status().detail).contains("full"),
                 store->status().detail.c_str());
        for (int more = 0; more < 20; ++more) {
            store->append(much(noon + 1min * minute));
            ++minute;
            QVERIFY(!store->flush(noon + 1min * minute));
        }
        QCOMPARE(store->status().waiting, 21u * 50);
        QCOMPARE(everything(), 150 * minute);
        disk.change(0, "size=50m");
        QVERIFY(store->flush(noon + 1min * minute));
        QVERIFY(store->status().recording);
        QCOMPARE(store->status().waiting, 0u);
        store = nullptr;
        store = open_store(disk.options());
        QCOMPARE(everything(), 150 * minute);
    }

    void aDiskThatIsFullFromTheStartIsWaitedFor() {
        Disk disk("64k");
        QFile ballast(disk.file("ballast"));
        QVERIFY(ballast.open(QFile::WriteOnly));
        ballast.write(QByteArray(65536, 'x'));
        ballast.close();
        auto store = open_store(disk.options());
        QVERIFY(!store->status().recording);
        store->append(increment(noon, {part("a", 5, 0)}));
        QVERIFY(!store->flush(noon));
        disk.change(0, "size=50m");
        QVERIFY(store->flush(noon));
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 5);
    }

    void aReadOnlyDiskIsWaitedFor() {
        Disk disk("50m");
        auto store = open_store(disk.options());
        store->append(increment(noon, {part("a", 5, 0)}));
        QVERIFY(store->flush(noon));
        store = nullptr;
        disk.change(MS_RDONLY, "");
        store = open_store(disk.options());
        QVERIFY(!store->status().recording);
        QVERIFY2(QString::fromStdString(store->status().detail).contains("ead-only"),
                 store->status().detail.c_str());
        store->append(increment(noon + 1s, {part("a", 10, 0)}));
        QVERIFY(!store->flush(noon + 1s));
        disk.change(0, "");
        QVERIFY(store->flush(noon + 2s));
        QVERIFY(store->status().recording);
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 15);
    }
};

QTEST_GUILESS_MAIN(StoreDiskTest)
#include "store_disk_test.moc"
