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
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;

/** The descriptors of one launch: those of the child and the parent's ends of its pipes. Either all are open or none. */
final class ChildDescriptors {
    private static final String[] STREAMS = {"standard input", "standard output", "standard error"};
    private static final int NONE = -1;
    private static final int FILE_MODE = 0666;

    private final LaunchSpec spec;
    /** The descriptors that become 0, 1 and 2 of the child. */
    private final int[] childFds = {NONE, NONE, NONE};
    /** Which of them have another owner that closes them. */
    private final boolean[] lent = new boolean[childFds.length];
    /** The parent's end of the pipe to or from 0, 1 and 2, non-blocking. */
    private final int[] parentFds = {NONE, NONE, NONE};

    private int nullDevice = NONE;
    /** Null if nothing is passed. */
    private @Nullable PassedResources resources;

    private ChildDescriptors(LaunchSpec spec) {
        this.spec = spec;
    }

    static ChildDescriptors open(LaunchSpec spec) {
        ChildDescriptors descriptors = new ChildDescriptors(spec);
        boolean complete = false;
        try {
            descriptors.openInput(spec.stdin());
            descriptors.openOutput(1, spec.stdout());
            descriptors.openOutput(2, spec.stderr());
            if (!spec.resources().isEmpty() || spec.argumentFile() != null) {
                descriptors.resources = PassedResources.open(spec);
            }
            complete = true;
            return descriptors;
        } catch (PosixException e) {
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED,
                    "cannot start " + spec.program() + ": " + e.getMessage(),
                    e);
        } finally {
            if (!complete) {
                descriptors.closeAll();
            }
        }
    }

    /** Returns the descriptors of the child, by their numbers there. */
    int[] childFds() {
        return resources == null ? childFds : resources.after(childFds);
    }

    /** Returns the environment of the child, which announces the passed resources. */
    EnvironmentSpec environment() {
        return resources == null ? spec.environment() : resources.environment();
    }

    /** Returns the parent's end of the pipe of a stream, or -1 if there is none. */
    int parentFd(int stream) {
        return parentFds[stream];
    }

    /** Closes the descriptors that only the child needs; the standard streams of this JVM stay open. */
    void closeChildEnds() {
        for (int stream = 0; stream < childFds.length; stream++) {
            int fd = childFds[stream];
            if (fd != NONE && fd != nullDevice && fd != stream && !lent[stream]) {
                Files.close(fd);
            }
            childFds[stream] = NONE;
        }
        if (nullDevice != NONE) {
            Files.close(nullDevice);
            nullDevice = NONE;
        }
        if (resources != null) {
            resources.close();
        }
    }

    /** Closes all descriptors that are still open. */
    void closeAll() {
        closeChildEnds();
        for (int stream = 0; stream < parentFds.length; stream++) {
            if (parentFds[stream] != NONE) {
                Files.close(parentFds[stream]);
                parentFds[stream] = NONE;
            }
        }
    }

    private void openInput(InputSpec input) {
        if (input instanceof InputSpec.Empty) {
            childFds[0] = nullDevice();
        } else if (input instanceof InputSpec.Inherit) {
            childFds[0] = StandardStreams.isMissing(0) ? nullDevice() : 0;
        } else if (input instanceof InputSpec.FromStage stage) {
            childFds[0] = stage.descriptor();
            lent[0] = true;
        } else if (input instanceof InputSpec.FromFile file) {
            childFds[0] = openFile(0, file.file(), Files.O_RDONLY);
        } else if (input instanceof InputSpec.FromResource from) {
            childFds[0] = PassedResources.openForChild(spec, "its standard input", from.resource());
        } else {
            int[] pipe = Files.pipe(false);
            childFds[0] = pipe[0];
            parentFds[0] = pipe[1];
            Files.setNonBlocking(pipe[1], true);
        }
    }

    private void openOutput(int stream, @Nullable OutputSpec output) {
        if (output == null) {
            childFds[stream] = nullDevice();
        } else if (output.needsPipe()) {
            int[] pipe = Files.pipe(false);
            parentFds[stream] = pipe[0];
            childFds[stream] = pipe[1];
            Files.setNonBlocking(pipe[0], true);
        } else if (output instanceof OutputSpec.ToFile file) {
            int mode = file.append() ? Files.O_APPEND : Files.O_TRUNC;
            childFds[stream] = openFile(stream, file.file(), Files.O_WRONLY | Files.O_CREAT | mode);
        } else if (output instanceof OutputSpec.Inherit) {
            childFds[stream] = StandardStreams.isMissing(stream) ? nullDevice() : stream;
        } else if (output instanceof OutputSpec.Merged) {
            childFds[stream] = childFds[1];
            lent[stream] = true;
        } else if (output instanceof OutputSpec.ToStage stage) {
            childFds[stream] = stage.descriptor();
            lent[stream] = true;
        } else {
            childFds[stream] = nullDevice();
        }
    }

    private int nullDevice() {
        if (nullDevice == NONE) {
            nullDevice = Files.open("/dev/null", Files.O_RDWR, 0);
        }
        return nullDevice;
    }

    private static void checkInput(Path file, FileStatus status) {
        if (status.isFifo()) {
            throw StandardStreams.fifo(file);
        }
        if (status.isDirectory()) {
            throw new LaunchException(
                    LaunchException.Reason.BAD_STREAM_FILE,
                    "cannot open " + file + " as " + STREAMS[0] + ": " + Errno.describe(Errno.EISDIR.number()),
                    null);
        }
    }

    private static int openFile(int stream, Path file, int flags) {
        // Non-blocking: opening a FIFO without another end would block in the kernel.
        int fd = Files.tryOpen(PathText.of(file), flags | Files.O_NONBLOCK, FILE_MODE);
        if (fd < 0) {
            if (Errno.EMFILE.is(-fd) || Errno.ENFILE.is(-fd)) {
                throw new PosixException("open", file.toString(), -fd);
            }
            throw new LaunchException(
                    LaunchException.Reason.BAD_STREAM_FILE,
                    "cannot open " + file + " as " + STREAMS[stream] + ": " + Errno.describe(-fd),
                    null);
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
