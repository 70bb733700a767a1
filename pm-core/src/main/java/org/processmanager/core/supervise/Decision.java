package org.processmanager.core.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.internal.util.DurationText;
import org.processmanager.core.internal.util.Nanos;

/**
 * The decisions of a supervisor: a pure function from a state and an event to the next state and the actions to be taken. Every
 * start of a child has a number, its run; events of an earlier run change nothing.
 *
 * <p>A child is stopped when it is marked; marked children are stopped one after another, the one that started last first. It
 * is started when it is WAITING, nothing holds it back, and what it depends on is ready.
 */
final class Decision {
    /** What stays the same; children in the order of their start, so that dependencies come before their dependents. */
    record Plan(Strategy strategy, List<Member> members) {}

    /** A child; dependencies by index. */
    record Member(String name, Restart restart, List<Integer> dependsOn) {}

    /** Whether the supervisor works. */
    enum Phase {
        WORKING,
        STOPPING,
        ENDED
    }

    /** All that changes. */
    record State(Phase phase, Optional<String> gaveUp, List<Child> children) {
        static State initial(Plan plan) {
            Child waiting = new Child(ChildState.WAITING, 0, 0, List.of(), 0, false, Optional.empty(), 0);
            return new State(
                    Phase.WORKING,
                    Optional.empty(),
                    plan.members().stream().map(member -> waiting).toList());
        }
    }

    /**
     * A child.
     *
     * @param run the number of its last start, 0 before the first
     * @param inRow restarts in a row, which determine the delay
     * @param recent the times of restarts within the window of its limit
     * @param readyNanos when it became ready, or was started
     * @param marked whether it is to be stopped, though not because of its own failure
     * @param reason of the state
     * @param dueNanos when it is started again, if it is BACKING_OFF
     */
    record Child(
            ChildState state,
            int run,
            int inRow,
            List<Long> recent,
            long readyNanos,
            boolean marked,
            Optional<String> reason,
            long dueNanos) {
        int restarts() {
            return Math.max(0, run - 1);
        }
    }

    /** What has happened. */
    sealed interface Event permits Begin, Ready, Unusable, Ended, Due, Survived, Stop {}

    /** The supervisor starts. */
    record Begin() implements Event {}

    /** A child is ready. */
    record Ready(int child, int run) implements Event {}

    /** A child is not ready in time, or fails its probes: it is stopped, and has failed. */
    record Unusable(int child, int run, String reason) implements Event {}

    /** A child has ended or could not be started. {@code random}, from 0 to 1, is for the delay of a restart. */
    record Ended(int child, int run, boolean success, String reason, double random) implements Event {}

    /** The delay of a restart is over. */
    record Due(int child, int run) implements Event {}

    /** A child did not end when it was stopped, and nothing more can be done. */
    record Survived(int child, int run, String reason) implements Event {}

    /** The supervisor is asked to stop. */
    record Stop() implements Event {}

    /** What is to be done. */
    sealed interface Action permits Launch, Halt, Alarm, End {}

    /** Start a child. */
    record Launch(int child, int run) implements Action {}

    /** Stop a child. */
    record Halt(int child, int run) implements Action {}

    /** Report {@link Due} after a delay. */
    record Alarm(int child, int run, long delayNanos) implements Action {}

    /** All is done. */
    record End() implements Action {}

    /** The next state, and what is to be done. */
    record Outcome(State state, List<Action> actions) {}

    private final Plan plan;
    private final long now;
    private Phase phase;
    private Optional<String> gaveUp;
    private final List<Child> children;
    private final List<Action> actions = new ArrayList<>();

    private Decision(Plan plan, State state, long now) {
        this.plan = plan;
        this.now = now;
        phase = state.phase();
        gaveUp = state.gaveUp();
        children = new ArrayList<>(state.children());
    }

