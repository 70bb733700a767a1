package org.processmanager.ipc.internal.fifo;

import java.lang.ref.Cleaner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.Cleaners;
import org.processmanager.ipc.internal.DescriptorPath;
import org.processmanager.ipc.internal.SystemFailure;

/**
 * Where the ends of a pipe are opened: the name of a FIFO, or a reference to a pipe without a name. A reference is a descriptor
 * of this process that is neither a reading nor a writing end ({@code O_PATH}). Opening it through {@code /proc} makes a new
 * open file description, so each end has locks and flags of its own, as on a FIFO.
 */
final class PipePlace {
    private static final int NONE = -1;

    private final String subject;
    private final String path;
    private final int reference;
    private final Cleaner.@Nullable Cleanable cleanable;

    private PipePlace(String subject, String path, int reference) {
        this.subject = subject;
        this.path = path;
        this.reference = reference;
        this.cleanable = reference == NONE ? null : Cleaners.register(this, () -> Files.close(reference));
    }

    /** Returns the place of a FIFO. */
    static PipePlace named(Path path) {
        return new PipePlace(path.toString(), PathText.of(path), NONE);
    }

    /**
     * Returns a reference to the pipe of a descriptor, which may be closed later.
     *
     * @param subject names the pipe in messages
     * @throws org.processmanager.ipc.ChannelException if the descriptor is not open, or no descriptor is free
     */
    static PipePlace of(String subject, int descriptor) {
        try {
            int reference = Files.open(DescriptorPath.of(descriptor), Files.O_PATH, 0);
            return new PipePlace(subject, DescriptorPath.of(reference), reference);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open descriptor " + descriptor + " of " + subject, e);
        }
    }

    /** Returns whether this is the name of a FIFO. */
    boolean isNamed() {
        return reference == NONE;
    }

    /** Returns the path to open. */
    String path() {
        return path;
    }

    /** Returns a reference of its own to the same pipe. */
    PipePlace duplicate() {
        return of(subject, reference);
    }

    /** Lets a descriptor of this process refer to the pipe without being one of its ends. */
    void takeOver(int descriptor) {
        Files.replace(descriptor, reference);
    }

    FileStatus status() {
        return isNamed() ? Files.status(path) : Files.status(reference);
    }

    /** Opens the file, close-on-exec; returns the negative errno on failure. A link in place of a FIFO is not followed. */
    int tryOpen(int flags) {
        return Files.tryOpen(path, isNamed() ? flags | Files.O_NOFOLLOW : flags, 0);
    }

    /** Closes the reference. Idempotent. */
    void close() {
        if (cleanable != null) {
            cleanable.clean();
        }
    }

    @Override
    public String toString() {
        return subject;
    }
}
