# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0
#
# SOCKLEDGER_KDE is true where there is what the parts for Plasma are built with. For plugins/ and plasmoid/:
# KDE's settings are those of the folder that asks for them, and the rest of the tree has its own.

set(SOCKLEDGER_KDE FALSE)
find_package(ECM 6.10 QUIET NO_MODULE)
if(NOT ECM_FOUND)
    return()
endif()

# Before the frameworks, which ask for older settings
list(APPEND CMAKE_MODULE_PATH ${ECM_MODULE_PATH})
set(KDE_COMPILERSETTINGS_LEVEL 6.10.0)
include(KDEInstallDirs)
include(KDECMakeSettings)
include(KDECompilerSettings NO_POLICY_SCOPE)
include(ECMDeprecationSettings)

find_package(Qt6 6.7 QUIET COMPONENTS Core Gui Qml Quick)
find_package(KF6 6.10 QUIET COMPONENTS Config CoreAddons I18n Notifications Package Service)
find_package(Plasma 6.3 QUIET)
find_package(KSysGuard 6.3 QUIET)
if(Qt6_FOUND AND KF6_FOUND AND Plasma_FOUND AND KSysGuard_FOUND)
    set(SOCKLEDGER_KDE TRUE)
    # The headers of ksystemstats have QVariant::Type
    ecm_set_disabled_deprecation_versions(QT 5.15.2 KF 6.10)
endif()
