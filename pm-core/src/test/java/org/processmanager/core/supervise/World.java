package org.processmanager.core.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.supervise.Decision.Phase;

/** The children of a supervisor without processes: performs its actions, and checks what must hold after each. */
final class World {
    final Decision.Plan plan;
    Decision.State state;
    long now;
    final List<String> log = new ArrayList<>();
    /** The runs of the children that live, by child. */
    final TreeMap<Integer, Integer> live = new TreeMap<>();
    /** Those of them that were asked to stop. */
    final List<Integer> halted = new ArrayList<>();

    final List<Decision.Alarm> alarms = new ArrayList<>();
    boolean stopped;

    World(Decision.Plan plan) {
        this.plan = plan;
        state = Decision.State.initial(plan);
    }

    static Decision.Member member(String name, Restart restart, Integer... dependsOn) {
        return new Decision.Member(name, restart, List.of(dependsOn));
    }

    void happens(Decision.Event event) {
        stopped |= event instanceof Decision.Stop;
        Decision.Outcome outcome = Decision.of(plan, state, event, now);
        state = outcome.state();
        for (Decision.Action action : outcome.actions()) {
            if (action instanceof Decision.Launch launch) {
                launched(launch);
            } else if (action instanceof Decision.Halt halt) {
                log.add("-" + name(halt.child()));
                assertEquals(live.get(halt.child()), halt.run(), "only what lives is stopped");
                if (!halted.contains(halt.child())) {
                    halted.add(halt.child());
                }
            } else if (action instanceof Decision.Alarm alarm) {
                log.add("~" + name(alarm.child()));
                alarms.add(alarm);
            } else {
                log.add(".");
                assertTrue(live.isEmpty(), () -> "it ended with live children: " + live);
            }
        }
        for (int i = 0; i < plan.members().size(); i++) {
            assertEquals(live.containsKey(i), child(i).state().isActive(), "state of " + name(i) + ": " + state);
        }
    }

    private void launched(Decision.Launch launch) {
        log.add("+" + name(launch.child()));
        assertTrue(!stopped && state.phase() == Phase.WORKING, "nothing starts after a stop");
        for (int dependency : plan.members().get(launch.child()).dependsOn()) {
            ChildState needed = child(dependency).state();
            assertTrue(
                    needed == ChildState.RUNNING || needed == ChildState.COMPLETED, () -> "starts without " + needed);
        }
        assertNull(live.put(launch.child(), launch.run()), "never two live instances");
    }

    void ready(int index) {
        happens(new Decision.Ready(index, live.get(index)));
    }

    void ends(int index, boolean success) {
        int run = live.remove(index);
        halted.remove((Integer) index);
        happens(new Decision.Ended(index, run, success, success ? "exit code 0" : "exit code 1", 0));
    }

    /** The next delay is over. */
    void passes() {
        Decision.Alarm alarm = alarms.remove(0);
        now += alarm.delayNanos();
        happens(new Decision.Due(alarm.child(), alarm.run()));
    }

    Decision.Child child(int index) {
        return state.children().get(index);
    }

    String name(int index) {
        return plan.members().get(index).name();
    }

    /** Returns the actions since the last call: + starts, - stops, ~ delays, and a dot ends. */
    String did() {
        String text = String.join(" ", log);
        log.clear();
        return text;
    }
}
