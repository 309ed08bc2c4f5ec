// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "sharedfeed.h"

#include <QDateTime>
#include <QQmlParserStatus>
#include <QStringList>

#include <qqmlregistration.h>

/**
 * What the machine's network does now, for QML. All Ledgers of a process that want the same share one feed,
 * which is read on a thread of its own.
 */
class Ledger : public QObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT

    /** Somebody looks. While it is false nothing is read. */
    Q_PROPERTY(bool active MEMBER m_active WRITE setActive NOTIFY wishesChanged)
    /** Keeps what is shown as it is. */
    Q_PROPERTY(bool paused MEMBER m_paused WRITE setPaused NOTIFY wishesChanged)
    /** Processes and connections too; they cost more. */
    Q_PROPERTY(bool detailed MEMBER m_detailed WRITE setDetailed NOTIFY wishesChanged)
    /** Milliseconds between two samples, 500 at least. */
    Q_PROPERTY(int interval MEMBER m_interval WRITE setInterval NOTIFY wishesChanged)
    /** Of the interfaces whose traffic is the total, by name; none: those with a default route. */
    Q_PROPERTY(QStringList interfaces MEMBER m_interfaces WRITE setInterfaces NOTIFY wishesChanged)
    /** A recording to play instead of what is. */
    Q_PROPERTY(QString recording MEMBER m_recording WRITE setRecording NOTIFY wishesChanged)
    /** Where the daemon listens. */
    Q_PROPERTY(QString socket MEMBER m_socket WRITE setSocket NOTIFY wishesChanged)

    Q_PROPERTY(State state READ state NOTIFY sampled)
    /** How well the traffic of applications is known: the worst of what counts it. */
    Q_PROPERTY(Accuracy accuracy READ accuracy NOTIFY sampled)
    /** What is missing for exact numbers, or why there are none; empty when nothing is. */
    Q_PROPERTY(QString missing READ missing NOTIFY sampled)
    /** The daemon does not answer: this process sees what its user may. */
    Q_PROPERTY(bool daemonAway READ daemonAway NOTIFY sampled)
    /** Bytes per second, NaN while not known. */
    Q_PROPERTY(double rxRate READ rxRate NOTIFY sampled)
    Q_PROPERTY(double txRate READ txRate NOTIFY sampled)
    /** Since the counting began. */
    Q_PROPERTY(double rxBytes READ rxBytes NOTIFY sampled)
    Q_PROPERTY(double txBytes READ txBytes NOTIFY sampled)
    Q_PROPERTY(QDateTime time READ time NOTIFY sampled)
    /** All interfaces of this machine's namespace, by name. */
    Q_PROPERTY(QStringList knownInterfaces READ knownInterfaces NOTIFY sampled)

public:
    enum State {
        Waiting, ///< no sample yet
        Live,
        Failed, ///< the last sample could not be taken
    };
    Q_ENUM(State)
    /** As sockledger::Accuracy. */
    enum Accuracy { Exact, Partial, Estimated, Unavailable };
    Q_ENUM(Accuracy)

    explicit Ledger(QObject *parent = nullptr);
    ~Ledger() override;

    void classBegin() override { m_complete = false; }
    void componentComplete() override;

    void setActive(bool active);
    void setPaused(bool paused);
    void setDetailed(bool detailed);
    void setInterval(int milliseconds);
    void setInterfaces(const QStringList &interfaces);
    void setRecording(const QString &path);
    void setSocket(const QString &path);

    State state() const { return m_state; }
    Accuracy accuracy() const;
    QString missing() const;
    bool daemonAway() const;
    double rxRate() const;
    double txRate() const;
    double rxBytes() const;
    double txBytes() const;
    QDateTime time() const;
    QStringList knownInterfaces() const;
    QString socket() const { return m_socket; }
    int interval() const { return m_interval; }

    /** The newest one; nullptr before the first. */
    const sockledger::SnapshotPtr &snapshot() const { return m_snapshot; }
    /** One of the most active applications by both rates, as text for a person: name and rates. */
    Q_INVOKABLE QStringList busiest(int most, bool bits = false) const;

Q_SIGNALS:
    void sampled();
    void wishesChanged();

private:
    template<typename T>
    void change(T &member, const T &value);
    void follow();
    void take(const sockledger::SnapshotPtr &snapshot);
    sockledger::Traffic total() const;

    bool m_active = true;
    bool m_paused = false;
    bool m_detailed = false;
    bool m_complete = true;
    int m_interval = 3000;
    QStringList m_interfaces;
    QString m_recording;
    QString m_socket = QString::fromLatin1(sockledger::default_socket);

    std::shared_ptr<SharedFeed> m_feed;
    FeedKey m_key;
    sockledger::SnapshotPtr m_snapshot;
    State m_state = Waiting;
    QString m_problem;
};
