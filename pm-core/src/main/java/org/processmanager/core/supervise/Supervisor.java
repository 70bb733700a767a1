package org.processmanager.core.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.manager.Owners;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Timers;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.core.thread.ManagedThreads;

/**
 * Keeps processes and threads running: starts them in order, starts them again as their {@link Restart} says, checks their
 * {@link Health}, and stops them one after another, the one that was started last first. Created by
 * {@link SupervisorSpec#start}.
 *
 * <p>A child that has used up its {@linkplain Restart#atMost restarts} makes the supervisor give up: it stops the other
 * children and ends. It also ends when no child runs and none is to be started again. It reports each change of a child's state
 * to the listeners of its manager as {@link ProcessEvent.ChildChanged}.
 *
 * <p>If the JVM is killed, its processes are killed; see {@link SupervisorSpec#child} for the portable path. Those that are
 * {@linkplain ChildSpec#detached detached} continue, and the next supervisor adopts them. Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
    private static final long REPORTER = ProcessHandle.current().pid();
    private static final Duration FLUSH_BOUND = Duration.ofSeconds(1);

    private final ProcessManager manager;
    private final Decision.Plan plan;
    private final List<ChildSpec> specs;
    private final ManagedThreads threads = ManagedThreads.create();
    private final List<Runner> runners = new ArrayList<>();
    private final Runnable stop = this::stop;
    /** Decides about one event after another. */
    private final SerialTasks decisions = new SerialTasks(Threads.WORKERS_OR_CALLER);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Written under the lock, by the decisions. */
    private volatile Decision.State state;

    Supervisor(ProcessManager manager, Strategy strategy, List<ChildSpec> ordered) {
        this.manager = manager;
        specs = ordered;
        List<String> names = ordered.stream().map(ChildSpec::name).toList();
        plan = new Decision.Plan(
                strategy,
                ordered.stream()
                        .map(spec -> new Decision.Member(
                                spec.name(),
                                spec.restart(),
                                spec.dependencies().stream().map(names::indexOf).toList()))
                        .toList());
        state = Decision.State.initial(plan);
        for (int i = 0; i < ordered.size(); i++) {
            runners.add(new Runner(i, ordered.get(i), manager, threads, this::post));
        }
    }

    void begin() {
        Owners.of(manager).add(stop);
        post(new Decision.Begin());
    }

    /**
     * Returns the state of all children.
     *
     * @return a snapshot
     */
    public SupervisorSnapshot snapshot() {
        return snapshot(state);
    }

    /**
     * Returns the process of a child.
     *
     * @param name its name
     * @return the process; empty for a thread or a {@linkplain ChildSpec#detached detached} process, and while there is none
     * @throws java.util.NoSuchElementException if there is no such child
     */
    public Optional<ManagedProcess> process(String name) {
        snapshot().child(Objects.requireNonNull(name, "name"));
        return runners.stream()
                .filter(runner -> runner.name().equals(name))
                .findFirst()
                .flatMap(Runner::process);
    }

    /**
     * Blocks until all children are ready.
     *
     * @param timeout the longest wait; zero or less only checks
     * @return false if the timeout was over or the supervisor ended before
     * @throws InterruptedException if interrupted
     */
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        return await(SupervisorSnapshot::isReady, timeout);
    }

    /**
     * Blocks until the supervisor has ended.
     *
     * @param timeout the longest wait; zero or less only checks
     * @return false if the timeout was over before
     * @throws InterruptedException if interrupted; the supervisor continues
     */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return await(SupervisorSnapshot::ended, timeout);
    }

    /**
     * Blocks until the children are in a certain state.
     *
     * @param condition tested at each change; must not block
     * @param timeout the longest wait; zero or less only checks
     * @return false if the timeout was over or the supervisor ended before
     * @throws InterruptedException if interrupted
     */
    public boolean await(Predicate<SupervisorSnapshot> condition, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(timeout, "timeout");
        long left = Nanos.of(timeout);
        lock.lockInterruptibly();
        try {
            while (!condition.test(snapshot())) {
                if (left <= 0 || state.phase() == Decision.Phase.ENDED) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops all children, one after another, the one that was started last first, each by its command's
     * {@linkplain org.processmanager.core.Command#stopPolicy policy}, and blocks until they have ended. A restart that is due
     * does not happen; a start in progress is ended. Interrupting the caller does not shorten the wait; the interrupt status is
     * preserved. The wait is bounded by the sum of the policies. Idempotent.
     *
     * @return the last state
     */
    public SupervisorSnapshot stop() {
        post(new Decision.Stop());
        Uninterruptibles.run(() -> awaitEnd(Duration.ofNanos(Nanos.FOREVER)));
        return snapshot();
    }

    /** Stops all children as {@link #stop()} does. */
    @Override
    public void close() {
        stop();
    }

    private void post(Decision.Event event) {
        decisions.execute(() -> decide(event));
    }

    private void decide(Decision.Event event) {
        Decision.State before = state;
        Decision.Outcome outcome = Decision.of(plan, before, event, System.nanoTime());
        boolean ends = outcome.actions().contains(new Decision.End());
        report(before, outcome.state(), false); // an end before the stop or start that follows from it
        report(before, outcome.state(), true);
        if (ends) {
            threads.close();
            Owners.of(manager).remove(stop);
            Owners.of(manager).events().flush(List.of(), FLUSH_BOUND);
        }
        lock.lock();
        try {
            state = outcome.state();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        outcome.actions().forEach(this::perform);
    }

    private void perform(Decision.Action action) {
        if (action instanceof Decision.Launch launch) {
            runners.get(launch.child()).launch(launch.run());
        } else if (action instanceof Decision.Halt halt) {
            runners.get(halt.child()).halt(halt.run());
        } else if (action instanceof Decision.Alarm alarm) {
            Timers.schedule(alarm.delayNanos(), () -> post(new Decision.Due(alarm.child(), alarm.run())));
        }
    }

    private void report(Decision.State before, Decision.State after, boolean active) {
        for (int i = 0; i < specs.size(); i++) {
            String name = specs.get(i).name();
            Decision.Child was = before.children().get(i);
            Decision.Child is = after.children().get(i);
            if (is.state().isActive() == active && (was.state() != is.state() || was.run() != is.run())) {
                Owners.of(manager)
                        .events()
                        .emit(() -> new ProcessEvent.ChildChanged(
                                Instant.now(), REPORTER, name, is.state(), is.restarts(), is.reason()));
            }
        }
    }

    private SupervisorSnapshot snapshot(Decision.State now) {
        List<ChildSnapshot> children = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            Decision.Child child = now.children().get(i);
            Runner runner = runners.get(i);
            children.add(new ChildSnapshot(
                    specs.get(i).name(),
                    child.state(),
                    child.state().isActive() ? runner.pid() : OptionalLong.empty(),
                    child.restarts(),
                    runner.lastStatus(),
                    child.reason(),
                    child.state() == ChildState.BACKING_OFF
                            ? Optional.of(Instant.now().plusNanos(child.dueNanos() - System.nanoTime()))
                            : Optional.empty()));
        }
        return new SupervisorSnapshot(now.phase() == Decision.Phase.ENDED, now.gaveUp(), children);
    }

    /** Returns the random part of a delay. */
    static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Returns the state of all children as text. */
    @Override
    public String toString() {
        return "supervisor of " + snapshot().children();
    }
}