    /** Decides what follows from an event at a time. */
    static Outcome of(Plan plan, State state, Event event, long now) {
        Decision decision = new Decision(plan, state, now);
        if (state.phase() != Phase.ENDED) {
            decision.apply(event);
            decision.reconcile();
        }
        return new Outcome(
                new State(decision.phase, decision.gaveUp, List.copyOf(decision.children)),
                List.copyOf(decision.actions));
    }

    private void apply(Event event) {
        if (event instanceof Ready ready) {
            Child child = current(ready.child(), ready.run());
            if (child != null && child.state() == ChildState.STARTING) {
                set(ready.child(), ChildState.RUNNING, Optional.empty());
            }
        } else if (event instanceof Unusable unusable) {
            Child child = current(unusable.child(), unusable.run());
            if (child != null && child.state() != ChildState.STOPPING) {
                set(unusable.child(), ChildState.STOPPING, Optional.of(unusable.reason()));
                actions.add(new Halt(unusable.child(), child.run()));
            }
        } else if (event instanceof Ended ended) {
            Child child = current(ended.child(), ended.run());
            if (child != null) {
                ended(ended.child(), child, ended);
            }
        } else if (event instanceof Due due) {
            Child child = children.get(due.child());
            if (child.run() == due.run() && child.state() == ChildState.BACKING_OFF) {
                set(due.child(), ChildState.WAITING, child.reason());
            }
        } else if (event instanceof Survived survived) {
            Child child = current(survived.child(), survived.run());
            if (child != null && phase == Phase.STOPPING) {
                set(survived.child(), ChildState.STOPPED, Optional.of(survived.reason()));
            }
        } else if (event instanceof Stop && phase == Phase.WORKING) {
            phase = Phase.STOPPING;
            for (int i = 0; i < children.size(); i++) {
                Child child = children.get(i);
                if (child.state() == ChildState.STOPPING) {
                    actions.add(new Halt(i, child.run())); // once more: it may have survived the first stop
                }
            }
        }
    }

    /** Returns a child if the run is its present one, else null. */
    private @Nullable Child current(int index, int run) {
        Child child = children.get(index);
        return child.run() == run && child.state().isActive() ? child : null;
    }

    private void ended(int index, Child child, Ended event) {
        Restart restart = plan.members().get(index).restart();
        Optional<String> reason = Optional.of(event.reason());
        if (phase == Phase.STOPPING) {
            set(index, ChildState.STOPPED, reason);
        } else if (child.marked()) {
            boolean again = restart.restartsAfter(false);
            set(index, again ? ChildState.WAITING : ChildState.STOPPED, reason);
        } else {
            // It is STOPPING without a mark only because it was unusable.
            boolean unusable = child.state() == ChildState.STOPPING;
            boolean success = event.success() && !unusable;
            Optional<String> why = unusable ? child.reason().map(text -> text + "; " + event.reason()) : reason;
            if (!restart.restartsAfter(success)) {
                set(index, success ? ChildState.COMPLETED : ChildState.FAILED, why);
            } else {
                restart(index, child, restart, why, event.random());
            }
        }
    }

    private void restart(int index, Child child, Restart restart, Optional<String> why, double random) {
        long windowNanos = Nanos.of(restart.window());
        List<Long> recent = new ArrayList<>();
        if (restart.limit().isPresent()) {
            for (long time : child.recent()) {
                if (now - time < windowNanos) {
                    recent.add(time);
                }
            }
            if (recent.size() >= restart.limit().getAsInt()) {
                String name = plan.members().get(index).name();
                set(index, ChildState.FAILED, why);
                gaveUp = Optional.of(name + " failed again after " + recent.size() + " restarts within "
                        + DurationText.of(restart.window()) + ": " + why.orElse(""));
                phase = Phase.STOPPING;
                return;
            }
            recent.add(now);
        }
        boolean newRow =
                child.state() != ChildState.STARTING && now - child.readyNanos() >= Nanos.of(restart.longestDelay());
        int inRow = newRow ? 0 : child.inRow();
        long delayNanos = restart.delay(inRow, random).toNanos();
        children.set(
                index,
                new Child(
                        ChildState.BACKING_OFF,
                        child.run(),
                        inRow + 1,
                        List.copyOf(recent),
                        child.readyNanos(),
                        false,
                        why,
                        now + delayNanos));
        actions.add(new Alarm(index, child.run(), delayNanos));
        markOthers(index);
    }

