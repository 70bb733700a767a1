package org.processmanager.core.internal.launch.posix;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.LoggerFactory;

/**
 * The scheduling group that the kernel makes of each session ({@code sched_autogroup}). Processors are shared among these
 * groups first; the niceness of a process only counts among the processes of its session. The group has a niceness of its own.
 */
final class Autogroup {
    /** Without CAP_SYS_ADMIN the kernel takes one change in 100 ms of the whole system. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(110);

    private static final int MOST_TRIES = 100;

    private Autogroup() {}

    /**
     * Sets the niceness of the group of a session. Best effort: the launch succeeds without it, for example where the kernel
     * has no such groups. Where the kernel asks for patience, a worker thread retries.
     *
     * @param leader the leader of the session, which is not reaped yet
     */
    static void renice(int leader, int niceness) {
        if (!Errno.EAGAIN.is(write(leader, niceness))) {
            return;
        }
        try {
            Threads.WORKERS.execute(() -> {
                for (int i = 0; i < MOST_TRIES; i++) {
                    Threads.pause(RETRY_NANOS);
                    if (!Errno.EAGAIN.is(write(leader, niceness))) {
                        return;
                    }
                }
            });
        } catch (OutOfMemoryError e) {
            LoggerFactory.getLogger(Autogroup.class)
                    .debug("no thread to set the niceness of the session of process {}", leader);
        }
    }

    /** Returns 0 or an errno. */
    private static int write(int leader, int niceness) {
        int fd = Files.tryOpen("/proc/" + leader + "/autogroup", Files.O_WRONLY, 0);
        if (fd < 0) {
            return -fd;
        }
        try {
            byte[] text = Integer.toString(niceness).getBytes(StandardCharsets.US_ASCII);
            return Math.max(0, -Files.write(fd, text, text.length));
        } finally {
            Files.close(fd);
        }
    }
}
