package org.processmanager.core.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.LaunchException;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.NotReadyException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.detached.CommandFile;
import org.processmanager.core.internal.detached.Entries;
import org.processmanager.core.internal.detached.EntryFiles;
import org.processmanager.core.internal.detached.Shims;
import org.processmanager.core.internal.detached.StateFile;
import org.processmanager.core.internal.util.DurationText;
import org.processmanager.core.registry.DetachedState.Phase;

/**
 * A process of a {@link ProcessRegistry}, by its name. Every method reads the files of its entry, so it acts on what the name
 * means now; one whose entry was removed throws {@link NoSuchProcessException}. Signals are sent by pid, start time and boot
 * id, never to another process with the same pid.
 *
 * <p>Closing the manager, or the exit of this JVM, does not affect the process. If its shim is killed, the kernel or the helper
 * of the shim kills the process too, and the entry is {@link Phase#LOST}; on the portable path the process continues and is
 * {@link Phase#ORPHANED}.
 *
 * <p>Thread-safe. Methods that wait for the process, signal or stop it throw {@link IllegalStateException} if the manager is
 * closed.
 */
public final class DetachedProcess {
    private static final Duration SHIM_START_BOUND = Duration.ofSeconds(60);

    private final ProcessRegistry registry;
    private final String name;
    private final EntryFiles files;

    DetachedProcess(ProcessRegistry registry, String name) {
        this.registry = registry;
        this.name = name;
        this.files = registry.files(name);
    }

    /**
     * Returns the name.
     *
     * @return the name in the registry
     */
    public String name() {
        return name;
    }

    /**
     * Returns the directory of the entry.
     *
     * @return an absolute path
     */
    public Path directory() {
        return files.directory();
    }

    /**
     * Returns the program and its arguments.
     *
     * @return an unmodifiable list
     * @throws NoSuchProcessException if the entry was removed
     * @throws RegistryException if its files cannot be read
     */
    public List<String> commandLine() {
        return readCommand().spec().commandLine();
    }

