package org.processmanager.core.internal.launch.posix;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.LoggerFactory;

/**
 * Kills the children that must not survive this JVM, however it terminates.
 *
 * <p>The guardian is one shell, started on first use, in a session of its own. It reads from a pipe whose other end only this
 * JVM has: {@code +17} adds session 17, {@code -17} removes it. When the JVM terminates, even by
 * {@code kill -9}, the kernel closes the pipe; the shell then sends KILL to the groups of that name, looks through
 * {@code /proc} for others in these sessions until none is left, and ends. A descendant that made a session of its own is
 * not found, nor is one that made a group of its own where {@code /proc} is not usable.
 *
 * <p>A session is removed before its leader is reaped: until then no other process can have its id.
 *
 * <p>If the shell is killed, another one replaces it.
 */
final class Guardian {
    private static final int NONE = -1;
    private static final long SHORT_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FULL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_FULL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration END_BOUND = Duration.ofSeconds(2);
    private static final String SHELL = "/bin/sh";

    /**
     * The script of the shell. The state, group and session of a process follow the
     * last parenthesis of its line; its name, before that, may contain any character, even a line feed. A zombie has at most
     * one thread, the 18th field; with more, only its main thread has exited. If {@code /proc} does not show the shell by its
     * pid, its numbers are those of other processes.
     */
    private static final String SCRIPT = """
            exec <&3 3<&-
            trap '' HUP INT QUIT TERM
            PATH=/usr/bin:/bin
            g=' '
            while read -r l; do
              case $l in
              +*) g="$g${l#+} ";;
              -*) l=${l#-}; case $g in *" $l "*) g="${g%% $l *} ${g#* $l }";; esac;;
              esac
            done
            e=x
            for p in $g; do kill -s KILL -- "-$p"; e="$e|$p"; done
            [ "$e" != x ] || exit 0
            read -r s l </proc/self/stat && [ "$s" = $$ ] || exit 0
            n=0
            while [ $n -lt 200 ]; do
              n=$((n + 1)) k=
              for s in $(grep -lsE "\\) [^)]* [0-9]+ [0-9]+ ($e) " /proc/[0-9]*/stat); do
                c=
                while read -r l; do c="$c $l"; done <"$s"
                set -- ${c##*) }
                case $1${18} in
                Z[01]|X*|'') ;;
                *) case $g in *" $4 "*) kill -s KILL -- "-$3" && k=1;; esac;;
                esac
              done
              [ "$k" ] || exit 0
            done
            """;

    private final PosixLauncher launcher;
    /** A monitor: unlike a lock object, it cannot stay locked if the stack overflows. */
    private final Object lock = new Object();

    private final Set<Integer> sessions = new TreeSet<>();
    private @Nullable ChildProcess shell;
    private int pipe = NONE;
    private long startNanos;
    private boolean closed;

    Guardian(PosixLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Starts the shell if it does not run.
     *
     * @throws LaunchException if that fails
     */
    void start() {
        synchronized (lock) {
            if (shell == null && !closed) {
                startShell();
            }
        }
    }

    /**
     * Adds a session, which is then killed when this JVM terminates. Requires {@link #start}.
     *
     * @throws LaunchException if the shell cannot be notified
     */
    void guard(int session) {
        synchronized (lock) {
            tellPatiently(session);
            sessions.add(session);
        }
    }

    /** Removes a session whose leader has exited; returns false if the leader must not be reaped yet. Blocks briefly at most. */
    boolean release(int session) {
        synchronized (lock) {
            if (!sessions.contains(session)) {
                return true;
            }
            if (!tell("-", session)) {
                return false;
            }
            sessions.remove(session);
            return true;
        }
    }

    /** Terminates the shell, which kills the sessions that were not removed. */
    void close() {
        ChildProcess ending;
        synchronized (lock) {
            closed = true;
            ending = shell;
            shutPipe();
        }
        if (ending != null) {
            try {
                ending.completion().get(END_BOUND.toNanos(), TimeUnit.NANOSECONDS);
                ended(ending); // at once, so that it is no longer listed
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                LoggerFactory.getLogger(Guardian.class)
                        .warn("the guardian, process {}, has not ended within {}", ending.pid(), END_BOUND);
            }
        }
    }

    /** Returns the pid of the shell; empty if it does not run. */
    List<Long> pids() {
        synchronized (lock) {
            return shell == null ? List.of() : List.of(shell.pid());
        }
    }

    /** Returns false if the pipe is full. If the shell was killed, its successor receives all sessions. */
    private boolean tell(String sign, int session) {
        if (pipe == NONE) {
            return true;
        }
        byte[] line = (sign + session + "\n").getBytes(StandardCharsets.US_ASCII);
        int written = Files.write(pipe, line, line.length);
        return written == line.length || !Errno.EAGAIN.is(-written);
    }

    /** Writes the present sessions to the pipe before the shell starts, so that it has them whenever this JVM terminates. */
    private void startShell() {
        // Taken before the start: on a busy machine this thread may continue late, and the life of the shell
        // would seem too short.
        startNanos = System.nanoTime();
        int[] ends = Files.pipe(false);
        ChildProcess started;
        Iterator<Integer> known = List.copyOf(sessions).iterator();
        try {
            Files.setNonBlocking(ends[1], true);
            pipe = ends[1];
            Integer next = tellAll(known);
            started = launcher.launch(spec(ends[0]), false);
            while (next != null) {
                tellPatiently(next);
                next = tellAll(known);
            }
        } catch (Throwable e) {
            shutPipe();
            throw e;
        } finally {
            Files.close(ends[0]);
        }
        shell = started;
        started.completion().thenRun(() -> Threads.WORKERS_OR_CALLER.execute(() -> ended(started)));
    }

    /** Writes sessions until the pipe is full; returns the first one that was not written, or null. */
    private @Nullable Integer tellAll(Iterator<Integer> known) {
        while (known.hasNext()) {
            Integer session = known.next();
            if (!tell("+", session)) {
                return session;
            }
        }
        return null;
    }

    private void tellPatiently(int session) {
        long start = System.nanoTime();
        while (!tell("+", session)) {
            if (System.nanoTime() - start > LONGEST_FULL_NANOS) {
                throw new LaunchException(
                        LaunchException.Reason.RESOURCES_EXHAUSTED,
                        "the guardian of this JVM's children does not read: is it suspended?",
                        null);
            }
            Threads.pause(FULL_PAUSE_NANOS);
        }
    }

    private static LaunchSpec spec(int input) {
        return LaunchSpec.quiet("pm-guardian", List.of(SHELL, "-c", SCRIPT))
                .withResource(PassedResources.variable("guarded"), () -> Files.duplicate(input, input));
    }

    private void ended(ChildProcess old) {
        synchronized (lock) {
            try {
                if (shell != old) {
                    return;
                }
                shell = null;
                shutPipe();
                if (closed || sessions.isEmpty()) {
                    return;
                }
                if (System.nanoTime() - startNanos < SHORT_LIFE_NANOS) {
                    LoggerFactory.getLogger(Guardian.class)
                            .error(
                                    "the guardian, process {}, was ended at once: children may outlive this JVM",
                                    old.pid());
                    return;
                }
                LoggerFactory.getLogger(Guardian.class)
                        .warn("the guardian, process {}, was killed: another one replaces it", old.pid());
                startShell();
            } catch (RuntimeException e) {
                LoggerFactory.getLogger(Guardian.class).error("there is no guardian: children may outlive this JVM", e);
            }
        }
    }

    private void shutPipe() {
        if (pipe != NONE) {
            Files.close(pipe);
            pipe = NONE;
        }
    }
}
