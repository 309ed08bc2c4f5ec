// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns.hpp"
#include "kernel/netns_names.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;

/// A directory like /run/netns, with links to namespaces for want of mounts.
class NetnsNamesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> directory_;
    std::uint32_t own_ = current_netns();

    std::string path() const { return directory_->path().toStdString(); }
    void name(const char* name) const {
        QVERIFY(QFile::link("/proc/self/ns/net", directory_->filePath(name)));
    }

private slots:
    void init() { directory_ = std::make_unique<QTemporaryDir>(); }

    void aNamespaceHasTheNameOfItsFile() {
        name("blue");
        NetnsNames names(path());
        QCOMPARE(names.name_of(own_), std::string()); // not read yet
        names.refresh();
        QCOMPARE(names.name_of(own_), std::string("blue"));
        QVERIFY(names.open(own_));
        QCOMPARE(names.name_of(own_ + 1), std::string());
        QVERIFY(!names.open(own_ + 1));
    }

    void namesThatComeAndGoAreFollowed() {
        NetnsNames names(path());
        names.refresh();
        name("blue");
        names.refresh();
        QCOMPARE(names.name_of(own_), std::string("blue"));
        QFile::remove(directory_->filePath("blue"));
        names.refresh();
        QCOMPARE(names.name_of(own_), std::string());
    }

    /// `ip netns add` makes a file and then mounts on it, which does not change the directory.
    void aFileThatIsNoNamespaceYetIsLookedAtAgain() {
        QFile file(directory_->filePath("blue"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        NetnsNames names(path());
        names.refresh();
        QVERIFY(names.files().empty());
        QVERIFY(file.remove());
        name("blue");
        names.refresh();
        QCOMPARE(names.name_of(own_), std::string("blue"));
    }

    void namesThatContainerEnginesMakeUpAreNone() {
        for (const char* made_up : {"netns-0d6e4a4e-6b86-bd5b", "cni-2f8c4a54-7d8a"}) {
            init();
            name(made_up);
            NetnsNames names(path());
            names.refresh();
            QCOMPARE(names.name_of(own_), std::string());
            QVERIFY(names.open(own_));
        }
    }

    void bytesThatAreNoTextAreShownAsSuch() {
        QVERIFY(QFile::link("/proc/self/ns/net", directory_->path() + "/b\nlue"));
        NetnsNames names(path());
        names.refresh();
        QCOMPARE(names.name_of(own_), std::string("b\\x0alue"));
    }

    void withoutTheDirectoryThereAreNone() {
        NetnsNames names(path() + "/nothing");
        names.refresh();
        QVERIFY(names.files().empty());
    }
};

QTEST_GUILESS_MAIN(NetnsNamesTest)
#include "netns_names_test.moc"
