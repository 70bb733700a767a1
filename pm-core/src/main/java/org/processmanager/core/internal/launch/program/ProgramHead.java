package org.processmanager.core.internal.launch.program;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
    private static final int EXECUTABLE = 2;
    private static final int SHARED = 3;

    boolean isScript() {
        return bytes.length >= 2 && bytes[0] == '#' && bytes[1] == '!';
    }

    /** The first word after {@code #!}. */
    String interpreter() {
        String line = new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8).stripLeading();
        int end = 0;
        while (end < line.length() && " \t\n\r".indexOf(line.charAt(end)) < 0) {
            end++;
        }
        return line.substring(0, end);
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
