package org.processmanager.core.internal.posix;

import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The status of a file.
 *
 * @param device the number of the file system
 * @param inode the number of the file within it; together they identify a file
 * @param mode type and permission bits as in {@code st_mode}
 * @param owner the user id
 * @param size the size in bytes
 */
public record FileStatus(long device, long inode, int mode, int owner, long size) {
    /** The size of {@code struct statx}. */
    static final int STATX_SIZE = 256;

    private static final int BASIC_STATS = 0x7ff;
    private static final int STAT_SIZE = 144;
    private static final RefusedCall STATX = new RefusedCall("statx", "fstatat is used");
    private static final int TYPE = 0xf000;

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
     * Fills a {@code struct statx} by that call, or by {@code fstatat} where it is refused: at least mode, owner, inode, size,
     * device and the time of the last status change.
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

    /** Decodes the result of {@code statx}. */
    static FileStatus of(byte[] statx) {
        // struct statx: uid u32 at 20, mode u16 at 28, ino u64 at 32, size u64 at 40, dev at 136 and
        // 140
        ByteBuffer s = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        long device = (Integer.toUnsignedLong(s.getInt(136)) << 32) | Integer.toUnsignedLong(s.getInt(140));
        return new FileStatus(device, s.getLong(32), s.getShort(28) & 0xffff, s.getInt(20), s.getLong(40));
    }

    /** Returns whether this is a regular file. */
    public boolean isRegular() {
        return (mode & TYPE) == 0x8000;
    }

    /** Returns whether this is a directory. */
    public boolean isDirectory() {
        return (mode & TYPE) == 0x4000;
    }

    /** Returns whether this is a FIFO or the end of a pipe. */
    public boolean isFifo() {
        return (mode & TYPE) == 0x1000;
    }

    /** Returns the name of the type, for messages. */
    public String type() {
        return switch (mode & TYPE) {
            case 0x8000 -> "file";
            case 0x4000 -> "directory";
            case 0x1000 -> "FIFO";
            case 0xa000 -> "symbolic link";
            case 0xc000 -> "socket";
            case 0x2000 -> "character device";
            case 0x6000 -> "block device";
            default -> "unknown kind of file";
        };
    }

    /** Returns whether the other status is of the same file. */
    public boolean sameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
