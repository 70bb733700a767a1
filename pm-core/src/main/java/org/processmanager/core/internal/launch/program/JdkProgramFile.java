package org.processmanager.core.internal.launch.program;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Errno;

/**
 * Checks a program's file before {@link ProcessBuilder} executes it: the JDK passes a file that the kernel refuses to a shell,
 * which runs it as a script.
 */
public final class JdkProgramFile {
    private static final @Nullable ProgramHead OWN = head(new File(ProgramHead.OWN_PROGRAM));
    /** Whether this kernel, for x86-64, also executes programs of 32 bits. */
    private static final boolean ALSO_32_BITS = new File("/proc/sys/abi/vsyscall32").exists();

    private static final int BITS_32 = 1;
    private static final int BITS_64 = 2;
    private static final int I386 = 3;
    private static final int X86_64 = 62;

    private JdkProgramFile() {}

    /** @throws LaunchException with the reason, if this file certainly cannot be executed */
    public static void check(LaunchSpec spec, String name) {
        String what = "cannot start " + spec.program() + (name.equals(spec.program()) ? "" : " (" + name + ")") + ": ";
        File file = new File(name);
        if (!file.exists() && !isOutOfReach(file)) {
            throw new LaunchException(LaunchException.Reason.NOT_FOUND, what + "no such file or directory");
        }
        if (file.exists() && !file.isFile()) {
            // Reading a FIFO would wait for a writer.
            String kind = file.isDirectory() ? "it is a directory" : "it is no regular file";
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + kind);
        }
        if (!file.canExecute()) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + "permission denied");
        }
        ProgramHead head = head(file);
        // A file that may be executed but not read is left to the kernel.
        if (head != null
                && !head.isScript()
                && !isForThisMachine(head)
                && !BinaryFormats.knows(BinaryFormats.DIRECTORY, name, head)) {
            throw new LaunchException(
                    LaunchException.Reason.NOT_EXECUTABLE, what + Errno.describe(Errno.ENOEXEC.number()));
        }
    }

    /** Returns whether the program is for this machine; on other systems, where that is unknown, whether it is not text. */
    private static boolean isForThisMachine(ProgramHead head) {
        if (OWN == null) {
            return !head.isText();
        }
        boolean here =
                head.isForMachineOf(OWN) || ALSO_32_BITS && OWN.isFor(BITS_64, X86_64) && head.isFor(BITS_32, I386);
        return here && head.isProgram();
    }

    private static @Nullable ProgramHead head(File file) {
        try (FileInputStream in = new FileInputStream(file)) {
            return new ProgramHead(in.readNBytes(ProgramHead.SIZE));
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns whether a directory of the path may not be searched, which {@link File} reports as a missing file. */
    public static boolean isOutOfReach(File file) {
        try {
            Files.readAttributes(file.toPath(), BasicFileAttributes.class);
            return false;
        } catch (AccessDeniedException e) {
            return true;
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
