package org.processmanager.core.internal.launch.posix;

import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;

/**
 * The soft limit of open files of children. A JVM raises its own to the hard limit when it starts, and nothing records the
 * former one; programs that use {@code select} rely on a low one. It is taken from the parent of this JVM, which passed it on,
 * if both have the same hard limit.
 *
 * <p>A child inherits the limit of this process at the moment of its spawn, so that it is lowered for that moment, as long as
 * no spawn of another thread needs it. Other threads cannot open a descriptor above the lower limit meanwhile: it is not
 * lowered if this JVM has nearly as many open.
 */
final class FileLimit {
    /** The number of descriptors that other threads can open during a spawn. */
    private static final int RESERVE = 256;

    private static final String LINE = "\nMax open files";

    private static final Object LOCK = new Object();
    private static int users;

    private FileLimit() {}

    /** The soft limit of children and the limits of this JVM, if they differ. */
    private static final class Limits {
        static final long @Nullable [] OWN = limits("self");
        static final long FORMER = former();

        private static long former() {
            long[] own = OWN;
            long[] parent = own == null || own[0] < own[1] ? null : limits(Long.toString(parent()));
            return own == null
                            || parent == null
                            || parent[1] != own[1]
                            || parent[0] >= own[0]
                            || parent[0] > Integer.MAX_VALUE
                    ? -1
                    : parent[0];
        }

        private static long parent() {
            return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        }

        /** Returns the soft and the hard limit of a process; null if they are unlimited or unknown. */
        private static long @Nullable [] limits(String process) {
            try {
                String text = Files.readText("/proc/" + process + "/limits");
                int line = text == null ? -1 : text.indexOf(LINE);
                if (text == null || line < 0) {
                    return null; // not visible
                }
                StringTokenizer words = new StringTokenizer(text.substring(line + LINE.length()));
                return new long[] {Long.parseLong(words.nextToken()), Long.parseLong(words.nextToken())};
            } catch (PosixException | NumberFormatException e) {
                return null; // the process has exited, or it is unlimited
            }
        }
    }

    /**
     * Lowers the limit for a spawn.
     *
     * @param descriptor an open descriptor
     * @return whether {@link #restore} must be called
     */
    static boolean lower(int descriptor) {
        long[] own = Limits.OWN;
        if (Limits.FORMER < 0 || own == null || !hasReserve(descriptor, (int) Limits.FORMER)) {
            return false;
        }
        synchronized (LOCK) {
            if (users == 0 && !Spawn.setFileLimit(Limits.FORMER, own[1])) {
                return false;
            }
            users++;
            return true;
        }
    }

    /** The kernel gives the lowest numbers first: if a number is free, those above are, or nearly all. */
    private static boolean hasReserve(int descriptor, int limit) {
        int wanted = limit - Math.min(RESERVE, limit / 4);
        try {
            int probe = Files.duplicate(descriptor, wanted);
            Files.close(probe);
            return probe == wanted;
        } catch (PosixException e) {
            return false;
        }
    }

    /** Undoes {@link #lower}. */
    static void restore() {
        long[] own = Limits.OWN;
        synchronized (LOCK) {
            users--;
            if (users == 0 && own != null) {
                Spawn.setFileLimit(own[0], own[1]);
            }
        }
    }
}
