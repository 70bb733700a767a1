package org.processmanager.core.internal.detached;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.NotReadyException;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.internal.manager.CommandAccess;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a shim does: it starts the program, keeps its output in the log, starts it again if its options say so, and records
 * each change in the state of the entry. It ends with the program.
 *
 * <p>While it lives, it holds the lock of the entry, so that each entry has one shim at most. A record that cannot be written
 * is tried again every second: an exit status is not lost to a full disk. If the shim is killed, so is the program, whose
 * output nothing reads any longer; on the portable path the program continues.
 *
 * <p>The caller that started it waits for the end of its standard output, which it closes when the program runs and is ready,
 * or has failed.
 */
final class Shim {
    private static final Logger LOG = LoggerFactory.getLogger(Shim.class);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOCK_BOUND_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration SHUTDOWN_BOUND = Duration.ofSeconds(15);

    private final EntryFiles files;
    private final String name;
    private final ProcessIdentity self;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean shuttingDown;
    private DetachedState state;
    private int restartCount;

    Shim(EntryFiles files, String name) {
        this.files = files;
        this.name = name;
        self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        state = new DetachedState(
                Phase.STARTING, Optional.empty(), self, Instant.now(), Optional.empty(), 0, Optional.empty(), "");
    }

    void run() throws IOException, InterruptedException {
        try (FileChannel lock = FileChannel.open(files.lock(), StandardOpenOption.WRITE)) {
            if (!tryLock(lock) || wasRemoved()) {
                return;
            }
            CommandFile command = CommandFile.read(files);
            Runtime.getRuntime().addShutdownHook(Threads.daemon("record-exit", this::endWithJvm));
            try (OutputLog log = new OutputLog(files, command.options().logBytes());
                    ProcessManager manager = ProcessManager.create()) {
                keepRunning(command, manager, log);
            }
        } finally {
            over.countDown();
            releaseStarter(); // now that the lock is free
        }
    }

    /** Takes the entry unless another shim has it. Callers that change an entry hold the lock for a moment. */
    private static boolean tryLock(FileChannel lock) throws IOException {
        long start = System.nanoTime();
        while (lock.tryLock() == null) {
            if (System.nanoTime() - start > LOCK_BOUND_NANOS) {
                return false;
            }
            Threads.pause(POLL_NANOS);
        }
        return true;
    }

    private boolean wasRemoved() throws IOException {
        Path named = Path.of("..", name); // the entry is the working directory
        return !Files.exists(named) || !Files.isSameFile(named, Path.of(""));
    }

    /** TERM to the shim, as at the shutdown of the machine: the manager stops the program, and its exit is still recorded. */
    private void endWithJvm() {
        shuttingDown = true;
        try {
            over.await(SHUTDOWN_BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepRunning(CommandFile file, ProcessManager manager, OutputLog log) throws InterruptedException {
        Command command = CommandAccess.get()
                .create(file.forShim(), manager)
                .stdout(Output.bytes(bytes -> log.append("stdout", bytes)))
                .stderr(Output.bytes(bytes -> log.append("stderr", bytes)));
        if (NativeLayer.available()) {
            command = command.dieWithParent();
        }
        command = file.options().ready(command);
        boolean waitsUntilReady = file.options().waitsUntilReady();
        RestartRow restarts = new RestartRow(file.options().restart());
        @Nullable ManagedProcess process;
        try {
            process = start(command, waitsUntilReady);
        } catch (LaunchException e) {
            fail(e, e.reason().name());
            return;
        } catch (NotReadyException e) {
            fail(e, StateFile.NOT_READY + e.reason());
            return;
        }
        releaseStarter();
        while (true) {
            long started = System.nanoTime();
            Optional<ExitStatus> status = Optional.empty();
            boolean success = false;
            String message = "";
            try {
                if (process == null) {
                    process = start(command, waitsUntilReady);
                }
                ProcessResult result = process.await();
                CrashPoint.reach("shim.exited");
                status = Optional.of(result.status());
                success = file.isSuccess(result.status());
            } catch (LaunchException | NotReadyException e) {
                message = String.valueOf(e.getMessage());
            }
            process = null;
            Optional<Duration> delay =
                    isStopRequested() ? Optional.empty() : restarts.next(success, System.nanoTime() - started);
            if (delay.isPresent()) {
                recordExit(Phase.RESTARTING, status, message, "");
            }
            if (delay.isEmpty() || !pause(delay.get())) {
                boolean failed = status.isEmpty() && !isStopRequested();
                recordExit(failed ? Phase.FAILED : Phase.EXITED, status, message, "");
                CrashPoint.reach("shim.exitRecorded");
                log.reportLoss(); // there is room: the record was written
                return;
            }
            restartCount++;
        }
    }

    /** Waits before a restart; returns false if the process is not to be started again. */
    private boolean pause(Duration delay) {
        long start = System.nanoTime();
        long nanos = delay.toNanos();
        while (!isStopRequested()) {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return true;
            }
            Threads.pause(Math.min(left, POLL_NANOS));
        }
        return false;
    }

    /** Starts the program, and returns when it is ready. */
    private ManagedProcess start(Command command, boolean waitsUntilReady) throws InterruptedException {
        ManagedProcess process = command.start();
        CrashPoint.reach("shim.started");
        if (waitsUntilReady) {
            record(Phase.STARTING, process);
            try {
                process.awaitReady();
            } catch (NotReadyException e) {
                process.stop();
                throw e;
            }
        }
        record(Phase.RUNNING, process);
        CrashPoint.reach("shim.recorded");
        return process;
    }

    /** Records that the program could not be started; one that was stopped before it was ready has only exited. */
    private void fail(ProcessManagerException e, String failure) {
        boolean stopped = isStopRequested();
        recordExit(
                stopped ? Phase.EXITED : Phase.FAILED,
                Optional.empty(),
                String.valueOf(e.getMessage()),
                stopped ? "" : failure);
    }

    private boolean isStopRequested() {
        return shuttingDown || Files.exists(files.stopRequest());
    }

    private void record(Phase phase, ManagedProcess process) {
        Optional<ProcessIdentity> identity = ProcessIdentity.of(process.pid());
        DetachedState changed = new DetachedState(
                phase, identity, self, Instant.now(), Optional.empty(), restartCount, state.exitStatus(), "");
        write(changed, "");
    }

    private void recordExit(Phase phase, Optional<ExitStatus> status, String message, String failure) {
        DetachedState changed = new DetachedState(
                phase,
                state.process(),
                self,
                state.started(),
                Optional.of(Instant.now()),
                restartCount,
                status,
                message);
        write(changed, failure);
    }

    private void write(DetachedState changed, String failure) {
        state = changed;
        while (true) {
            try {
                StateFile.write(files, changed, failure);
                return;
            } catch (IOException e) {
                if (wasRemovedOrUnknown()) {
                    return;
                }
                LOG.warn("cannot record {} of {}, trying again every second: {}", changed.phase(), name, e.toString());
                Threads.pause(RETRY_NANOS);
            }
        }
    }

    private boolean wasRemovedOrUnknown() {
        try {
            return wasRemoved();
        } catch (IOException e) {
            return false;
        }
    }

    /** Closes standard output, for whose end the caller that started this shim waits. */
    private static void releaseStarter() {
        try {
            new FileOutputStream(FileDescriptor.out).close();
        } catch (IOException e) {
            LOG.debug("standard output", e);
        }
    }
}
