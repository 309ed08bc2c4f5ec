// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <KLocalizedQmlContext>

#include <QQmlContext>
#include <QQmlEngine>
#include <QtQuickTest>

/// Runs tst_*.qml with what a host gives its QML.
class ViewsTest : public QObject {
    Q_OBJECT

public slots:
    void qmlEngineAvailable(QQmlEngine* engine) {
        engine->rootContext()->setContextObject(new KLocalizedQmlContext(engine));
        engine->rootContext()->setContextProperty(QStringLiteral("fixtures"),
                                                  QStringLiteral(SOCKLEDGER_FIXTURES));
    }
};

QUICK_TEST_MAIN_WITH_SETUP(ViewsTest, ViewsTest)
#include "views_test.moc"