    /** Marks the children that are started again together with one. */
    private void markOthers(int index) {
        if (plan.strategy() == Strategy.ONE_FOR_ONE) {
            return;
        }
        for (int i = plan.strategy() == Strategy.ONE_FOR_ALL ? 0 : index + 1; i < children.size(); i++) {
            Child other = children.get(i);
            if (i != index && other.state().isActive()) {
                mark(i);
            } else if (i != index && other.state() == ChildState.BACKING_OFF) {
                set(i, ChildState.WAITING, other.reason());
            }
        }
    }

    /** Stops and starts what the state of all children allows. */
    private void reconcile() {
        if (phase == Phase.STOPPING) {
            for (int i = 0; i < children.size(); i++) {
                Child child = children.get(i);
                if (child.state().isActive()) {
                    mark(i);
                } else if (!child.state().isFinal()) {
                    set(i, ChildState.STOPPED, child.reason());
                }
            }
        }
        stopLast();
        if (phase == Phase.WORKING) {
            for (int i = 0; i < children.size(); i++) {
                if (children.get(i).state() == ChildState.WAITING) {
                    startIfPossible(i);
                }
            }
        }
        if (children.stream().allMatch(child -> child.state().isFinal())) {
            phase = Phase.ENDED;
            actions.add(new End());
        }
    }

    /** Stops the last of the marked children, unless one is being stopped. */
    private void stopLast() {
        for (int i = children.size() - 1; i >= 0; i--) {
            Child child = children.get(i);
            if (child.marked() && child.state() == ChildState.STOPPING) {
                return;
            }
            if (child.marked()) {
                set(i, ChildState.STOPPING, child.reason());
                mark(i);
                actions.add(new Halt(i, child.run()));
                return;
            }
        }
    }

    private void startIfPossible(int index) {
        for (int dependency : plan.members().get(index).dependsOn()) {
            ChildState state = children.get(dependency).state();
            if (state == ChildState.FAILED || state == ChildState.STOPPED) {
                String name = plan.members().get(dependency).name();
                set(index, ChildState.FAILED, Optional.of("depends on " + name + ", which is not started again"));
                return;
            }
            if (state != ChildState.RUNNING && state != ChildState.COMPLETED) {
                return;
            }
        }
        if (isHeldBack(index)) {
            return;
        }
        Child child = children.get(index);
        int run = child.run() + 1;
        children.set(
                index,
                new Child(ChildState.STARTING, run, child.inRow(), child.recent(), now, false, Optional.empty(), 0));
        actions.add(new Launch(index, run));
    }

    /** Returns whether children that are started again together with this one are not ready for it. */
    private boolean isHeldBack(int index) {
        if (plan.strategy() == Strategy.ONE_FOR_ONE) {
            return false;
        }
        for (int i = 0; i < children.size(); i++) {
            Child other = children.get(i);
            boolean before = i < index || plan.strategy() == Strategy.ONE_FOR_ALL;
            if (other.marked() || before && other.state() == ChildState.BACKING_OFF) {
                return true;
            }
        }
        return false;
    }

    /** Sets the state; a child that is no longer active loses its mark. */
    private void set(int index, ChildState state, Optional<String> reason) {
        Child child = children.get(index);
        children.set(
                index,
                new Child(
                        state,
                        child.run(),
                        child.inRow(),
                        child.recent(),
                        state == ChildState.RUNNING ? now : child.readyNanos(),
                        child.marked() && state.isActive(),
                        reason,
                        0));
    }

    private void mark(int index) {
        Child child = children.get(index);
        children.set(
                index,
                new Child(
                        child.state(),
                        child.run(),
                        child.inRow(),
                        child.recent(),
                        child.readyNanos(),
                        true,
                        child.reason(),
                        child.dueNanos()));
    }
}
