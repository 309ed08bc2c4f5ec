#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0
#
# accessible.py PROGRAM [NAME [ROLE]]: what a screen reader finds in a program, one "ROLE<tab>NAME<tab>DESCRIPTION"
# on each line; or presses what has this name and can be pressed; or clicks on what has this name and role.
import os
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib


def nodes(node, depth=0):
    try:
        yield node, node.get_role_name(), node.get_name(), node.get_description()
        count = node.get_child_count() if depth < 20 else 0
    except GLib.Error:
        return  # it is gone
    for at in range(min(count, 500)):
        try:
            child = node.get_child_at_index(at)
        except GLib.Error:
            return
        if child:
            yield from nodes(child, depth + 1)


def press(node):
    action = node.get_action_iface()
    names = [action.get_action_name(at).lower() for at in range(action.get_n_actions())] if action else []
    return "press" in names and action.do_action(names.index("press"))


def click(node):
    place = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    scale = int(os.environ.get("QT_SCALE_FACTOR", "1"))  # Qt says where things are before it
    x, y = place.x + place.width // 2, place.y + place.height // 2
    return Atspi.generate_mouse_event(x * scale, y * scale, "b1c")


Atspi.init()
desktop = Atspi.get_desktop(0)
programs = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
for program in programs:
    if not program or program.get_name() != sys.argv[1]:
        continue
    for node, role, name, description in nodes(program):
        if len(sys.argv) > 2:
            if name == sys.argv[2] and (click(node) if [role] == sys.argv[3:] else not sys.argv[3:] and press(node)):
                sys.exit(0)
        else:
            print("\t".join(" ".join(text.split()) for text in (role, name or "", description or "")))
sys.exit(1 if len(sys.argv) > 2 else 0)
