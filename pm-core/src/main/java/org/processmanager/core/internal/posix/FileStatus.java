package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the kernel says of a file.
 *
 * @param device the file system's number
 * @param inode the file's number within it; together they are the identity of a file
 * @param mode type and permission bits as in {@code st_mode}
 * @param owner the user id
 * @param links how many names it has; 0 once it was deleted while open
 * @param size in bytes
 */
public record FileStatus(long device, long inode, int mode, int owner, int links, long size) {
    private static final int TYPE = 0xf000;

    /** From what {@code statx} filled in. */
    static FileStatus of(byte[] statx) {
        // struct statx: nlink u32 at 16, uid u32 at 20, mode u16 at 28, ino u64 at 32, size u64 at 40, dev at 136 and
        // 140
        ByteBuffer s = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        long device = (Integer.toUnsignedLong(s.getInt(136)) << 32) | Integer.toUnsignedLong(s.getInt(140));
        return new FileStatus(
                device, s.getLong(32), s.getShort(28) & 0xffff, s.getInt(20), s.getInt(16), s.getLong(40));
    }

    /** Whether it is an ordinary file. */
    public boolean isRegular() {
        return (mode & TYPE) == 0x8000;
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return (mode & TYPE) == 0x4000;
    }

    /** Whether it is a FIFO, or the end of a pipe. */
    public boolean isFifo() {
        return (mode & TYPE) == 0x1000;
    }

    /** The permission bits alone, such as {@code 0600}. */
    public int permissions() {
        return mode & 0xfff;
    }

    /** The type in a word, for messages. */
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

    /** Whether the other status is of the same file. */
    public boolean sameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
