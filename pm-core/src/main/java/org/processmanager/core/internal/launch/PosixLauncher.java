package org.processmanager.core.internal.launch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.PathFacts;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.reactor.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts children by {@code posix_spawn}. They get descriptors 0, 1 and 2 and no other, default signals, and a session of
 * their own, unless a standard stream is the JVM's: then they stay in the JVM's group, so that a terminal treats them as
 * part of its foreground job. (With a group of its own alone, a child that touches the terminal would be halted.)
 */
public final class PosixLauncher implements Launcher {
    private static final ProgramFinder FINDER = new ProgramFinder(PosixLauncher::look, Environments::inherited);
    private static final long LONGEST_BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_BUSY_PAUSE_NANOS = 500_000;
    private static final long LONGEST_BUSY_PAUSE_NANOS = 50_000_000;
    private static final int JVM_GROUP = -1;
    private static final int NONE = -1;
    private static final int OWN_GROUP = 0;
    private static final int LONGEST_COMPLAINT = 512;

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
    public Child launch(LaunchSpec wanted, boolean callerWaits) {
        long start = System.nanoTime();
        Path directory = wanted.directory();
        if (directory != null) {
            checkDirectory(wanted, directory);
        }
        String file = FINDER.find(wanted, directory == null ? null : text(directory) + "/");
        Identity identity = Identity.of(wanted);
        Limits.check(wanted);
        LaunchSpec spec = wanted.with(identity.in(wanted.environment())).filled(Resources.FILE);
        Route route = Route.plan(spec, file, fromInside(directory, file), identity);
        if (!route.isDirect()) {
            ProgramFile.check(spec, file);
        }
        boolean guarded = spec.ties().dieWithParent();
        if (guarded) {
            guardian.begin();
        }
        LaunchGate gate = LaunchGate.open(spec);
        Descriptors descriptors;
        try {
            descriptors = Descriptors.open(spec);
        } catch (RuntimeException | Error e) {
            gate.abandon();
            throw e;
        }
        int pid = 0;
        int pidfd = NONE;
        EventLoop borrowed = null;
        Sinks sinks = null;
        try {
            borrowed = callerWaits ? EventLoops.borrow() : null;
            EventLoop loop = borrowed != null ? borrowed : EventLoops.shared();
            sinks = Sinks.open(spec, loop::handOff);
            pid = start(spec, route, gate, descriptors);
            descriptors.closeChilds();
            int session = pid;
            BooleanSupplier mayReap = guarded ? () -> guardian.release(session) : () -> true;
            pidfd = Wait.openPidfd(pid);
            HeldPid held = new HeldPid(pid, pidfd, mayReap);
            PosixChild child =
                    new PosixChild(spec, held, gate.cgroup(), descriptors, sinks, loop, borrowed != null, start);
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
                    killUnborn(pid);
                }
                if (pidfd != NONE) {
                    Files.close(pidfd);
                }
                gate.abandon();
            } finally {
                if (sinks != null) {
                    sinks.abandon();
                }
                if (borrowed != null) {
                    EventLoops.giveBack(borrowed);
                }
            }
            if (e instanceof PosixException failure) {
                throw explain(spec, route.isDirect() ? file : route.first(), failure);
            }
            throw e;
        }
    }

    /** Starts a process and sees it to its program; if that is busy, as in {@link #spawnUnlessBusy}, again. */
    private int start(LaunchSpec spec, Route route, LaunchGate gate, Descriptors descriptors) {
        long start = System.nanoTime();
        long pause = FIRST_BUSY_PAUSE_NANOS;
        while (true) {
            gate.shut();
            int pid = LauncherThread.spawn(spec, () -> spawn(spec, route, gate, descriptors));
            boolean there = false;
            try {
                gate.closeChilds();
                if (spec.ties().dieWithParent()) {
                    guardian.guard(pid);
                }
                gate.pass(pid);
                route.awaitProgram(pid, () -> complaint(descriptors));
                there = true;
                return pid;
            } catch (LaunchException.NotExecutable e) {
                if (!route.mayBeBusy() || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                    throw e;
                }
            } finally {
                if (!there) {
                    guardian.release(pid);
                    killUnborn(pid);
                }
            }
            Threads.pause(pause);
            pause = Math.min(pause * 2, LONGEST_BUSY_PAUSE_NANOS);
        }
    }

    /** What lies in the pipe of standard error, if there is one, when nobody has read from it yet. */
    private static String complaint(Descriptors descriptors) {
        int pipe = descriptors.ours(2);
        byte[] bytes = new byte[LONGEST_COMPLAINT];
        int n = pipe < 0 ? 0 : Files.read(pipe, bytes, bytes.length);
        return n <= 0 ? "" : new String(bytes, 0, n, StandardCharsets.UTF_8).strip();
    }

    @Override
    public List<Child> launchPipeline(List<LaunchSpec> stages) {
        List<Child> started = new ArrayList<>(stages.size());
        try (StagePipes pipes = StagePipes.open(stages.size())) {
            for (int i = 0; i < stages.size(); i++) {
                LaunchSpec stage = stages.get(i);
                started.add(launch(stage.with(pipes.connect(stage.streams(), i)), false));
                pipes.handedTo(i);
            }
            return started;
        } catch (Throwable e) {
            started.forEach(Child::discard);
            throw e;
        }
    }

    @Override
    public Adopted adopt(long pid, Optional<ProcessIdentity> wanted) {
        return PosixAdopted.open(pid, wanted);
    }

    @Override
    public List<Long> helpers() {
        return guardian.pids();
    }

    @Override
    public void close() {
        guardian.close();
    }

    private static int spawn(LaunchSpec spec, Route route, LaunchGate gate, Descriptors descriptors) {
        Path directory = spec.directory();
        int[] childs = descriptors.childs();
        CStrings environment = Environments.block(descriptors.environment());
        try (CStrings argv = route.argv(childs.length)) {
            Spawn.Request request = new Spawn.Request(
                    route.first(),
                    argv,
                    environment,
                    directory == null ? null : text(directory),
                    gate.after(childs),
                    spec.leadsSession(),
                    spec.leadsGroup() ? OWN_GROUP : JVM_GROUP);
            return spawnUnlessBusy(request);
        } finally {
            Environments.release(environment);
        }
    }

    /** As the caller gave it: making it absolute would send the name of the JVM's folder through the locale. */
    private static String text(Path directory) {
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

    /**
     * A program that was just written is "busy" while any process holds it open for writing, and a child that some other
     * thread is starting at this moment may, until it executes its program: that passes.
     */
    private static int spawnUnlessBusy(Spawn.Request request) {
        long start = System.nanoTime();
        long pause = FIRST_BUSY_PAUSE_NANOS;
        while (true) {
            try {
                return Spawn.spawn(request);
            } catch (PosixException e) {
                if (!e.is(Errno.ETXTBSY) || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                    throw e;
                }
            }
            Threads.pause(pause);
            pause = Math.min(pause * 2, LONGEST_BUSY_PAUSE_NANOS);
        }
    }

    /** Ends a child that nobody will answer for. */
    private static void killUnborn(int pid) {
        Wait.kill(pid, Signal.KILL.number());
        while (Wait.reap(pid) == null) {
            Threads.pause(FIRST_BUSY_PAUSE_NANOS);
        }
    }

    private static ProgramFinder.Found look(String file) {
        int errno = PathFacts.mayExecute(file);
        if (errno == 0) {
            return PathFacts.isDirectory(file) ? ProgramFinder.Found.MISSING : ProgramFinder.Found.RUNNABLE;
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
        int errno = PathFacts.mayExecute(path);
        if (PathFacts.isDirectory(path)) {
            return errno == 0 ? null : Errno.describe(errno);
        }
        // A file without permission to execute it is no directory in the first place.
        boolean file = errno == 0 || Errno.EACCES.is(errno) && PathFacts.exists(path);
        return Errno.describe(file ? Errno.ENOTDIR.number() : errno);
    }

    private static LaunchException explain(LaunchSpec spec, String file, PosixException e) {
        if (spec.directory() != null) {
            // It may have gone since it was checked.
            checkDirectory(spec, spec.directory());
        }
        String what = "cannot start " + spec.program() + (file.equals(spec.program()) ? "" : " (" + file + ")") + ": ";
        Errno errno = Errno.of(e.errno());
        return switch (errno == null ? Errno.EIO : errno) {
            case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP ->
                PathFacts.mayExecute(file) == 0
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
