// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemoncalls.h"

#include "feedthread.h"

#include <QObject>
#include <QPointer>
#include <QPromise>

#include <map>

using namespace sockledger;

namespace
{
/** Keeps the connections; lives on the FeedThread. */
class Caller : public QObject
{
public:
    template<typename T, typename Call>
    Result<T> ask(const QString &socket, Call call)
    {
        auto &client = m_clients[socket];
        if (!client) {
            auto connected = DaemonClient::connect(socket.toStdString());
            if (!connected) {
                return connected.error();
            }
            client = std::move(*connected);
        }
        return call(*client);
    }

private:
    std::map<QString, std::unique_ptr<DaemonClient>> m_clients;
};

Caller *caller()
{
    static QPointer<Caller> s_caller;
    if (!s_caller) {
        s_caller = new Caller;
        FeedThread::adopt(s_caller);
    }
    return s_caller;
}

template<typename T, typename Call>
DaemonCalls::Answer<T> ask(const QString &socket, Call call)
{
    const auto promise = std::make_shared<QPromise<DaemonCalls::Given<T>>>();
    promise->start();
    QMetaObject::invokeMethod(caller(), [caller = caller(), promise, socket, call] {
        promise->addResult(std::make_shared<const Result<T>>(caller->ask<T>(socket, call)));
        promise->finish();
    });
    return promise->future();
}
}

DaemonCalls::Answer<Usage> DaemonCalls::usage(const QString &socket, const UsageQuery &query)
{
    return ask<Usage>(socket, [query](DaemonClient &daemon) { return daemon.usage(query); });
}

DaemonCalls::Answer<std::vector<KnownInterface>> DaemonCalls::interfaces(const QString &socket)
{
    return ask<std::vector<KnownInterface>>(socket, [](DaemonClient &daemon) { return daemon.interfaces(); });
}

DaemonCalls::Answer<std::vector<Rule>> DaemonCalls::rules(const QString &socket,
                                                          std::function<Result<void>(DaemonClient &)> change)
{
    return ask<std::vector<Rule>>(
        socket, [change = std::move(change)](DaemonClient &daemon) -> Result<std::vector<Rule>> {
            if (const auto changed = change(daemon); !changed) {
                return changed.error();
            }
            return daemon.rules();
        });
}
