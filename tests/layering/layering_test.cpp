// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "layering/rules.hpp"

#include <QTest>

using namespace sockledger::layering;

namespace {

using Rule = Problems (*)(const SourceFile&);

SourceFile including(const char* path, const char* directive) {
    return {path, std::string("#pragma once\n#include ") + directive + "\n"};
}

} // namespace

class LayeringTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        tree_ = read_tree(SOCKLEDGER_SOURCE_DIR);
        // A rule that is checked on no file holds always
        QVERIFY(tree_.size() > 30);
    }

    void foldersFollowTheFlow() { holds(check_flow); }
    void onlyTheKernelFolderTouchesLinux() { holds(check_kernel_surface); }
    void publicHeadersIncludeTheStandardLibraryOnly() { holds(check_public_header); }
    void onlyHistoryKnowsTheDatabase() { holds(check_database); }
    void hostLibrariesStayWithTheirHosts() { holds(check_host_libraries); }
    void filesAreShort() { holds(check_length); }
    void everyFileNamesItsLicence() { holds(check_licence); }

    void aBreachIsFound_data() {
        QTest::addColumn<Rule>("rule");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("include");
        QTest::addColumn<bool>("allowed");
        const auto row = [](Rule rule, const char* path, const char* include, bool allowed) {
            QTest::addRow("%s in %s", include, path)
                << rule << QString::fromLatin1(path) << QString::fromLatin1(include) << allowed;
        };
        row(check_flow, "core/src/kernel/a.cpp", "\"samplers/links.hpp\"", false);
        row(check_flow, "core/src/kernel/a.cpp", "\"samplers/reading.hpp\"", true);
        row(check_flow, "core/src/kernel/a.cpp", "<sockledger/snapshot.hpp>", true);
        row(check_flow, "core/src/samplers/a.cpp", "\"kernel/clock.hpp\"", true);
        row(check_flow, "core/src/samplers/a.cpp", "\"engine/merge.hpp\"", false);
        row(check_flow, "core/src/apps/a.cpp", "\"history/store.hpp\"", false);
        row(check_flow, "core/src/apps/a.cpp", "\"apps/cgroup.hpp\"", true);
        row(check_flow, "core/src/engine/a.cpp", "\"apps/cgroup.hpp\"", true);
        row(check_flow, "core/src/apps/a.cpp", "\"engine/merge.hpp\"", false);
        row(check_flow, "core/src/c_api/a.cpp", "\"service/server.hpp\"", true);
        row(check_flow, "core/programs/sockledger/a.cpp", "\"service/server.hpp\"", true);
        row(check_flow, "collectd/a.cpp", "\"engine/merge.hpp\"", false);
        row(check_flow, "collectd/a.cpp", "<sockledger/feed.hpp>", true);
        row(check_flow, "netdata/src/a.cpp", "\"service/derived.hpp\"", false);
        row(check_flow, "netdata/src/a.cpp", "\"protocol.hpp\"", true);
        row(check_kernel_surface, "core/src/kernel/a.cpp", "<linux/bpf.h>", true);
        row(check_kernel_surface, "core/src/samplers/a.cpp", "<linux/bpf.h>", false);
        row(check_kernel_surface, "core/src/engine/a.cpp", "<sys/socket.h>", false);
        row(check_kernel_surface, "core/programs/sockledger/a.cpp", "<net/if.h>", false);
        row(check_kernel_surface, "core/programs/sockledger/a.cpp", "<poll.h>", true);
        row(check_public_header, "core/include/sockledger/a.hpp", "<boost/json.hpp>", false);
        row(check_public_header, "core/include/sockledger/a.hpp", "<sqlite3.h>", false);
        row(check_public_header, "core/include/sockledger/a.hpp", "<QString>", false);
        row(check_public_header, "core/include/sockledger/a.hpp", "\"kernel/clock.hpp\"", false);
        row(check_public_header, "core/include/sockledger/a.hpp", "<string_view>", true);
        row(check_public_header, "core/include/sockledger/a.h", "<stdint.h>", true);
        row(check_public_header, "core/include/sockledger/a.hpp", "<sockledger/result.hpp>", true);
        row(check_database, "core/src/history/a.cpp", "<SQLiteCpp/Database.h>", true);
        row(check_database, "core/programs/sockledgerd/a.cpp", "<SQLiteCpp/Database.h>", false);
        row(check_database, "core/src/service/a.cpp", "<sqlite3.h>", false);
        row(check_host_libraries, "core/src/engine/a.cpp", "<QString>", false);
        row(check_host_libraries, "netdata/a.cpp", "<QtCore/QString>", false);
        row(check_host_libraries, "core/src/engine/a.cpp", "<KLocalizedString>", false);
        row(check_host_libraries, "plugins/qml/a.cpp", "<KLocalizedString>", true);
    }

    void aBreachIsFound() {
        QFETCH(Rule, rule);
        QFETCH(QString, path);
        QFETCH(QString, include);
        QFETCH(bool, allowed);
        const SourceFile file = including(path.toLatin1().constData(), include.toLatin1().constData());
        QCOMPARE(rule(file).empty(), allowed);
    }

    void namingTheKernelsFilesIsFound() {
        const char* path = "core/src/samplers/a.cpp";
        QVERIFY(!check_kernel_surface({path, "open(\"/proc/self/stat\");"}).empty());
        QVERIFY(!check_kernel_surface({path, "open(\"/sys\");"}).empty());
        QVERIFY(!check_kernel_surface({path, "f(\"//\"); open(\"/sys/fs\");"}).empty());
        QVERIFY(check_kernel_surface({path, "// reads \"/proc/self/stat\"\n/* \"/sys/fs\" */"}).empty());
        QVERIFY(check_kernel_surface({path, "f(\"/system/\");"}).empty());
    }

    void aFileOfTooManyLinesIsFound() {
        QVERIFY(check_length({"a.cpp", std::string(400, '\n')}).empty());
        QVERIFY(!check_length({"a.cpp", std::string(401, '\n')}).empty());
    }

    void aFileWithoutLicenceIsFound() {
        QVERIFY(!check_licence({"a.cpp", "#include <string>\n"}).empty());
        QVERIFY(check_licence({"a.h", "/* SPDX"
                                      "-FileCopyrightText: The Sockledger authors */\n"
                                      "/* SPDX"
                                      "-License-Identifier: GPL-2.0-only */\n"})
                    .empty());
        QVERIFY(!check_licence({"a.cpp", "// SPDX"
                                         "-FileCopyrightText: The Sockledger authors\nint a;\n"})
                     .empty());
    }

private:
    void holds(Rule rule) const {
        QStringList found;
        for (const SourceFile& file : tree_) {
            for (const std::string& problem : rule(file))
                found << QString::fromStdString(problem);
        }
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    }

    std::vector<SourceFile> tree_;
};

QTEST_GUILESS_MAIN(LayeringTest)
#include "layering_test.moc"
