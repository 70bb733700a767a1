package org.processmanager.core.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.NotReadyException;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.StopReport;
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.core.internal.util.DurationText;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Timers;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.core.thread.Termination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, watches and stops the runs of one child, and reports what happens to them. Thread-safe. */
final class Runner {
    private static final Duration THREAD_BOUND = Duration.ofSeconds(5);
    /** A launch can hang in a file system that does not respond. */
    private static final long LAUNCH_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** A shim is a JVM, and the stop of its process takes as long as its policy. */
    private static final long SHIM_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    private final int index;
    private final ChildSpec spec;
    private final ProcessManager manager;
    private final ManagedThreads threads;
    private final Consumer<Decision.Event> events;
    private volatile @Nullable Run last;
    private volatile Optional<ExitStatus> lastStatus = Optional.empty();

    Runner(int index, ChildSpec spec, ProcessManager manager, ManagedThreads threads, Consumer<Decision.Event> events) {
        this.index = index;
        this.spec = spec;
        this.manager = manager;
        this.threads = threads;
        this.events = events;
    }

    String name() {
        return spec.name();
    }

    /** Returns the process of the last run, unless it is detached. */
    Optional<ManagedProcess> process() {
        Run run = last;
        return run == null ? Optional.empty() : Optional.ofNullable(run.process);
    }

    /** Returns the pid of the process of the last run. */
    OptionalLong pid() {
        Run run = last;
        return run == null ? OptionalLong.empty() : run.pid;
    }

    /** Returns how the last process that has ended did so. */
    Optional<ExitStatus> lastStatus() {
        return lastStatus;
    }

    /** Starts a run. Never blocks. */
    void launch(int number) {
        Run run = new Run(number);
        last = run;
        Threads.WORKERS_OR_CALLER.execute(run::start);
    }

    /** Stops a run. Never blocks. */
    void halt(int number) {
        Run run = last;
        if (run != null && run.number == number) {
            run.halt();
        }
    }

    /** One run. */
    private final class Run {
        private final int number;
        /** Completes when the launch has succeeded or failed. */
        private final CompletableFuture<Void> launched = new CompletableFuture<>();

        private volatile boolean halted;
        private volatile OptionalLong pid = OptionalLong.empty();
        private volatile @Nullable ManagedProcess process;
        private volatile @Nullable ManagedThread thread;
        private volatile @Nullable DetachedProcess detached;

        Run(int number) {
            this.number = number;
        }

        void start() {
            try {
                if (halted) {
                    ended(true, "stopped before it was started");
                } else if (spec.registry().isPresent()) {
                    startDetached(spec.registry().get(), spec.command().orElseThrow());
                } else if (spec.command().isPresent()) {
                    startProcess(spec.command().get());
                } else {
                    startThread();
                }
            } catch (Throwable e) { // whatever it is, the decision needs to know of it
                launched.complete(null);
                ended(false, "cannot be started: " + e.getMessage());
            }
        }

        private void startProcess(Command command) {
            ManagedProcess started = launchProcess(command);
            process = started;
            pid = OptionalLong.of(started.pid());
            launched.complete(null);
            started.onExit().thenAccept(this::exited);
            try {
                started.awaitReady();
                events.accept(new Decision.Ready(index, number));
                spec.health().ifPresent(health -> new Checks(health, started).schedule());
            } catch (NotReadyException e) {
                if (started.isAlive()) {
                    unusable(String.valueOf(e.getMessage()));
                }
            } catch (InterruptedException | RuntimeException e) {
                unusable("the wait for its readiness failed: " + e);
            }
        }

        private ManagedProcess launchProcess(Command command) {
            try {
                return command.dieWithParent().start();
            } catch (UnsupportedOperationException e) {
                return command.start(); // the portable path; throws again if something else was refused
            }
        }

        private void exited(ProcessResult result) {
            lastStatus = Optional.of(result.status());
            boolean success = result.isSuccess() || result.endReason() == EndReason.TERMINATED;
            String how = result.endReason() == EndReason.OWN_EXIT
                    ? result.status().toString()
                    : result.endReason() + ", " + result.status();
            ended(success, how);
        }

        private void startDetached(ProcessRegistry registry, Command command) throws InterruptedException {
            DetachedProcess started =
                    registry.detached(command).name(spec.name()).startOrAdopt();
            detached = started;
            pid = started.state()
                    .process()
                    .map(running -> OptionalLong.of(running.pid()))
                    .orElse(OptionalLong.empty());
            launched.complete(null);
            events.accept(new Decision.Ready(index, number));
            new DetachedWatch(manager, started, new DetachedEnd()).run();
        }

