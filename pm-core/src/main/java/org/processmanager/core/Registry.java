package org.processmanager.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.event.EventHub;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.manager.Owners;
import org.processmanager.core.internal.manager.TerminalInterrupt;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.core.internal.util.Threads;

/** The processes of one manager, from start to end, and the events that its listeners get. Thread-safe. */
final class Registry {
    private static final Duration FLUSH_BOUND = Duration.ofSeconds(1);

    private final EventHub listeners = new EventHub();
    private final Owners owners;
    /** Whether a listener to all processes was ever added. */
    private volatile boolean hasListeners;

    /** Processes that are live, or whose exit is being handled. */
    private final Set<ManagedProcess> live = ConcurrentHashMap.newKeySet();

    /** Those, and processes whose waiters are about to be notified. */
    private final Set<ManagedProcess> pendingNotification = ConcurrentHashMap.newKeySet();

    /** Processes that have completed but are not reaped, for example because they survived KILL. */
    private final Set<ManagedProcess> unreleased = ConcurrentHashMap.newKeySet();

    /** Processes for which a shutdown hook waits. */
    private final Set<ManagedProcess> ofHooks = ConcurrentHashMap.newKeySet();

    private final Set<AdoptedProcess> adopted = ConcurrentHashMap.newKeySet();

    private record SupervisorLifetime(ProcessManager manager) implements Owners.Lifetime {
        @Override
        public void begins() {
            ShutdownHook.aboutToStart(manager, 1, false);
        }

        @Override
        public void ended() {
            ShutdownHook.ended(manager, 1);
        }
    }

    Registry(ProcessManager manager) {
        owners = new Owners(listeners, new SupervisorLifetime(manager));
    }

    /**
     * Takes charge of a process that was just started, until its end.
     *
     * @param ofHook whether a shutdown hook waits for it
     */
    ManagedProcess add(ProcessManager manager, Command command, ChildProcess child, boolean ofHook) {
        ManagedProcess process = new ManagedProcess(command, child);
        if (ofHook) {
            ofHooks.add(process);
        }
        if (isHeard(command)) {
            listeners.emit(
                    listenersOf(command),
                    () -> new ProcessEvent.ProcessStarted(
                            child.started(),
                            jvm(),
                            child.pid(),
                            command.name(),
                            PathText.printable(String.join(" ", command.commandLine()))));
        }
        pendingNotification.add(process);
        live.add(process);
        child.completion().thenAccept(new ExitHandler(manager, process));
        return process;
    }

    /** Handles the exit of one process: listeners, lists and the shutdown hook first, then waiters. */
    private final class ExitHandler implements Consumer<ProcessExit> {
        private final ProcessManager manager;
        private final ManagedProcess process;

        private ExitHandler(ProcessManager manager, ManagedProcess process) {
            this.manager = manager;
            this.process = process;
        }

        @Override
        public void accept(ProcessExit exit) {
            try {
                handleExit(process, exit);
                ShutdownHook.ended(manager, 1);
            } finally {
                process.complete(exit);
                pendingNotification.remove(process);
            }
        }
    }

    private void handleExit(ManagedProcess process, ProcessExit exit) {
        Command command = process.command();
        if (isHeard(command)) {
            listeners.emit(
                    listenersOf(command),
                    () -> new ProcessEvent.ProcessEnded(
                            process.child().started().plus(exit.duration()),
                            jvm(),
                            process.pid(),
                            command.name(),
                            exit.status(),
                            exit.endReason(),
                            exit.duration()));
        }
        if (!process.child().isReleased()) {
            unreleased.add(process);
        }
        live.remove(process);
        ofHooks.remove(process);
    }

    private boolean isHeard(Command command) {
        return hasListeners || command.spec().listener() != null || JfrState.isStarted();
    }

    /** Returns the pid of this JVM, which reports all its events. */
    static long jvm() {
        return ProcessHandle.current().pid();
    }

