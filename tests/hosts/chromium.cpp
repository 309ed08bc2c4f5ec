// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/chromium.hpp"

#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <QJsonDocument>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>

namespace sockledger::test {

namespace {

constexpr int patience_ms = 30'000;

} // namespace

// It reads what it is told from descriptor 3 and answers on 4, each message ended by NUL.
Chromium::Chromium(const Namespace& space, const QString& directory, int width, int height) {
    Pipe input = make_pipe();
    Pipe output = make_pipe();
    const UniqueFd silence(checked(::open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null"));
    process_.pid = spawn(space,
                         {"/bin/sh", "-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "chromium",
                          "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                          "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
                          "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                          "--user-data-dir=" + directory.toStdString()},
                         {input.read_end.get(), output.write_end.get(), silence.get()});
    to_ = std::move(input.write_end);
    from_ = std::move(output.read_end);
    const QString target = call("Target.createTarget", {{"url", "about:blank"}})["targetId"].toString();
    session_ =
        call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}})["sessionId"].toString();
    call("Emulation.setDeviceMetricsOverride",
         {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

Chromium::Process::~Process() {
    if (pid > 0) {
        ::kill(pid, SIGTERM);
        waitpid(pid, nullptr, 0);
    }
}

QByteArray Chromium::next_message() {
    qsizetype end = 0;
    while ((end = unread_.indexOf('\0')) < 0) {
        pollfd waiting{from_.get(), POLLIN, 0};
        std::array<char, 65536> buffer;
        const ssize_t got =
            poll(&waiting, 1, patience_ms) == 1 ? read(from_.get(), buffer.data(), buffer.size()) : 0;
        if (got <= 0)
            throw std::runtime_error("Chromium says nothing more");
        unread_.append(buffer.data(), got);
    }
    const QByteArray message = unread_.left(end);
    unread_.remove(0, end + 1);
    return message;
}

QJsonObject Chromium::call(const QString& method, const QJsonObject& parameters) {
    QJsonObject request{{"id", ++calls_}, {"method", method}, {"params", parameters}};
    if (!session_.isEmpty())
        request["sessionId"] = session_;
    const QByteArray text = QJsonDocument(request).toJson(QJsonDocument::Compact) + '\0';
    checked(write(to_.get(), text.constData(), static_cast<std::size_t>(text.size())), "write to Chromium");
    while (true) { // past events
        const QJsonObject answer = QJsonDocument::fromJson(next_message()).object();
        if (answer["id"].toInt() != calls_)
            continue;
        if (answer.contains("error"))
            throw std::runtime_error(QJsonDocument(answer).toJson().toStdString());
        return answer["result"].toObject();
    }
}

void Chromium::open(const QString& address) {
    call("Page.navigate", {{"url", address}});
}

QJsonValue Chromium::evaluate(const QString& expression) {
    return call("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}})["result"]
        .toObject()["value"];
}

QByteArray Chromium::picture() {
    return QByteArray::fromBase64(
        call("Page.captureScreenshot", {{"format", "png"}})["data"].toString().toLatin1());
}

} // namespace sockledger::test
