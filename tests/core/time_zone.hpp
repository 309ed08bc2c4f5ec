// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QByteArray>

#include <ctime>

namespace sockledger::test {

/// The C library's zone while this lives. For one thread.
class TimeZone {
public:
    explicit TimeZone(const char* name)
        : before_(qgetenv("TZ")), set_before_(qEnvironmentVariableIsSet("TZ")) {
        use(name);
    }
    TimeZone(const TimeZone&) = delete;
    TimeZone& operator=(const TimeZone&) = delete;
    ~TimeZone() {
        if (set_before_)
            use(before_);
        else {
            qunsetenv("TZ");
            tzset();
        }
    }

private:
    static void use(const QByteArray& name) {
        qputenv("TZ", name);
        tzset();
    }

    QByteArray before_;
    bool set_before_;
};

} // namespace sockledger::test