    Owners owners() {
        return owners;
    }

    void addListener(EventListener listener) {
        listeners.add(listener);
        hasListeners = true;
    }

    boolean removeListener(EventListener listener) {
        return listeners.remove(listener);
    }

    private static List<EventListener> listenersOf(Command command) {
        EventListener own = command.spec().listener();
        return own == null ? List.of() : List.of(own);
    }

    void launchFailed(List<LaunchSpec> specs, LaunchException failure) {
        Set<EventListener> own = new LinkedHashSet<>();
        for (LaunchSpec spec : specs) {
            if (spec.listener() != null) {
                own.add(spec.listener());
            }
        }
        listeners.emit(
                own,
                () -> new ProcessEvent.LaunchFailed(
                        Instant.now(),
                        jvm(),
                        specs.stream().map(LaunchSpec::name).collect(Collectors.joining(" | ")),
                        PathText.printable(specs.stream()
                                .map(spec -> String.join(" ", spec.commandLine()))
                                .collect(Collectors.joining(" | "))),
                        PathText.printable(String.valueOf(failure.getMessage()))));
    }

    /** Watches an adopted process until its end. */
    void watch(AdoptedProcess process) {
        adopted.add(process);
        process.adopted().ended().whenComplete((status, failure) -> adopted.remove(process));
    }

    void closeWatches() {
        for (AdoptedProcess process : adopted) {
            process.close();
        }
    }

    /** Returns the pids of the adopted processes. */
    List<Long> watched() {
        return adopted.stream()
                .filter(process -> !process.adopted().ended().isDone()) // a waiter may ask before it is removed
                .map(AdoptedProcess::pid)
                .sorted()
                .toList();
    }

    /** Returns the processes that have not completed. */
    List<ManagedProcess> processes() {
        // A dependent may ask before the process is removed.
        return live.stream()
                .filter(process -> !process.child().completion().isDone())
                .toList();
    }

    /** Returns the processes of which something is still held, by pid. */
    Set<ManagedProcess> held() {
        unreleased.removeIf(process -> process.child().isReleased());
        Set<ManagedProcess> held = new TreeSet<>(Comparator.comparingLong(ManagedProcess::pid));
        live.stream()
                .filter(process -> !process.child().completion().isDone()
                        || !process.child().isReleased())
                .forEach(held::add);
        held.addAll(unreleased);
        return held;
    }

    boolean isLive() {
        return !live.isEmpty();
    }

    /** Stops all live processes, within the bounds of the policies, and waits briefly until the listeners are notified. */
    void stopAll() {
        stop(List.copyOf(pendingNotification), ManagedProcess::stop);
    }

    /**
     * Stops all live processes, except those of shutdown hooks. Those that the terminal has sent INT, like this JVM, get time
     * to act on it first.
     */
    void stopForShutdown() {
        owners.close();
        List<ManagedProcess> all = new ArrayList<>(pendingNotification);
        all.removeAll(ofHooks);
        boolean interrupted = TerminalInterrupt.endsThisJvm();
        stop(
                all,
                process -> interrupted && process.child().sharesGroup()
                        ? process.stop(
                                TerminalInterrupt.waitBefore(process.command().stopPolicy()))
                        : process.stop());
    }

    private void stop(List<ManagedProcess> all, Function<ManagedProcess, StopReport> how) {
        List<CompletableFuture<?>> completions = new ArrayList<>();
        all.forEach(process -> completions.add(process.completion()));
        List<CompletableFuture<StopReport>> stops = new ArrayList<>();
        for (ManagedProcess process : all) {
            stops.add(CompletableFuture.supplyAsync(() -> how.apply(process), Threads.WORKERS_OR_CALLER));
        }
        for (CompletableFuture<StopReport> stop : stops) {
            stop.join();
        }
        listeners.flush(completions, FLUSH_BOUND);
    }
}
