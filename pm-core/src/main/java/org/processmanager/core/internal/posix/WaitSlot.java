package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Room for what the kernel tells of a child as it is reaped, which it does once: made before, so that nothing is lost where
 * memory runs out in between.
 */
public final class WaitSlot {
    private static final int WNOHANG = 1;
    private static final int RUSAGE_SIZE = 144;

    private final int pid;
    private final int[] status = new int[1];
    private final byte[] usage = new byte[RUSAGE_SIZE];
    private boolean filled;

    /** For one child. */
    public WaitSlot(int pid) {
        this.pid = pid;
    }

    /**
     * Reaps the child, if it has ended and was not reaped here before. Takes no memory then.
     *
     * @return whether it is reaped; false while it runs
     * @throws PosixException ECHILD if it is no child, or was reaped by other code
     */
    public boolean reap() {
        while (!filled) {
            int reaped = Wait.wait4(pid, status, WNOHANG, usage);
            if (reaped == 0) {
                return false;
            }
            filled = reaped > 0;
            if (!filled && !Errno.EINTR.is(NativeLayer.errno())) {
                throw new PosixException("wait4", "process " + pid, NativeLayer.errno());
            }
        }
        return true;
    }

    /** Whether the child was reaped here. */
    public boolean isFilled() {
        return filled;
    }

    /** What was told; after {@link #reap}, as often as it takes. */
    public WaitStatus status() {
        // struct rusage: utime {s64 seconds, s64 micros} at 0, stime at 16, maxrss s64 (KiB) at 32
        ByteBuffer told = ByteBuffer.wrap(usage).order(ByteOrder.nativeOrder());
        long user = told.getLong(0) * 1_000_000 + told.getLong(8);
        long system = told.getLong(16) * 1_000_000 + told.getLong(24);
        int signal = status[0] & 0x7f;
        boolean exited = signal == 0;
        return new WaitStatus(
                exited,
                exited ? (status[0] >> 8) & 0xff : signal,
                !exited && (status[0] & 0x80) != 0,
                user,
                system,
                told.getLong(32));
    }
}
