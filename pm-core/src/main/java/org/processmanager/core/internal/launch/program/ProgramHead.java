package org.processmanager.core.internal.launch.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PathText;

/** The first bytes of a program's file, by which the kernel decides how to execute it. */
public record ProgramHead(byte[] bytes) {
    /** The number of bytes that the kernel reads. */
    static final int SIZE = 256;
    /** The program of this JVM, on Linux. */
    static final String OWN_PROGRAM = "/proc/self/exe";

    private static final int ELF_CLASS_END = 6;
    private static final int ELF_CLASS = 4;
    private static final int ELF_TYPE = 16;
    private static final int ELF_MACHINE = 18;
    private static final int ELF_HEADER = 64;
    private static final int WIDE = 2;
    private static final int PT_INTERP = 3;
    private static final int LONGEST_TABLE = 4096;
    private static final int EXECUTABLE = 2;
    private static final int SHARED = 3;

    boolean isScript() {
        return bytes.length >= 2 && bytes[0] == '#' && bytes[1] == '!';
    }

    /** The first word after {@code #!}, as the kernel reads it: a CR belongs to it. Empty if there is none. */
    String interpreter() {
        int start = 2;
        while (start < bytes.length && (bytes[start] == ' ' || bytes[start] == '\t')) {
            start++;
        }
        int end = start;
        while (end < bytes.length && " \t\n\0".indexOf(bytes[end]) < 0) {
            end++;
        }
        return end == SIZE ? "" : PathText.decode(Arrays.copyOfRange(bytes, start, end));
    }

    /** Reads a part of a file. */
    interface Part {
        /** Returns the bytes, or null if they cannot be read. */
        byte @Nullable [] read(long position, int length);
    }

    /** Returns the dynamic loader that an ELF file of the native byte order names, or null. */
    @Nullable
    String loader(Part file) {
        if (!isElf() || bytes.length < ELF_HEADER) {
            return null;
        }
        boolean wide = bytes[ELF_CLASS] == WIDE;
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        // e_phoff at 32 or 28, then e_phentsize and e_phnum at 54 or 42
        long table = wide ? header.getLong(32) : Integer.toUnsignedLong(header.getInt(28));
        int size = Short.toUnsignedInt(header.getShort(wide ? 54 : 42));
        int count = Short.toUnsignedInt(header.getShort(wide ? 56 : 44));
        if (size < (wide ? 56 : 32) || size * count > LONGEST_TABLE) {
            return null;
        }
        byte[] entries = file.read(table, size * count);
        ByteBuffer segments =
                ByteBuffer.wrap(entries == null ? new byte[0] : entries).order(ByteOrder.nativeOrder());
        for (int at = 0; at < segments.limit(); at += size) {
            if (segments.getInt(at) == PT_INTERP) {
                // p_offset at 8 or 4, p_filesz at 32 or 16
                long offset = wide ? segments.getLong(at + 8) : Integer.toUnsignedLong(segments.getInt(at + 4));
                long length = wide ? segments.getLong(at + 32) : Integer.toUnsignedLong(segments.getInt(at + 16));
                byte[] name = length < 2 || length > LONGEST_TABLE ? null : file.read(offset, (int) length - 1);
                return name == null ? null : PathText.decode(name);
            }
        }
        return null;
    }

    /** Returns whether the file is text, by the rule of shells: machine code has a NUL character near its beginning. */
    boolean isText() {
        for (byte b : bytes) {
            if (b == 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether it is an ELF file for the same machine as another one. */
    boolean isForMachineOf(ProgramHead other) {
        return Arrays.equals(machine(), other.machine());
    }

    /** Returns whether it is an ELF file for the machine with this width (1 or 2) and number. */
    boolean isFor(int width, int machine) {
        return isElf() && bytes[ELF_CLASS] == width && bytes[ELF_MACHINE] == machine;
    }

    /** Returns whether it is an executable ELF file and not, for example, an object file. */
    boolean isProgram() {
        return isElf() && (bytes[ELF_TYPE] == EXECUTABLE || bytes[ELF_TYPE] == SHARED);
    }

    private boolean isElf() {
        return bytes.length >= ELF_MACHINE + 2
                && bytes[0] == 0x7f
                && bytes[1] == 'E'
                && bytes[2] == 'L'
                && bytes[3] == 'F';
    }

    /** Returns the bytes of an ELF header that identify the machine: magic, class, byte order and machine number. */
    private byte[] machine() {
        byte[] machine = Arrays.copyOf(bytes, ELF_CLASS_END + 2);
        if (bytes.length >= ELF_MACHINE + 2) {
            System.arraycopy(bytes, ELF_MACHINE, machine, ELF_CLASS_END, 2);
        }
        return machine;
    }
}
