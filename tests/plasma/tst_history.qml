// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtTest
import org.sockledger

/** The view of history, which asks a daemon that is not there: what it asks, and what it says beside. */
TestCase {
    id: suite
    name: "History"
    when: windowShown
    width: 900
    height: 500
    visible: true

    Ledger {
        id: replayed
        recording: fixtures + "/netdata/machine.jsonl"
    }
    Component {
        id: history
        HistoryView {
            width: 900
            height: 400
            cycleDay: 17
            ledger: replayed
        }
    }

    function view() {
        const made = createTemporaryObject(history, suite);
        verify(made);
        return made;
    }

    function test_theSliderHasTheBillingCycle() {
        const made = view();
        const slider = findChild(made, "windowSlider");
        compare(made.timeline.cycleDay, 0);
        slider.value = made.windows.findIndex(window => window.cycle);
        compare(made.timeline.cycleDay, 17);
        slider.value = made.windows.findIndex(window => window.today);
        compare(made.timeline.cycleDay, 0);
        compare(made.timeline.today, true);
    }

    function test_historyIsByApplicationOrByInterface() {
        const made = view();
        compare(made.parts.group, UsageModel.App);
        findChild(made, "group").currentIndex = 1;
        compare(made.parts.group, UsageModel.Interface);
    }

    function test_historySaysAtWhichAmountsItIsTold() {
        const made = view();
        const label = findChild(made, "thresholds");
        verify(!label.visible);
        made.rules = [
            { subject: "app", target: "Steam", amount: "2 GB in a day" },
            { subject: "total", target: "", amount: "9 GB in a month" },
            { subject: "interface", target: "eth0", amount: "3 GB in a day" }
        ];
        tryVerify(() => label.visible);
        compare(made.thresholds, ["9 GB in a month"]);
        verify(label.text.endsWith("9 GB in a month"));
        made.open("desktop:steam", "", "Steam");
        compare(made.thresholds, ["2 GB in a day"]);
        compare(made.timeline.app, "desktop:steam");
        made.open("", "eth0", "eth0");
        compare(made.thresholds, ["3 GB in a day"]);
        compare(made.timeline.interfaceName, "eth0");
        waitForRendering(made);
        mouseClick(findChild(made, "showAll"));
        compare(made.thresholds, ["9 GB in a month"]);
        compare(made.timeline.interfaceName, "");
    }
}
