#!/bin/sh
# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0
$XGETTEXT $(find . -name \*.js -o -name \*.qml) -o "$podir"/plasma_applet_org.sockledger.applet.pot
