#!/bin/sh
# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0
#
# boot.sh INSTALLED PREFIX UNITS: systemd as the first process of a machine that has the files of this one and
# no unit but those of UNITS and of PREFIX below INSTALLED. It runs in namespaces of its own (mount, pid,
# cgroup, net), and nothing that it writes stays.
set -eu
mount --make-rprivate /
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mkdir -p /run/etc /run/etc-work /run/var /run/var-work
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/etc-work /etc
mount -t overlay overlay -o lowerdir=/var,upperdir=/run/var,workdir=/run/var-work /var
mount --bind "$1$2" "$2"
systemd-sysusers "$2/lib/sysusers.d/sockledger.conf"
export container=test SYSTEMD_UNIT_PATH="$3:$2/lib/systemd/system"
exec /lib/systemd/systemd --system --unit=test.target --show-status=no