        /** What becomes of a detached process. */
        private final class DetachedEnd implements DetachedWatch.Observer {
            @Override
            public void ended(DetachedState end, boolean success, String reason) {
                lastStatus = end.exitStatus();
                Run.this.ended(success, reason);
            }

            @Override
            public void orphaned(DetachedState state) {
                unusable(state.message());
            }

            @Override
            public void lost(Exception failure) {
                Run.this.ended(false, "cannot be watched: " + failure);
            }
        }

        private void startThread() {
            ManagedThread started = threads.start(spec.name(), spec.task().orElseThrow());
            thread = started;
            launched.complete(null);
            events.accept(new Decision.Ready(index, number));
            started.onTermination().thenAccept(this::terminated);
        }

        private void terminated(Termination end) {
            ended(
                    end.outcome() != ThreadOutcome.FAILED,
                    end.outcome() + (end.failure() == null ? "" : ": " + end.failure()));
        }

        private void ended(boolean success, String reason) {
            events.accept(new Decision.Ended(index, number, success, reason, Supervisor.random()));
        }

        private void unusable(String reason) {
            events.accept(new Decision.Unusable(index, number, reason));
        }

        void halt() {
            halted = true;
            boolean isDetached = spec.registry().isPresent();
            Future<?> late = Timers.schedule(
                    isDetached ? SHIM_NANOS : LAUNCH_NANOS, () -> survived("its launch is still in progress"));
            if (isDetached) {
                Threads.WORKERS_OR_CALLER.execute(this::stopStart);
            }
            launched.thenRunAsync(
                    () -> {
                        late.cancel(false);
                        stop();
                    },
                    Threads.WORKERS_OR_CALLER);
        }

        /** Ends the start of a detached process, which lasts until it is ready. */
        private void stopStart() {
            try {
                List<String> line = spec.command().orElseThrow().commandLine();
                spec.registry()
                        .flatMap(registry -> registry.process(spec.name()))
                        .filter(named ->
                                !launched.isDone() && named.commandLine().equals(line))
                        .ifPresent(DetachedProcess::stop);
            } catch (RuntimeException e) {
                LOG.debug("{} is stopped after its start: {}", spec.name(), e.toString());
            }
        }

        private void stop() {
            ManagedProcess started = process;
            ManagedThread running = thread;
            DetachedProcess named = detached;
            if (named != null) {
                stop(named);
            } else if (started != null) {
                StopReport report = started.stop();
                if (started.isAlive()) {
                    survived("survived: " + report.survivors());
                }
            } else if (running != null) {
                try {
                    if (running.terminate(THREAD_BOUND).termination().isEmpty()) {
                        survived("has not terminated within " + DurationText.of(THREAD_BOUND));
                    }
                } catch (InterruptedException e) {
                    survived("its stop was interrupted");
                }
            }
        }

        private void stop(DetachedProcess named) {
            try {
                StopReport report = named.stop();
                if (named.state().isActive()) {
                    survived("survived: " + report.survivors());
                }
            } catch (NoSuchProcessException e) {
                LOG.debug("{} is over and was removed: {}", spec.name(), e.toString());
            } catch (RuntimeException e) {
                survived("cannot be stopped: " + e.getMessage());
            }
        }

        private void survived(String reason) {
            events.accept(new Decision.Survived(index, number, reason));
        }

        /** The checks of a running process. */
        private final class Checks {
            private final Health health;
            private final ManagedProcess checked;
            private int failures;

            Checks(Health health, ManagedProcess checked) {
                this.health = health;
                this.checked = checked;
            }

            void schedule() {
                Timers.schedule(Nanos.of(health.period()), () -> Threads.WORKERS_OR_CALLER.execute(this::check));
            }

            private void check() {
                if (halted || !checked.isAlive()) {
                    return;
                }
                String failure = failure();
                failures = failure == null ? 0 : failures + 1;
                if (failures >= health.failures()) {
                    unusable(failures + " checks failed (expected: " + health.what() + "), the last one: " + failure);
                } else {
                    schedule();
                }
            }

            private @Nullable String failure() {
                Future<Boolean> check =
                        Threads.WORKERS.submit(() -> health.probe().check(checked));
                try {
                    return check.get(Nanos.of(health.timeout()), TimeUnit.NANOSECONDS) ? null : "it returned false";
                } catch (TimeoutException e) {
                    return "it has not returned within " + DurationText.of(health.timeout());
                } catch (ExecutionException e) {
                    return String.valueOf(e.getCause());
                } catch (InterruptedException e) {
                    return "it was interrupted";
                } finally {
                    check.cancel(true);
                }
            }
        }
    }
}
