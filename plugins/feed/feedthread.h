// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

class QObject;

/** The one thread of this process that may wait for the daemon or the kernel. */
namespace FeedThread
{
/** Moves `worker`, which has no parent, to the thread; it is deleted there when the thread ends. */
void adopt(QObject *worker);
}
