package org.processmanager.examples.app.report;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.examples.app.eventlog.LogRecord;

/** The time for which an object was held. Of several holds at once, a release ends the latest. */
record LockHold(String region, String object, Instant acquired, Instant released) {
    /** Returns the holds that have both ends in the records of one reporter, in the order of their begins. */
    static List<LockHold> of(List<LogRecord> records) {
        List<LockChanged> changes = new ArrayList<>();
        for (LogRecord entry : records) {
            if (entry instanceof LogRecord.Event e && e.event() instanceof LockChanged change) {
                changes.add(change);
            }
        }
        changes.sort(Comparator.comparing(LockChanged::time));
        Map<List<String>, Deque<LockChanged>> held = new HashMap<>();
        List<LockHold> holds = new ArrayList<>();
        for (LockChanged change : changes) {
            Deque<LockChanged> open =
                    held.computeIfAbsent(List.of(change.region(), change.object()), key -> new ArrayDeque<>());
            if (change.change() != LockChanged.Change.RELEASED) {
                open.push(change);
            } else if (!open.isEmpty()) {
                holds.add(new LockHold(
                        change.region(), change.object(), open.pop().time(), change.time()));
            }
        }
        holds.sort(Comparator.comparing(LockHold::acquired)
                .thenComparing(Comparator.comparing(LockHold::released).reversed()));
        return holds;
    }
}
