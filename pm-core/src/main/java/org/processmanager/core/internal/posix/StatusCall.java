package org.processmanager.core.internal.posix;

import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the status of a file by {@code statx}, or by {@code fstatat} where that is refused. */
final class StatusCall {
    /** The size of {@code struct statx}. */
    static final int SIZE = 256;

    private static final int BASIC_STATS = 0x7ff;
    private static final int STAT_SIZE = 144;
    private static final RefusedCall STATX = new RefusedCall("statx", "fstatat is used");

    private StatusCall() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int statx(int dir, byte[] path, int flags, int mask, byte[] into);

        /** As {@link SystemCalls#syscall}. */
        static native long syscall(long number, long dir, byte[] path, byte[] into, long flags);
    }

    /**
     * Fills a {@code struct statx}: at least mode, owner, inode, size, device and the time of the last status change.
     *
     * @return 0 or the errno
     */
    static int read(int dir, byte[] path, int flags, byte[] into) {
        if (!STATX.isRefused()) {
            if (C.statx(dir, path, flags, BASIC_STATS, into) == 0) {
                return 0;
            }
            int errno = NativeLayer.errno();
            if (!STATX.isRefusedBy(errno)) {
                return errno;
            }
        }
        byte[] stat = new byte[STAT_SIZE];
        if (C.syscall(SystemCalls.NEWFSTATAT, dir, path, stat, flags) != 0) {
            return NativeLayer.errno();
        }
        convert(stat, into);
        return 0;
    }

    /**
     * Converts a {@code struct stat} of the kernel: device u64 at 0, inode u64 at 8, size s64 at 48, seconds of the status
     * change s64 at 104; mode u32 and owner u32 at 24 and 28 on x86-64, at 16 and 24 on aarch64.
     */
    private static void convert(byte[] stat, byte[] statx) {
        ByteBuffer from = ByteBuffer.wrap(stat).order(ByteOrder.nativeOrder());
        ByteBuffer to = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        long device = from.getLong(0);
        to.putInt(20, from.getInt(Platform.isARM() ? 24 : 28));
        to.putShort(28, (short) from.getInt(Platform.isARM() ? 16 : 24));
        to.putLong(32, from.getLong(8));
        to.putLong(40, from.getLong(48));
        to.putLong(96, from.getLong(104));
        // glibc: the major number has bits 8 to 19 and 32 to 63, the minor number bits 0 to 7 and 20 to 31.
        to.putInt(136, (int) (device >>> 8 & 0xfff | device >>> 32 & 0xfffff000L));
        to.putInt(140, (int) (device & 0xff | device >>> 12 & 0xffffff00L));
    }
}
