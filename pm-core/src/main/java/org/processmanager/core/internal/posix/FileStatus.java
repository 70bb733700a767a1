package org.processmanager.core.internal.posix;

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
    private static final int TYPE = 0xf000;

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
