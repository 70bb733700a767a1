package org.processmanager.core.internal.launch.posix;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.WatchedProcess;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.program.Environments;
import org.processmanager.core.internal.launch.program.ProgramFile;
import org.processmanager.core.internal.launch.program.ProgramFinder;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts children by {@code posix_spawn}. They get descriptors 0, 1 and 2 and no other, default signals, and a session of
 * their own, unless a standard stream is the JVM's: then they stay in the JVM's group, so that a terminal treats them as
 * part of its foreground job. (With a group of its own alone, a child that touches the terminal would be suspended.)
 */
public final class PosixLauncher implements Launcher {
    private static final ProgramFinder FINDER = new ProgramFinder(new Probe());
    private static final long LONGEST_BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_BUSY_PAUSE_NANOS = 500_000;
    private static final long LONGEST_BUSY_PAUSE_NANOS = 50_000_000;
    private static final int NONE = -1;
    private static final int JVM_GROUP = -1;
    private static final int OWN_GROUP = 0;

    private final Guardian guardian = new Guardian(this);

    private static final class Support {
        static final boolean AVAILABLE = decide();

        private static boolean decide() {
            String reason = Spawn.unavailableReason();
            if (reason != null) {
                Logger log = LoggerFactory.getLogger(PosixLauncher.class);
                log.info("processes start through ProcessBuilder: {}", reason);
            }
            return reason == null;
        }
    }

    /** Returns whether this launcher works on this system; otherwise one log message has the reason. */
    public static boolean isAvailable() {
        return NativeLayer.available() && Support.AVAILABLE;
    }

