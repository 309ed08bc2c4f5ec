// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/container_codec.hpp"
#include "apps/container_names.hpp"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <filesystem>
#include <fstream>

using namespace sockledger;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t anna = 1000;

// The containers of the fixtures are numbered by what they are.
std::string id_of(const char* what) {
    return QCryptographicHash::hash(what, QCryptographicHash::Sha256).toHex().toStdString();
}

std::string home(std::uint32_t uid) {
    return uid == anna ? "/home/anna" : "";
}

const char* const storage_file = "/var/lib/containers/storage/overlay-containers/containers.json";

void write(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
}

} // namespace

class ContainerNamesTest : public QObject {
    Q_OBJECT

private slots:
    void aContainerHasTheNameThatItsRuntimeWrote_data() {
        QTest::addColumn<QString>("runtime");
        QTest::addColumn<QString>("what");
        QTest::addColumn<quint32>("uid");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* runtime, const char* what, const char* name, quint32 uid = 0) {
            QTest::addRow("%s %s", runtime, what) << runtime << what << uid << name;
        };
        row("docker", "docker", "web");
        row("docker", "dockershim", "shop/web-7d4b9c6f5-x2x9k/nginx");
        row("docker", "dockerpause", "shop/web-7d4b9c6f5-x2x9k");
        row("docker", "snapdocker", "db");
        row("docker", "rootlessdocker", "annas-web", anna);
        row("docker", "rootlessdocker", "");
        row("libpod", "podman", "proxy");
        row("libpod", "volatile", "sleepy_hopper");
        row("podman", "transient", "passing");
        row("libpod", "rootless", "annas-proxy", anna);
        row("libpod", "rootless", "");
        row("libpod", "podman", "", anna);
        row("libpod", "rootless", "", anna + 1); // a user without a home
        row("cri-containerd", "containerd", "shop/web-7d4b9c6f5-x2x9k/nginx");
        row("cri-containerd", "pause", "shop/web-7d4b9c6f5-x2x9k");
        row("cri-containerd", "k3s", "kube-system/coredns-6799fbcd5-k9v2p/coredns");
        row("nerdctl", "nerdctl", "nginx-of-nerdctl");
        row("crio", "crio", "bank/api-0/api");
        row("crio", "criopod", "bank/api-0");
        for (const char* runtime : {"docker", "libpod", "crio", "cri-containerd", "", "other"})
            row(runtime, "nothing", "");
        row("", "docker", "web"); // kubepods of the cgroupfs driver do not name the runtime
        row("", "podman", "proxy");
        row("", "containerd", "shop/web-7d4b9c6f5-x2x9k/nginx");
        row("", "crio", "bank/api-0/api");
        row("docker", "podman", "");
    }

    void aContainerHasTheNameThatItsRuntimeWrote() {
        QFETCH(QString, runtime);
        QFETCH(QString, what);
        QFETCH(quint32, uid);
        QFETCH(QString, name);
        ContainerNames names(SOCKLEDGER_FIXTURES "/apps/containers", home);
        QCOMPARE(names.name(runtime.toStdString(), id_of(qPrintable(what)), uid), name.toStdString());
    }

    void anIdLeadsToNoOtherPlace() {
        const QTemporaryDir dir;
        const std::string root = dir.path().toStdString();
        write(root + "/var/lib/docker/config.v2.json", "{\"Name\":\"/outside\"}");
        ContainerNames names(root, home);
        for (const char* id : {"..", ".", "", "x/../..", "a b", "../containers/.."})
            QCOMPARE(names.name("docker", id), "");
        QCOMPARE(names.name("docker", std::string(5000, 'a')), "");
    }

    void anAnswerStaysAndNoAnswerStaysUntilRefresh() {
        const QTemporaryDir dir;
        const std::string root = dir.path().toStdString();
        const std::string file = root + "/var/lib/docker/containers/abc/config.v2.json";
        ContainerNames names(root, home);
        QCOMPARE(names.name("docker", "abc"), "");
        write(file, "{\"Name\":\"/first\"}");
        QCOMPARE(names.name("docker", "abc"), "");
        names.refresh();
        QCOMPARE(names.name("docker", "abc"), "first");
        write(file, "{\"Name\":\"/renamed\"}");
        names.refresh();
        QCOMPARE(names.name("docker", "abc"), "first");
    }

    void aNewContainerIsFoundInAStorageThatWasReadBefore() {
        const QTemporaryDir dir;
        const std::string root = dir.path().toStdString();
        const std::string one = "{\"id\":\"a\",\"names\":[\"one\"]}";
        write(root + storage_file, "[" + one + "]");
        fs::last_write_time(root + storage_file, fs::file_time_type::clock::now() - std::chrono::hours(1));
        ContainerNames names(root, home);
        QCOMPARE(names.name("libpod", "a"), "one");
        write(root + storage_file, "[" + one + ",{\"id\":\"b\",\"names\":[\"two\"]}]");
        QCOMPARE(names.name("libpod", "b"), "two");
    }

    void filesThatAreTooLongOrNoFilesAreLeftOut() {
        const QTemporaryDir dir;
        const std::string root = dir.path().toStdString();
        const std::string containers = root + "/var/lib/docker/containers/";
        write(containers + "long/config.v2.json", "{\"Name\":\"/long\"}" + std::string(4 << 20, ' '));
        write(containers + "big/config.v2.json", "{\"Name\":\"/big\"}" + std::string(1 << 20, ' '));
        fs::create_directories(containers + "folder/config.v2.json");
        fs::create_directories(containers + "zero");
        fs::create_symlink("/dev/zero", containers + "zero/config.v2.json");
        ContainerNames names(root, home);
        for (const char* id : {"long", "folder", "zero"})
            QCOMPARE(names.name("docker", id), "");
        QCOMPARE(names.name("docker", "big"), "big");
    }

    void whatIsNoJsonOrOtherJsonHasNoName() {
        for (const char* text :
             {"", "{", "[]", "null", "3", "{\"Name\":3}", "{\"Name\":null}", "{\"annotations\":[]}",
              "{\"annotations\":{\"nerdctl/name\":[]}}", "[1,{}]", "[{\"id\":3,\"names\":[\"x\"]}]",
              "[{\"id\":\"x\",\"names\":[]}]", "[{\"id\":\"x\",\"names\":[1]}]",
              "[{\"id\":\"x\",\"names\":null}]", "[{\"names\":[\"x\"]}]"}) {
            QCOMPARE(docker_name(text), "");
            QCOMPARE(bundle_name(text), "");
            QVERIFY2(storage_names(text).empty(), text);
        }
        QCOMPARE(docker_name(std::string(100'000, '[')), "");
    }

    void namesAreMadePrintableOrLeftOut() {
        QCOMPARE(docker_name("{\"Name\":\"/a\\u001b[31m\\n\"}"), "a\\x1b[31m\\x0a");
        QCOMPARE(docker_name("{\"Name\":\"/" + std::string(300, 'x') + "\"}"), "");
        QCOMPARE(docker_name("{\"Name\":\"/k8s_web\"}"), "k8s_web"); // somebody's own name
        QCOMPARE(docker_name("{\"Name\":\"/k8s_a_b_c\"}"), "k8s_a_b_c");
    }
};

QTEST_GUILESS_MAIN(ContainerNamesTest)
#include "container_names_test.moc"
