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
 * Looks at a program's file before {@link ProcessBuilder} executes it: what the kernel refuses, the JDK runs by a shell,
 * line by line.
 */
public final class JdkProgramFile {
    private static final @Nullable ProgramHead OWN = head(new File(ProgramHead.OWN_PROGRAM));
    /** There if this kernel, for x86-64, was made to execute programs of 32 bits too. */
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
            // Looking into a FIFO would wait for a writer.
            String kind = file.isDirectory() ? "it is a directory" : "it is no regular file";
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + kind);
        }
        if (!file.canExecute()) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + "permission denied");
        }
        ProgramHead head = head(file);
        // One that may be executed, not read, is left to the kernel.
        if (head != null
                && !head.isScript()
                && !isForThisMachine(head)
                && !BinaryFormats.knows(BinaryFormats.DIRECTORY, name, head)) {
            throw new LaunchException(
                    LaunchException.Reason.NOT_EXECUTABLE, what + Errno.describe(Errno.ENOEXEC.number()));
        }
    }

    /** Where this JVM's own program cannot be looked at, on other systems, all but text is. */
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

    /** Whether a directory on the path may not be searched: {@link File} reports that as a missing file. */
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
