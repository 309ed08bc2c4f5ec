// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sharedfeed.h"

#include "feedthread.h"

#include <QTimer>

#include <algorithm>
#include <cerrno>

using namespace sockledger;
using namespace std::chrono_literals;

namespace
{
constexpr auto soon = 1000ms;

Result<std::unique_ptr<Feed>> openFeed(const FeedKey &key)
{
    if (!key.recording.isEmpty()) {
        return open_replay(key.recording.toStdString());
    }
    FeedOptions options;
    options.socket = key.socket.toStdString();
    options.sections.processes = options.sections.connections = key.detailed;
    return open_lasting_feed(options);
}

/** How feeds are opened. */
SharedFeed::Open &opening()
{
    static SharedFeed::Open s_open = openFeed;
    return s_open;
}
}

/** Samples a Feed. Everything but the constructor runs on the FeedThread. */
class FeedWorker : public QObject
{
    Q_OBJECT
public:
    FeedWorker(const FeedKey &key, SharedFeed::Open open)
        : m_key(key)
        , m_open(std::move(open))
        , m_timer(this)
    {
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, &FeedWorker::sample);
    }

    /** 0: closes the feed. */
    void setInterval(std::chrono::milliseconds interval)
    {
        m_interval = interval;
        if (interval == 0ms) {
            m_timer.stop();
            m_feed.reset();
        } else if (!m_feed) {
            sample();
        } else if (m_timer.isActive() && m_timer.remainingTimeAsDuration() > interval) {
            m_timer.start(interval);
        }
    }

Q_SIGNALS:
    void sampled(const sockledger::SnapshotPtr &snapshot);
    void failed(const QString &why);

private:
    void sample()
    {
        const bool fresh = !m_feed;
        if (fresh) {
            auto feed = m_open(m_key);
            if (!feed) {
                Q_EMIT failed(QString::fromStdString(feed.error().message));
                m_timer.start(m_interval);
                return;
            }
            m_feed = std::move(*feed);
        }
        const auto snapshot = m_feed->sample();
        if (snapshot) {
            Q_EMIT sampled(*snapshot);
        } else if (!m_key.recording.isEmpty() && snapshot.error().code == ENODATA) {
            return;
        } else {
            Q_EMIT failed(QString::fromStdString(snapshot.error().message));
        }
        m_timer.start(fresh ? std::min(soon, m_interval) : m_interval);
    }

    const FeedKey m_key;
    const SharedFeed::Open m_open;
    std::unique_ptr<Feed> m_feed;
    std::chrono::milliseconds m_interval {0};
    QTimer m_timer;
};

std::shared_ptr<SharedFeed> SharedFeed::of(const FeedKey &key)
{
    static QList<std::pair<FeedKey, std::weak_ptr<SharedFeed>>> open;
    open.removeIf([](const auto &entry) { return entry.second.expired(); });
    for (const auto &[known, feed] : std::as_const(open)) {
        if (known == key) {
            return feed.lock();
        }
    }
    const std::shared_ptr<SharedFeed> made(new SharedFeed(key));
    open.append({key, made});
    return made;
}

void SharedFeed::setOpen(Open open) { opening() = std::move(open); }

SharedFeed::SharedFeed(const FeedKey &key)
    : m_worker(new FeedWorker(key, opening()))
{
    FeedThread::adopt(m_worker);
    connect(m_worker, &FeedWorker::sampled, this, &SharedFeed::sampled);
    connect(m_worker, &FeedWorker::failed, this, &SharedFeed::failed);
}

SharedFeed::~SharedFeed()
{
    if (m_worker) {
        m_worker->deleteLater();
    }
}

void SharedFeed::subscribe(const QObject *user, std::chrono::milliseconds interval)
{
    m_wishes.insert(user, interval);
    apply();
}

void SharedFeed::unsubscribe(const QObject *user)
{
    if (m_wishes.remove(user)) {
        apply();
    }
}

void SharedFeed::apply()
{
    if (!m_worker) {
        return;
    }
    const auto shortest = std::min_element(m_wishes.cbegin(), m_wishes.cend());
    const auto interval = shortest == m_wishes.cend() ? 0ms : *shortest;
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker.get(), interval] { worker->setInterval(interval); });
}

#include "sharedfeed.moc"

#include "moc_sharedfeed.cpp"
