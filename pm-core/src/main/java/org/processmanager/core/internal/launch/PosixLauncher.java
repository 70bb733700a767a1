package org.processmanager.core.internal.launch;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
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

    private final Guardian guardian = new Guardian(this);

    private static final class Support {
        static final boolean AVAILABLE = decide();

        private static boolean decide() {
            String reason = Spawn.unavailableReason();
            if (reason != null && NativeLayer.available()) {
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
    public Child launch(LaunchSpec spec, boolean callerWaits) {
        Unsupported.refuse(spec.attributes().names()); // not yet
        long start = System.nanoTime();
        Path directory = spec.directory();
        if (directory != null) {
            checkDirectory(spec, directory);
        }
        String file = FINDER.find(spec, directory == null ? null : text(directory) + "/");
        boolean guarded = spec.ties().dieWithParent();
        if (guarded) {
            guardian.begin();
        }
        Descriptors descriptors = Descriptors.open(spec);
        int pid = 0;
        EventLoop borrowed = null;
        Sinks sinks = null;
        try {
            borrowed = callerWaits ? EventLoops.borrow() : null;
            EventLoop loop = borrowed != null ? borrowed : EventLoops.shared();
            sinks = Sinks.open(spec, loop::handOff);
            pid = spawn(spec, file, descriptors);
            descriptors.closeChilds();
            if (guarded) {
                guardian.guard(pid);
            }
            int session = pid;
            BooleanSupplier mayReap = guarded ? () -> guardian.release(session) : () -> true;
            HeldPid held = new HeldPid(pid, Wait.openPidfd(pid), mayReap);
            PosixChild child = new PosixChild(spec, held, descriptors, sinks, loop, borrowed != null, start);
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

    @Override
    public void close() {
        guardian.close();
    }

    private static int spawn(LaunchSpec spec, String file, Descriptors descriptors) {
        Path directory = spec.directory();
        CStrings environment = Environments.block(descriptors.environment());
        try (CStrings argv = CStrings.of(spec.commandLine())) {
            Spawn.Request request = new Spawn.Request(
                    fromInside(directory, file),
                    argv,
                    environment,
                    directory == null ? null : text(directory),
                    descriptors.childs(),
                    spec.leadsSession(),
                    JVM_GROUP);
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
        int errno = Files.mayExecute(file);
        if (errno == 0) {
            return Files.isDirectory(file) ? ProgramFinder.Found.MISSING : ProgramFinder.Found.RUNNABLE;
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
        int errno = Files.mayExecute(path);
        if (errno != 0) {
            return Errno.describe(errno);
        }
        return Files.isDirectory(path) ? null : Errno.describe(Errno.ENOTDIR.number());
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
                Files.mayExecute(file) == 0
                        ? new LaunchException.NotExecutable(what + "the interpreter that it names does not exist")
                        : new LaunchException.NotFound(what + Errno.describe(e.errno()));
            case EACCES, EPERM, ENOEXEC, EISDIR ->
                new LaunchException.NotExecutable(
                        what + (Files.isDirectory(file) ? "it is a directory" : Errno.describe(e.errno())));
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
