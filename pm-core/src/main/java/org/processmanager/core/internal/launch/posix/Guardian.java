package org.processmanager.core.internal.launch.posix;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
 * Ends the children that are to die with this JVM, in whatever way it ends.
 *
 * <p>One shell, started when first needed, in a session of its own. It reads from a pipe whose other end only this JVM has:
 * {@code +17} says that session 17 is to be ended, {@code -17} that it no longer is. When the JVM ends, even by
 * {@code kill -9}, the kernel closes the pipe; the shell then sends KILL to the groups of that name, looks through
 * {@code /proc} for others in these sessions until none is left, and ends. A descendant that made a session of its own is
 * out of its reach.
 *
 * <p>A session is taken back before its leader is reaped: until then no other process can have its id.
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
     * Signals that a terminal or a tidy user sends do not end it. The state, group and session of a process stand behind the
     * last parenthesis of its line; its name, in front of that, may hold anything, even the end of a line.
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
            n=0
            while [ $n -lt 200 ]; do
              n=$((n + 1)) k=
              for s in $(grep -lsE "\\) [^)]* [0-9]+ [0-9]+ ($e) " /proc/[0-9]*/stat); do
                c=
                while read -r l; do c="$c $l"; done <"$s"
                set -- ${c##*) }
                case $1 in
                [ZX]|'') ;;
                *) case $g in *" $4 "*) kill -s KILL -- "-$3" && k=1;; esac;;
                esac
              done
              [ "$k" ] || exit 0
            done
            """;

    private final PosixLauncher launcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Integer> sessions = new TreeSet<>();
    private @Nullable ChildProcess shell;
    private int pipe = NONE;
    private long startNanos;
    private boolean closed;

    Guardian(PosixLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Starts the shell if there is none.
     *
     * @throws LaunchException if that fails
     */
    void start() {
        lock.lock();
        try {
            if (shell == null && !closed) {
                startShell();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on a session dies with this JVM; after {@link #start}.
     *
     * @throws LaunchException if the shell cannot be notified
     */
    void guard(int session) {
        lock.lock();
        try {
            tellPatiently(session);
            sessions.add(session);
        } finally {
            lock.unlock();
        }
    }

    /** The leader of a session has ended, and is about to be reaped; false if it must not be yet. Never blocks for long. */
    boolean release(int session) {
        lock.lock();
        try {
            if (!sessions.contains(session)) {
                return true;
            }
            if (!tell("-", session)) {
                return false;
            }
            sessions.remove(session);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the shell, which ends the sessions that it still guards. */
    void close() {
        ChildProcess ending;
        lock.lock();
        try {
            closed = true;
            ending = shell;
            shutPipe();
        } finally {
            lock.unlock();
        }
        if (ending != null) {
            try {
                ending.completion().get(END_BOUND.toNanos(), TimeUnit.NANOSECONDS);
                ended(ending); // a waiter should not find it any longer
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                LoggerFactory.getLogger(Guardian.class)
                        .warn("the guardian, process {}, has not ended within {}", ending.pid(), END_BOUND);
            }
        }
    }

    /** The number of the shell's process, or empty if there is none. */
    List<Long> pids() {
        lock.lock();
        try {
            return shell == null ? List.of() : List.of(shell.pid());
        } finally {
            lock.unlock();
        }
    }

    /** False if the pipe is full. If the shell is gone, its successor will be notified of all. */
    private boolean tell(String sign, int session) {
        if (pipe == NONE) {
            return true;
        }
        byte[] line = (sign + session + "\n").getBytes(StandardCharsets.US_ASCII);
        int written = Files.write(pipe, line, line.length);
        return written == line.length || !Errno.EAGAIN.is(-written);
    }

    /** What is already guarded lies in the pipe before its reader is there: it knows of them whenever this JVM ends. */
    private void startShell() {
        // Before it lives: on a busy machine it may be a while until this thread continues, and its life should not
        // seem
        // short.
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
        started.completion().thenRun(() -> Threads.WORKERS.execute(() -> ended(started)));
    }

    /** Announces sessions until the pipe is full; returns the first that it did not take, or null. */
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
        lock.lock();
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
                        .error("the guardian, process {}, was ended at once: children may outlive this JVM", old.pid());
                return;
            }
            LoggerFactory.getLogger(Guardian.class)
                    .warn("the guardian, process {}, was killed: another one replaces it", old.pid());
            startShell();
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Guardian.class).error("there is no guardian: children may outlive this JVM", e);
        } finally {
            lock.unlock();
        }
    }

    private void shutPipe() {
        if (pipe != NONE) {
            Files.close(pipe);
            pipe = NONE;
        }
    }
}
