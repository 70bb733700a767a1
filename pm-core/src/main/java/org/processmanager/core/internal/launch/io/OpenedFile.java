package org.processmanager.core.internal.launch.io;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.processmanager.core.Inheritable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;

/** A file that is passed to a child, by its name or as an open descriptor. */
public final class OpenedFile implements Inheritable {
    private static final Set<StandardOpenOption> KNOWN = Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND,
            StandardOpenOption.CREATE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.TRUNCATE_EXISTING);
    private static final int MODE = 0666;

    private final Path file;
    private final int flags;
    private final boolean byName;

    private OpenedFile(Path file, int flags, boolean byName) {
        this.file = file;
        this.flags = flags;
        this.byName = byName;
    }

    /** A file that the child opens. */
    public static Inheritable named(Path file) {
        return new OpenedFile(file, 0, true);
    }

    /**
     * A file that is open when the child starts.
     *
     * @throws IllegalArgumentException if an option does not apply to a descriptor
     */
    public static Inheritable opened(Path file, OpenOption... options) {
        Set<OpenOption> wanted = Set.of(options);
        for (OpenOption option : wanted) {
            if (!KNOWN.contains(option)) {
                throw new IllegalArgumentException("options: " + option + " (expected: some of " + KNOWN + ")");
            }
        }
        return new OpenedFile(file, flags(wanted), false);
    }

    private static int flags(Set<OpenOption> options) {
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = options.contains(StandardOpenOption.READ) || !write;
        int flags = !write ? Files.O_RDONLY : read ? Files.O_RDWR : Files.O_WRONLY;
        if (append) {
            flags |= Files.O_APPEND;
        }
        if (write && options.contains(StandardOpenOption.CREATE_NEW)) {
            flags |= Files.O_CREAT | Files.O_EXCL;
        } else if (write && options.contains(StandardOpenOption.CREATE)) {
            flags |= Files.O_CREAT;
        }
        return write && options.contains(StandardOpenOption.TRUNCATE_EXISTING) ? flags | Files.O_TRUNC : flags;
    }

    /** Non-blocking, as a FIFO without another end would keep the launch waiting in the kernel. */
    @Override
    public int openForChild() {
        NativeLayer.require("passing an open file");
        try {
            int fd = Files.open(PathText.of(file), flags | Files.O_NONBLOCK, MODE);
            Files.setNonBlocking(fd, false);
            return fd;
        } catch (PosixException e) {
            String what = String.valueOf(e.getMessage());
            throw e.isPassing() ? new ResourcesExhaustedException(what, e) : new ProcessManagerException(what, e);
        }
    }

    @Override
    public Optional<Path> fileForChild() {
        return byName ? Optional.of(file) : Optional.empty();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
