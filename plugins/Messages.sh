#!/bin/sh
# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0
$XGETTEXT $(find . -name \*.cpp -o -name \*.h -o -name \*.qml) -o "$podir"/sockledger.pot
