package org.processmanager.core.internal.launch.posix;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.io.StandardStreams;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;

/** The descriptors of one launch: the child's, and our ends of its pipes. All of them, or an exception and none. */
public final class ChildDescriptors {
    private static final String[] STREAMS = {"standard input", "standard output", "standard error"};
    private static final int NONE = -1;
    private static final int FILE_MODE = 0666;

    /** What the child gets as 0, 1 and 2. */
    private final int[] childs = {NONE, NONE, NONE};
    /** Which of them are another's to close. */
    private final boolean[] lent = new boolean[childs.length];
    /** Our end of the pipe to or from 0, 1 and 2, non-blocking. */
    private final int[] ours = {NONE, NONE, NONE};

    private int nullDevice = NONE;
    private PassedResources resources = PassedResources.NONE;

    private ChildDescriptors() {}

    static ChildDescriptors open(LaunchSpec spec) {
        ChildDescriptors descriptors = new ChildDescriptors();
        try {
            descriptors.openInput(spec);
            descriptors.openOutput(1, spec.stdout());
            descriptors.openOutput(2, spec.stderr());
            descriptors.resources = PassedResources.open(spec);
            return descriptors;
        } catch (PosixException e) {
            descriptors.closeChilds();
            descriptors.closeOurs();
            throw new LaunchException.ResourcesExhausted("cannot start " + spec.program() + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            descriptors.closeChilds();
            descriptors.closeOurs();
            throw e;
        }
    }

    /** What the child gets, by its numbers there. */
    int[] childs() {
        return resources.after(childs);
    }

    /** The child's environment, which tells of the resources among them. */
    EnvironmentSpec environment() {
        return resources.environment();
    }

    /** Our end of a stream's pipe, or -1 where it has none. */
    public int ours(int stream) {
        return ours[stream];
    }

    /** Closes what only the child needs; the JVM's own three stay. */
    void closeChilds() {
        for (int stream = 0; stream < childs.length; stream++) {
            int fd = childs[stream];
            if (fd != NONE && fd != nullDevice && fd != stream && !lent[stream]) {
                Files.close(fd);
            }
            childs[stream] = NONE;
        }
        if (nullDevice != NONE) {
            Files.close(nullDevice);
            nullDevice = NONE;
        }
        resources.close();
    }

    void closeOurs() {
        for (int stream = 0; stream < ours.length; stream++) {
            if (ours[stream] != NONE) {
                Files.close(ours[stream]);
                ours[stream] = NONE;
            }
        }
    }

    private void openInput(LaunchSpec spec) {
        InputSpec input = spec.stdin();
        if (input instanceof InputSpec.Empty) {
            childs[0] = nullDevice();
        } else if (input instanceof InputSpec.Inherit) {
            childs[0] = StandardStreams.isMissing(0) ? nullDevice() : 0;
        } else if (input instanceof InputSpec.FromStage stage) {
            childs[0] = stage.descriptor();
            lent[0] = true;
        } else if (input instanceof InputSpec.FromFile file) {
            childs[0] = openFile(0, file.file(), Files.O_RDONLY);
        } else if (input instanceof InputSpec.FromResource from) {
            childs[0] = PassedResources.openForChild(spec, "its standard input", from.resource());
        } else {
            int[] pipe = Files.pipe(false);
            childs[0] = pipe[0];
            ours[0] = pipe[1];
            Files.setNonBlocking(pipe[1], true);
        }
    }

    private void openOutput(int stream, @Nullable OutputSpec output) {
        if (output == null) {
            childs[stream] = nullDevice();
        } else if (output.needsPipe()) {
            int[] pipe = Files.pipe(false);
            ours[stream] = pipe[0];
            childs[stream] = pipe[1];
            Files.setNonBlocking(pipe[0], true);
        } else if (output instanceof OutputSpec.ToFile file) {
            int mode = file.append() ? Files.O_APPEND : Files.O_TRUNC;
            childs[stream] = openFile(stream, file.file(), Files.O_WRONLY | Files.O_CREAT | mode);
        } else if (output instanceof OutputSpec.Inherit) {
            childs[stream] = StandardStreams.isMissing(stream) ? nullDevice() : stream;
        } else if (output instanceof OutputSpec.Merged) {
            childs[stream] = childs[1];
            lent[stream] = true;
        } else if (output instanceof OutputSpec.ToStage stage) {
            childs[stream] = stage.descriptor();
            lent[stream] = true;
        } else {
            childs[stream] = nullDevice();
        }
    }

    private int nullDevice() {
        if (nullDevice == NONE) {
            nullDevice = Files.open("/dev/null", Files.O_RDWR, 0);
        }
        return nullDevice;
    }

    /** Why a FIFO is refused: opening it would wait for a writer, or without waiting be at its end at once. */
    public static String fifo(Path file) {
        return "cannot open " + file
                + " as standard input: it is a FIFO; start with stdin(Input.pipe()) and write what it" + " brings";
    }

    private static void checkInput(Path file, FileStatus status) {
        if (status.isFifo()) {
            throw new LaunchException.BadStreamFile(fifo(file), null);
        }
        if (status.isDirectory()) {
            throw new LaunchException.BadStreamFile(
                    "cannot open " + file + " as " + STREAMS[0] + ": " + Errno.describe(Errno.EISDIR.number()), null);
        }
    }

    private static int openFile(int stream, Path file, int flags) {
        // Non-blocking: opening a FIFO that nobody has open yet would wait in the kernel, out of reach of everybody.
        int fd = Files.tryOpen(file.toString(), flags | Files.O_NONBLOCK, FILE_MODE);
        if (fd < 0) {
            if (Errno.EMFILE.is(-fd) || Errno.ENFILE.is(-fd)) {
                throw new PosixException("open", file.toString(), -fd);
            }
            throw new LaunchException.BadStreamFile(
                    "cannot open " + file + " as " + STREAMS[stream] + ": " + Errno.describe(-fd), null);
        }
        try {
            if (stream == 0) {
                checkInput(file, Files.status(fd));
            }
            Files.setNonBlocking(fd, false);
            return fd;
        } catch (RuntimeException | Error e) {
            Files.close(fd);
            throw e;
        }
    }
}
