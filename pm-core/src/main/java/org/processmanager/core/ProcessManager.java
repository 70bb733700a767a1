package org.processmanager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.processmanager.core.internal.launch.Child;
import org.processmanager.core.internal.launch.LaunchSpec;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.reactor.Threads;

/**
 * Starts programs and answers for them: closing it stops what it started and is still there. The same happens when the JVM
 * ends in order.
 *
 * <pre>{@code
 * try (ProcessManager pm = ProcessManager.create()) {
 *     ManagedProcess server = pm.command("python3", "-m", "http.server", "8000").directory(site).start();
 *     server.onExit().thenAccept(result -> log.info("{}", result));
 *     StopReport report = server.stop();
 * }
 * }</pre>
 *
 * <p>All methods may be called by any thread.
 */
public final class ProcessManager implements AutoCloseable {
    private static final class Shared {
        static final ProcessManager INSTANCE = new ProcessManager(Launcher.preferred(), true);
    }

    private final Launcher launcher;
    private final boolean shared;
    private final Set<ManagedProcess> live = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private ProcessManager(Launcher launcher, boolean shared) {
        this.launcher = launcher;
        this.shared = shared;
    }

    /**
     * A manager that uses a certain launcher.
     *
     * @param launcher how it starts programs
     */
    ProcessManager(Launcher launcher) {
        this(launcher, false);
    }

    /**
     * A manager of the caller's own, to be closed by him.
     *
     * @return the manager
     */
    public static ProcessManager create() {
        return new ProcessManager(Launcher.preferred(), false);
    }

    /**
     * The manager behind {@link Command#of}, which lives as long as the JVM.
     *
     * @return the manager
     */
    public static ProcessManager shared() {
        return Shared.INSTANCE;
    }

    /**
     * A command that runs on this manager.
     *
     * @param program its name or file
     * @param args its arguments
     * @return the command
     * @throws IllegalArgumentException if the program is empty, or a NUL character stands anywhere
     */
    public Command command(String program, String... args) {
        return Command.of(program, args).on(this);
    }

    /**
     * What it started and has not ended.
     *
     * @return a copy
     */
    public List<ManagedProcess> processes() {
        return List.copyOf(live);
    }

    /**
     * Stops everything that it started and is still there, all at once, each by its command's
     * {@linkplain Command#stopPolicy policy}; it starts nothing more. Closing it again does nothing.
     *
     * @throws UnsupportedOperationException for {@link #shared()}, which belongs to everybody
     */
    @Override
    public void close() {
        if (shared) {
            throw new UnsupportedOperationException(
                    "the shared ProcessManager cannot be closed: use ProcessManager.create() for one of your own");
        }
        closed = true;
        stopAll();
    }

    ProcessResult run(Command command, LaunchSpec spec) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(command.name() + " was not started: its caller is interrupted");
        }
        ManagedProcess process = launch(command, spec, true);
        return process.toResult(process.child().awaitOrStop());
    }

    ManagedProcess start(Command command, LaunchSpec spec) {
        return launch(command, spec, false);
    }

    private ManagedProcess launch(Command command, LaunchSpec spec, boolean callerWaits) {
        checkOpen();
        Child child = launcher.launch(spec, callerWaits);
        ManagedProcess process = new ManagedProcess(command, child);
        live.add(process);
        ShutdownHook.born(this);
        child.ended().thenRun(() -> {
            live.remove(process);
            ShutdownHook.gone(this);
        });
        if (closed) {
            // close() may have looked before the process was there to be seen.
            Threads.WORKERS.execute(() -> process.child().stop(command.stopPolicy(), Cause.STOPPED));
        }
        return process;
    }

    /** Stops what lives, within the bounds of the policies. */
    void stopAll() {
        List<CompletableFuture<StopReport>> stops = new ArrayList<>();
        for (ManagedProcess process : live) {
            stops.add(CompletableFuture.supplyAsync(process::stop, Threads.WORKERS));
        }
        for (CompletableFuture<StopReport> stop : stops) {
            stop.join();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this ProcessManager is closed");
        }
    }
}
