// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QByteArray>

#include <chrono>
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

/// A moment of the present zone.
inline std::chrono::seconds local(int year, int month, int day, int hour = 0, int minute = 0,
                                  int second = 0) {
    std::tm time{};
    time.tm_year = year - 1900;
    time.tm_mon = month - 1;
    time.tm_mday = day;
    time.tm_hour = hour;
    time.tm_min = minute;
    time.tm_sec = second;
    time.tm_isdst = -1;
    return std::chrono::seconds(std::mktime(&time));
}

} // namespace sockledger::test
