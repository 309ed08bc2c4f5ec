// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "feedthread.h"

#include <QCoreApplication>
#include <QThread>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace
{
QThread *s_thread = nullptr;

/** A sample may wait for 10 s; a program that ends does not. */
void end()
{
    s_thread->quit();
    if (s_thread->wait(QDeadlineTimer(2s))) {
        delete s_thread;
    }
    s_thread = nullptr;
}
}

void FeedThread::adopt(QObject *worker)
{
    if (!s_thread) {
        s_thread = new QThread;
        s_thread->setObjectName(u"sockledger"_s);
        s_thread->start();
        qAddPostRoutine(end);
    }
    QObject::connect(s_thread, &QThread::finished, worker, &QObject::deleteLater);
    worker->moveToThread(s_thread);
}
