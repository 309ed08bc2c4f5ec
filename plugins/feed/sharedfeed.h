// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/daemon.hpp>

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>

class FeedWorker;

/** What a feed is made of. Equal ones are one feed. */
struct FeedKey {
    QString recording; ///< a recording to play; empty: the daemon, or this process while there is none
    QString socket = QString::fromLatin1(sockledger::default_socket);
    bool detailed = false; ///< with processes and connections
    friend bool operator==(const FeedKey &, const FeedKey &) = default;
};

/**
 * A Feed that all who want the same share. It is sampled on the FeedThread and never waits for it here.
 * While nobody subscribes it is closed: no connection, no timer. So its first snapshot after that has no
 * rates, and the second one follows soon.
 * Threads: that of the application.
 */
class SharedFeed : public QObject
{
    Q_OBJECT
public:
    using Open = std::function<sockledger::Result<std::unique_ptr<sockledger::Feed>>(const FeedKey &)>;

    static std::shared_ptr<SharedFeed> of(const FeedKey &key);
    /** How feeds are opened from now on; for tests. */
    static void setOpen(Open open);
    ~SharedFeed() override;

    /** Samples at least this often for `user`, until unsubscribe(). The shortest wish counts for all. */
    void subscribe(const QObject *user, std::chrono::milliseconds interval);
    void unsubscribe(const QObject *user);

Q_SIGNALS:
    void sampled(const sockledger::SnapshotPtr &snapshot);
    /** There is no snapshot this time. A recording that has ended says nothing more. */
    void failed(const QString &why);

private:
    explicit SharedFeed(const FeedKey &key);
    void apply();

    QHash<const QObject *, std::chrono::milliseconds> m_wishes;
    QPointer<FeedWorker> m_worker; // lives on the FeedThread, and may end with it
};
