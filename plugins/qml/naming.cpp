// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "naming.h"

#include <sockledger/history.hpp>

#include <KLocalizedString>
#include <KService>

#include <QHash>

using namespace Qt::StringLiterals;

namespace
{
struct Found {
    QString name;
    QString icon;
};

/** The desktop entry behind "desktop:org.kde.konsole", "flatpak:org.mozilla.firefox", "snap:steam". */
Found find(const QString &appId)
{
    const QString kind = appId.section(u':', 0, 0);
    const QString id = appId.section(u':', 1);
    QStringList entries;
    if (kind == "desktop"_L1 || kind == "flatpak"_L1) {
        entries = {id};
    } else if (kind == "snap"_L1) {
        entries = {id + u'_' + id, id}; // snapd installs SNAP_APP.desktop
    }
    for (const QString &entry : std::as_const(entries)) {
        KService::Ptr service = KService::serviceByMenuId(entry + ".desktop"_L1);
        if (!service) {
            service = KService::serviceByDesktopName(entry.toLower());
        }
        if (service) {
            return {service->name(), service->icon()};
        }
    }
    return {};
}

const Found &lookUp(const QString &appId)
{
    static QHash<QString, Found> s_known;
    auto found = s_known.find(appId);
    if (found == s_known.end()) {
        // Ids of programs come and go; what is asked again is found again
        if (s_known.size() > 4096) {
            s_known.clear();
        }
        found = s_known.insert(appId, find(appId));
    }
    return *found;
}
}

QString Naming::name(const QString &appId, const QString &known)
{
    if (appId == "kernel"_L1) {
        return i18nc("@item traffic of the kernel itself", "Kernel");
    }
    if (appId == QLatin1StringView(sockledger::unattributed_app)) {
        return i18nc("@item traffic of no application", "Unattributed");
    }
    const Found &found = lookUp(appId);
    return !found.name.isEmpty() ? found.name : !known.isEmpty() ? known : appId;
}

QString Naming::icon(const QString &appId, const QString &known)
{
    const Found &found = lookUp(appId);
    if (!found.icon.isEmpty() || !known.isEmpty()) {
        return !found.icon.isEmpty() ? found.icon : known;
    }
    if (appId.startsWith("unit:"_L1)) {
        return u"application-x-sharedlib"_s; // gears
    }
    if (appId.startsWith("container:"_L1)) {
        return u"package-x-generic"_s;
    }
    // "application-x-executable" looks like a warning in the small sizes of Breeze
    return appId == "kernel"_L1 ? u"computer"_s : u"system-run"_s;
}

QString Naming::name(const sockledger::App &app)
{
    return name(QString::fromStdString(app.id), QString::fromStdString(app.name));
}

QString Naming::icon(const sockledger::App &app)
{
    return icon(QString::fromStdString(app.id), QString::fromStdString(app.icon));
}