    @Override
    public ChildProcess launch(LaunchSpec given, boolean callerWaits) {
        LaunchSpec wanted = given.directory() == null
                ? given
                : given.withEnvironment(given.environment().inDirectory(given.directory(), text -> true));
        String directory = wanted.directory() == null ? null : checkDirectory(wanted, wanted.directory());
        String file = FINDER.find(wanted, directory == null ? null : directory + "/");
        SpawnAttempt attempt = wanted.isPlain() ? null : prepare(wanted, file, inside(directory, file));
        LaunchSpec spec = attempt == null ? wanted : attempt.spec();
        ChildDescriptors descriptors = null;
        Sinks sinks = null;
        EventLoop borrowed = null;
        int pid = NONE;
        boolean launched = false;
        try {
            descriptors = ChildDescriptors.open(spec);
            borrowed = callerWaits ? EventLoops.borrow() : null;
            EventLoop loop = borrowed != null ? borrowed : EventLoops.shared();
            sinks = Sinks.open(spec, loop.blockingExecutor());
            long startNanos = System.nanoTime();
            pid = attempt == null ? spawn(spec, inside(directory, file), descriptors) : attempt.spawn(descriptors);
            descriptors.closeChildEnds();
            PidHandle handle = new PidHandle(pid, openPidfd(pid), attempt == null ? null : attempt.beforeReaping(pid));
            Cgroup cgroup = attempt == null ? null : attempt.cgroup();
            PosixChild child = new PosixChild(spec, handle, cgroup, descriptors, sinks, loop, startNanos);
            child.start(borrowed != null);
            launched = true;
            return child;
        } catch (PosixException e) {
            throw explain(spec, file, e);
        } catch (ResourcesExhaustedException e) {
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED,
                    "cannot start " + spec.program() + ": " + e.getMessage(),
                    e);
        } finally {
            if (!launched) {
                abandon(spec, attempt, pid, descriptors, sinks, borrowed);
            }
        }
    }

    private static int openPidfd(int pid) {
        try {
            return Wait.openPidfd(pid);
        } catch (PosixException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
            // Exited and reaped, for example because this JVM ignores SIGCHLD: this is readable too, and no signal goes
            // through
            // it.
            int[] pipe = Files.pipe(false);
            Files.close(pipe[1]);
            return pipe[0];
        }
    }

    private SpawnAttempt prepare(LaunchSpec wanted, String outside, String inside) {
        try {
            return new SpawnAttempt(wanted, outside, inside, guardian);
        } catch (PosixException e) {
            throw explain(wanted, outside, e);
        }
    }

    private static int spawn(LaunchSpec spec, String file, ChildDescriptors descriptors) {
        try (CStrings argv = CStrings.of(spec.argv())) {
            return spawnUnlessBusy(spec, file, argv, descriptors.environment(), descriptors.childFds(), NONE);
        }
    }

    /**
     * Spawns a process. A program that was just written is "busy" while any process has it open for writing, and a child that
     * another thread is spawning at this moment may, until it executes its own program: then this tries again.
     *
     * @param cgroup the open directory of the control group that the process starts in; -1 for that of this JVM
     */
    static int spawnUnlessBusy(
            LaunchSpec spec, String file, CStrings argv, EnvironmentSpec variables, int[] descriptors, int cgroup) {
        CStrings environment = Environments.block(variables);
        try {
            Spawn.Request request = new Spawn.Request(
                    file,
                    argv,
                    environment,
                    spec.directory() == null ? null : text(spec.directory()),
                    descriptors,
                    spec.leadsSession(),
                    spec.leadsGroup() ? OWN_GROUP : JVM_GROUP,
                    cgroup);
            long start = System.nanoTime();
            long pause = FIRST_BUSY_PAUSE_NANOS;
            while (true) {
                boolean lowered = FileLimit.lower(descriptors[0]);
                try {
                    return Spawn.spawn(request);
                } catch (PosixException e) {
                    if (!e.is(Errno.ETXTBSY) || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                        throw e;
                    }
                } finally {
                    if (lowered) {
                        FileLimit.restore();
                    }
                }
                Threads.pause(pause);
                pause = Math.min(pause * 2, LONGEST_BUSY_PAUSE_NANOS);
            }
        } finally {
            Environments.release(environment);
        }
    }

    /** Cleans up after a failed launch; parts that were not created are null or -1. */
    private void abandon(
            LaunchSpec spec,
            @Nullable SpawnAttempt attempt,
            int pid,
            @Nullable ChildDescriptors descriptors,
            @Nullable Sinks sinks,
            @Nullable EventLoop borrowed) {
        if (descriptors != null) {
            descriptors.closeAll();
        }
        if (pid != NONE) {
            if (spec.dieWithParent()) {
                guardian.release(pid);
            }
            Wait.killAndReap(pid);
        }
        if (attempt != null) {
            attempt.abandon();
        }
        if (sinks != null) {
            sinks.abandon();
        }
        if (borrowed != null) {
            EventLoops.giveBack(borrowed);
        }
    }

    @Override
    public List<ChildProcess> launchPipeline(List<LaunchSpec> stages) {
        List<ChildProcess> started = new ArrayList<>(stages.size());
        try (StagePipes pipes = StagePipes.open(stages.size())) {
            for (int i = 0; i < stages.size(); i++) {
                LaunchSpec stage = stages.get(i);
                started.add(launch(pipes.connect(stage, i), false));
                pipes.passedTo(i);
            }
            return started;
        } catch (Throwable e) {
            started.forEach(ChildProcess::discard);
            throw e;
        }
    }

    @Override
    public WatchedProcess adopt(long pid, Optional<ProcessIdentity> wanted) {
        return PosixWatchedProcess.open(pid, wanted);
    }

    @Override
    public List<Long> helpers() {
        return guardian.pids();
    }

    @Override
    public void close() {
        guardian.close();
    }

    /** Returns the path as given, so that a relative one needs no permission for the directories above. */
    static String text(Path directory) {
        String text = PathText.of(directory);
        return text.isEmpty() ? "." : text;
    }

    /** Returns the file as seen from the working directory of the child. */
    private static String inside(@Nullable String directory, String file) {
        return directory == null || file.startsWith("/") ? file : file.substring(directory.length() + 1);
    }

    private static final class Probe implements ProgramFinder.Probe {
        @Override
        public boolean isProgram(String file) {
            return FileChecks.isProgram(file);
        }

        @Override
        public boolean isRefused(String file) {
            return Errno.EACCES.is(FileChecks.mayExecute(file));
        }

        @Override
        public Map<String, String> inherited() {
            return Environments.inherited();
        }
    }

    private static String checkDirectory(LaunchSpec spec, Path directory) {
        String problem = directoryProblem(directory);
        if (problem != null) {
            throw new LaunchException(
                    LaunchException.Reason.BAD_DIRECTORY,
                    "cannot start " + spec.program() + " in the directory " + directory + ": " + problem);
        }
        return text(directory);
    }

    private static @Nullable String directoryProblem(Path directory) {
        String path = text(directory);
        int errno = FileChecks.mayExecute(path);
        if (FileChecks.isDirectory(path)) {
            return errno == 0 ? null : Errno.describe(errno);
        }
        // A file without permission to execute it is no directory in the first place.
        boolean file = errno == 0 || Errno.EACCES.is(errno) && FileChecks.exists(path);
        return Errno.describe(file ? Errno.ENOTDIR.number() : errno);
    }

    /** Returns the exception for a failed call. */
    static LaunchException explain(LaunchSpec spec, String file, PosixException e) {
        if (spec.directory() != null) {
            // The directory may have been deleted after its check.
            checkDirectory(spec, spec.directory());
        }
        String what = "cannot start " + spec.program() + (file.equals(spec.program()) ? "" : " (" + file + ")") + ": ";
        Errno errno = Errno.of(e.errno());
        return switch (errno == null ? Errno.EIO : errno) {
            case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP ->
                FileChecks.mayExecute(file) == 0
                        ? new LaunchException(
                                LaunchException.Reason.NOT_EXECUTABLE,
                                what + "the interpreter that it names does not exist")
                        : new LaunchException(LaunchException.Reason.NOT_FOUND, what + Errno.describe(e.errno()));
            case EACCES, EPERM, ENOEXEC, EISDIR ->
                new LaunchException(
                        LaunchException.Reason.NOT_EXECUTABLE,
                        what
                                + Objects.requireNonNullElseGet(
                                        ProgramFile.otherKind(file), () -> Errno.describe(e.errno())));
            case E2BIG ->
                new LaunchException(
                        LaunchException.Reason.ARGUMENTS_TOO_LONG,
                        what + Errno.describe(e.errno())
                                + "; an argument may have 128 KiB, all of them with the environment a quarter of the stack limit."
                                + " Pass the data by standard input or a file");
            case EAGAIN, ENOMEM, EMFILE, ENFILE ->
                new LaunchException(LaunchException.Reason.RESOURCES_EXHAUSTED, what + Errno.describe(e.errno()), e);
            default -> new LaunchException(LaunchException.Reason.OTHER, what + e.getMessage(), e);
        };
    }
}