    /**
     * Returns what is known of the process now.
     *
     * @return the state
     * @throws NoSuchProcessException if the entry was removed
     * @throws RegistryException if its files cannot be read
     */
    public DetachedState state() {
        try {
            return StateFile.read(files);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Opens the output that is kept.
     *
     * @return a reader, from the oldest line on, to be closed by the caller
     * @throws NoSuchProcessException if the entry was removed
     */
    public OutputReader output() {
        if (!Files.exists(files.command())) {
            throw removed();
        }
        return new OutputReader(files);
    }

    /**
     * Blocks until the process has exited and will not be started again.
     *
     * @return its last status; {@link ExitStatus.Unknown} if it was not recorded
     * @throws NoSuchProcessException if the entry was removed
     * @throws RegistryException if its files cannot be read
     * @throws InterruptedException if interrupted; the process continues
     */
    public ExitStatus await() throws InterruptedException {
        while (true) {
            Optional<ExitStatus> status = await(Duration.ofDays(1));
            if (status.isPresent()) {
                return status.get();
            }
        }
    }

    /**
     * Blocks until the process has exited and will not be started again, or the timeout is over.
     *
     * @param timeout the longest wait; zero or less only checks
     * @return its last status, {@link ExitStatus.Unknown} if it was not recorded; empty if the timeout was over first
     * @throws NoSuchProcessException if the entry was removed
     * @throws RegistryException if its files cannot be read
     * @throws InterruptedException if interrupted; the process continues
     */
    public Optional<ExitStatus> await(Duration timeout) throws InterruptedException {
        long end =
                System.nanoTime() + Objects.requireNonNull(timeout, "timeout").toNanos();
        while (true) {
            DetachedState state = state();
            if (!state.isActive()) {
                return Optional.of(
                        state.phase() == Phase.EXITED && state.exitStatus().isPresent()
                                ? state.exitStatus().get()
                                : new ExitStatus.Unknown(state.message()));
            }
            ProcessIdentity awaited =
                    state.phase() == Phase.ORPHANED ? state.process().orElseThrow() : state.shim();
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (left.isNegative() || !awaitExit(awaited, left)) {
                return Optional.empty();
            }
        }
    }

    /** Blocks until a process has exited; returns false if the timeout was over first. */
    boolean awaitExit(ProcessIdentity process, Duration timeout) throws InterruptedException {
        if (process.pid() == ProcessHandle.current().pid()) { // another thread starts it, and its shim is not there yet
            Thread.sleep(Math.min(10, Math.max(1, timeout.toMillis())));
            return true;
        }
        try (AdoptedProcess adopted = registry.manager().adopt(process)) {
            return adopted.await(timeout).isPresent();
        } catch (NoSuchProcessException e) {
            return true;
        }
    }

    /**
     * Sends a signal to the process itself, not to its descendants. If it ends by it, its restart rule decides.
     *
     * @param signal the signal; the portable path supports TERM and KILL
     * @return false if no process runs now
     * @throws NoSuchProcessException if the entry was removed
     * @throws org.processmanager.core.NotPermittedException if the kernel does not allow it
     * @throws UnsupportedOperationException if the signal needs the native layer, which is missing
     */
    public boolean signal(Signal signal) {
        Objects.requireNonNull(signal, "signal");
        Optional<ProcessIdentity> process = state().process();
        if (process.isEmpty()) {
            return false;
        }
        try (AdoptedProcess adopted = registry.manager().adopt(process.get())) {
            return adopted.signal(signal);
        } catch (NoSuchProcessException e) {
            return false;
        }
    }

    /**
     * Stops the process and its descendants by the {@linkplain org.processmanager.core.Command#stopPolicy policy} of its
     * command: see {@link #stop(StopPolicy)}.
     *
     * @return what was done, and which processes survived
     * @throws NoSuchProcessException if the entry was removed
     * @throws RegistryException if its files cannot be read or written
     */
    public StopReport stop() {
        return stop(readCommand().spec().stopPolicy());
    }

    /**
     * Stops the process and its descendants, and blocks until they have exited or the bounds of the policy are over, and until
     * the exit is recorded, for at most 10 s. The process is not started again. Does nothing if none runs.
     *
     * @param policy the steps; closing standard input is skipped
     * @return which processes were signalled, which step took effect, which processes survived
     * @throws NoSuchProcessException if the entry was removed
     * @throws RegistryException if its files cannot be written
     */
    public StopReport stop(StopPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        requestStop();
        return new DetachedStop(this, registry.manager(), policy).run();
    }

    /**
     * Kills the process and its descendants at once; it is not started again. Blocks and throws as {@link #stop(StopPolicy)}.
     */
    public void kill() {
        stop(StopPolicy.immediateKill());
    }

    /**
     * Stops the process if it runs, and starts it again with its command, options and the environment of its first start; then
     * blocks until it runs and is ready. Its output is kept. Of two calls at the same time, one starts it.
     *
     * @throws NoSuchProcessException if the entry was removed
     * @throws LaunchException if it cannot be started again; its entry stays
     * @throws NotReadyException if it does not become ready; its entry stays
     * @throws RegistryException if it survives the stop, or its files cannot be written
     * @throws InterruptedException if interrupted; the process is then asked to stop
     */
    public void restart() throws InterruptedException {
        restart(readCommand());
    }

    /** Stops the process if it runs, and starts a command in its place. */
    void restart(CommandFile command) throws InterruptedException {
        stop();
        DetachedState state = state();
        if (state.isActive()) {
            throw new RegistryException(
                    "cannot restart " + name + ": it survived the stop, or its shim, process "
                            + state.shim().pid() + ", did not exit; kill it and try again",
                    null);
        }
        startAgain(command);
    }

    /** Starts a command in place of one that is over. */
    void startAgain(CommandFile command) throws InterruptedException {
        try {
            Entries.reopen(files, command);
        } catch (IOException e) {
            throw failure(e);
        }
        runShim(command);
    }

    /**
     * Removes the entry with its output. The name can then be used again.
     *
     * @throws NoSuchProcessException if it was removed before
     * @throws IllegalStateException if the process runs: stop it first
     * @throws RegistryException if its files cannot be deleted
     */
    public void remove() {
        DetachedState state = state();
        if (state.isActive()) {
            throw inUse(state);
        }
        try {
            if (!Entries.remove(files)) {
                throw inUse(state());
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private IllegalStateException inUse(DetachedState state) {
        return new IllegalStateException("cannot remove " + name + ": it is " + state.phase() + ", process "
                + state.process().orElse(state.shim()).pid() + "; stop it first");
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }

    /** Starts a shim, and blocks until it has started the process. */
    void runShim(CommandFile command) throws InterruptedException {
        try {
            Shims.start(
                    registry.manager(),
                    files,
                    command,
                    SHIM_START_BOUND.plus(command.options().readyTimeout()));
        } catch (InterruptedException e) {
            requestStop();
            throw e;
        } catch (IOException e) {
            throw failure(e);
        }
        DetachedState state = state();
        if (state.phase() == Phase.FAILED) {
            throw StateFile.failure(files, state);
        }
        boolean untouched = state.phase() == Phase.STARTING && state.process().isEmpty() || state.phase() == Phase.LOST;
        if (untouched) {
            String message = "cannot start " + name + ": its shim, a JVM, did not start within "
                    + DurationText.of(SHIM_START_BOUND) + ", or exited; it reported: " + shimLog();
            giveUp(message);
            throw new LaunchException(LaunchException.Reason.OTHER, message);
        }
    }

    private void giveUp(String message) {
        try {
            Entries.giveUp(files, message);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private String shimLog() {
        try {
            String text = Files.readString(files.shimLog()).strip();
            return text.isEmpty() ? "nothing" : text;
        } catch (IOException e) {
            return "nothing";
        }
    }

    /** Removes the entry of a process that could not be started. */
    void discard() {
        try {
            if (!Entries.remove(files)) { // a shim that was late has it
                stop();
                var unused = Entries.remove(files);
            }
        } catch (IOException e) {
            // it stays as a failed one
        }
    }

    /** Returns whether the process was asked to stop since its start. */
    boolean isStopRequested() {
        return Files.exists(files.stopRequest());
    }

    private void requestStop() {
        try {
            if (!Files.exists(files.directory())) {
                throw removed();
            }
            Files.write(files.stopRequest(), new byte[0]);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    CommandFile readCommand() {
        try {
            return CommandFile.read(files);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private RuntimeException failure(IOException e) {
        if (e instanceof NoSuchFileException && !Files.exists(files.directory())) {
            return removed();
        }
        return new RegistryException("cannot use the entry " + files.directory() + ": " + ProcessRegistry.reason(e), e);
    }

    private NoSuchProcessException removed() {
        return new NoSuchProcessException("no process is named " + name + " in " + registry);
    }
}
