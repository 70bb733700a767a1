package org.processmanager.core.internal.launch.posix;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.WatchedProcess;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.program.Environments;
import org.processmanager.core.internal.launch.program.Locales;
import org.processmanager.core.internal.launch.program.ProgramFile;
import org.processmanager.core.internal.launch.program.ProgramFinder;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.tree.Cgroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts children by {@code posix_spawn}. They get descriptors 0, 1 and 2 and no other, default signals, and a session of
 * their own, unless a standard stream is the JVM's: then they stay in the JVM's group, so that a terminal treats them as
 * part of its foreground job. (With a group of its own alone, a child that touches the terminal would be halted.)
 */
public final class PosixLauncher implements Launcher {
    private static final ProgramFinder FINDER = new ProgramFinder(PosixLauncher::look, Environments::inherited);
    private static final int NONE = -1;

    private final Guardian guardian = new Guardian(this);

    private static final class Support {
        static final boolean AVAILABLE = decide();

        private static boolean decide() {
            if (!NativeLayer.available()) {
                return false; // without JNA not even the class of the next line could be loaded
            }
            String reason = Spawn.unavailableReason();
            if (reason != null) {
                Logger log = LoggerFactory.getLogger(PosixLauncher.class);
                log.info("processes start through ProcessBuilder: {}", reason);
            }
            return reason == null;
        }
    }

    /** Whether processes can be started this way here; if not, one log line has said why. */
    public static boolean isAvailable() {
        return Support.AVAILABLE;
    }

    @Override
    public ChildProcess launch(LaunchSpec wanted, boolean callerWaits) {
        long start = System.nanoTime();
        Path directory = wanted.directory();
        if (directory != null) {
            checkDirectory(wanted, directory);
        }
        String file = FINDER.find(wanted, directory == null ? null : text(directory) + "/");
        Credentials identity = Credentials.of(wanted);
        LimitChecks.check(wanted);
        LaunchSpec known = wanted.withEnvironment(identity.in(wanted.environment()));
        LaunchSpec readable = Locales.readable(known, Environments.inherited());
        PrivateFile arguments = readable.argumentFile();
        LaunchSpec spec = arguments == null
                ? readable
                : readable.withCommandLine(arguments.fill(readable.commandLine(), PassedResources.FILE));
        boolean guarded = spec.dieWithParent();
        boolean gated = guarded || spec.cgroup() != null && !CgroupPlacement.isForBirth();
        Function<Boolean, ExecChain> way =
                gate -> ExecChain.plan(spec, file, fromInside(directory, file), identity, gate);
        ExecChain route = way.apply(gated);
        if (guarded) {
            guardian.begin();
        }
        CgroupPlacement group = CgroupPlacement.open(spec);
        ChildDescriptors descriptors;
        try {
            descriptors = ChildDescriptors.open(spec);
        } catch (RuntimeException | Error e) {
            abandon(group);
            throw e;
        }
        int pid = 0;
        int pidfd = NONE;
        EventLoop borrowed = null;
        Sinks sinks = null;
        try {
            borrowed = callerWaits ? EventLoops.borrow() : null;
            EventLoop loop = borrowed != null ? borrowed : EventLoops.shared();
            sinks = Sinks.open(spec, loop::executeBlocking);
            pid = new SpawnAttempt(spec, way, route, group, guardian, descriptors).give();
            descriptors.closeChilds();
            int session = pid;
            BooleanSupplier mayReap = guarded ? () -> guardian.release(session) : () -> true;
            pidfd = Wait.openPidfd(pid);
            PidHandle held = new PidHandle(pid, pidfd, mayReap);
            Cgroup cgroup = group == null ? null : group.cgroup();
            PosixChild child = new PosixChild(spec, held, cgroup, descriptors, sinks, loop, borrowed != null, start);
            if (borrowed != null) {
                child.begin();
            } else {
                loop.execute(child::begin);
            }
            return child;
        } catch (RuntimeException | Error e) {
            descriptors.closeChilds();
            descriptors.closeOurs();
            try {
                if (pid != 0) {
                    guardian.release(pid);
                    SpawnAttempt.undo(pid);
                }
                if (pidfd != NONE) {
                    Files.close(pidfd);
                }
                abandon(group);
            } finally {
                if (sinks != null) {
                    sinks.abandon();
                }
                if (borrowed != null) {
                    EventLoops.giveBack(borrowed);
                }
            }
            if (e instanceof PosixException failure) {
                throw explain(spec, file, failure);
            }
            throw e;
        }
    }

    private static void abandon(@Nullable CgroupPlacement group) {
        if (group != null) {
            group.abandon();
        }
    }

    @Override
    public List<ChildProcess> launchPipeline(List<LaunchSpec> stages) {
        List<ChildProcess> started = new ArrayList<>(stages.size());
        try (StagePipes pipes = StagePipes.open(stages.size())) {
            for (int i = 0; i < stages.size(); i++) {
                LaunchSpec stage = stages.get(i);
                started.add(launch(pipes.connect(stage, i), false));
                pipes.handedTo(i);
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

    /** As the caller gave it: making it absolute would send the name of the JVM's folder through the locale. */
    static String text(Path directory) {
        String text = directory.toString();
        return text.isEmpty() ? "." : text;
    }

    /** The file as it is called in the child, which executes it from inside the directory. */
    private static String fromInside(@Nullable Path directory, String file) {
        if (directory == null || file.startsWith("/")) {
            return file;
        }
        return file.substring(text(directory).length() + 1);
    }

    private static ProgramFinder.Found look(String file) {
        int errno = FileChecks.mayExecute(file);
        if (errno == 0) {
            return FileChecks.isDirectory(file) ? ProgramFinder.Found.MISSING : ProgramFinder.Found.RUNNABLE;
        }
        return Errno.EACCES.is(errno) ? ProgramFinder.Found.NOT_RUNNABLE : ProgramFinder.Found.MISSING;
    }

    private static void checkDirectory(LaunchSpec spec, Path directory) {
        String problem = directoryProblem(directory);
        if (problem != null) {
            throw new LaunchException.BadDirectory(
                    "cannot start " + spec.program() + " in the directory " + directory + ": " + problem);
        }
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

    /** What a failed call means for the launch. */
    static LaunchException explain(LaunchSpec spec, String file, PosixException e) {
        if (spec.directory() != null) {
            // It may have gone since it was checked.
            checkDirectory(spec, spec.directory());
        }
        String what = "cannot start " + spec.program() + (file.equals(spec.program()) ? "" : " (" + file + ")") + ": ";
        Errno errno = Errno.of(e.errno());
        return switch (errno == null ? Errno.EIO : errno) {
            case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP ->
                FileChecks.mayExecute(file) == 0
                        ? new LaunchException.NotExecutable(what + "the interpreter that it names does not exist")
                        : new LaunchException.NotFound(what + Errno.describe(e.errno()));
            case EACCES, EPERM, ENOEXEC, EISDIR ->
                new LaunchException.NotExecutable(what
                        + Objects.requireNonNullElseGet(ProgramFile.otherKind(file), () -> Errno.describe(e.errno())));
            case E2BIG ->
                new LaunchException.ArgumentsTooLong(what + Errno.describe(e.errno())
                        + "; an argument may have 128 KiB, all of them with the environment a quarter of the stack limit."
                        + " Pass the data by standard input or a file");
            case EAGAIN, ENOMEM, EMFILE, ENFILE ->
                new LaunchException.ResourcesExhausted(what + Errno.describe(e.errno()), e);
            default -> new LaunchException(what + e.getMessage(), e);
        };
    }
}
