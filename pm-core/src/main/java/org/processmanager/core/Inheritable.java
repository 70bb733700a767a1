package org.processmanager.core;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.processmanager.core.internal.launch.io.OpenedFile;

/**
 * Something that a child process can be given: what {@link Command#pass} takes.
 *
 * <p>The child, in whatever language, finds it in its environment. Handed over as {@code ledger}, it is announced by the
 * variable {@code PM_RESOURCE_LEDGER}, whose value has one of two forms:
 * <pre>
 *   fd:5            descriptor 5 is open in the child; 3 and up, never one of the standard streams
 *   file:/a/b.txt   the file with this absolute name, to be opened by the child
 * </pre>
 * The descriptor is the child's own to use and to close; it survives {@code exec}, so the child decides what it passes on
 * to programs that it starts. In Python: {@code os.fdopen(int(os.environ["PM_RESOURCE_LEDGER"][3:]), "r+b")}; in a shell
 * {@code cat <&5}; in Java {@link InheritedResources#find}. What was handed to this JVM is not passed on by itself: its children
 * see only what was handed over to them.
 */
@FunctionalInterface
public interface Inheritable {
    /**
     * Opens it for one child. Called once at each launch, by the thread that launches, before the program starts.
     *
     * @return a fresh descriptor of this process, close-on-exec; the launch closes it in any case, also when it fails
     * @throws ResourcesExhaustedException if no descriptor is free
     * @throws ProcessManagerException if it cannot be opened for another reason
     * @throws UnsupportedOperationException where descriptors cannot be had
     */
    int openForChild();

    /**
     * The name by which the child opens it itself. If there is one, nothing is opened by this process, and it can be handed
     * over on the portable path too, which cannot pass descriptors on.
     *
     * @return the file's name, or empty: the ordinary case
     */
    default Optional<Path> fileForChild() {
        return Optional.empty();
    }

    /**
     * A file that is announced by its name and opened by the child.
     *
     * @param file its name; a relative one starts from the JVM's working directory
     * @return the resource
     */
    static Inheritable named(Path file) {
        return OpenedFile.named(Objects.requireNonNull(file, "file").toAbsolutePath());
    }

    /**
     * A file that is opened at each launch and announced as a descriptor: the child needs no permission of its own, and
     * nobody can put another file in its place meanwhile.
     *
     * @param file its name; a relative one starts from the JVM's working directory
     * @param options as for {@link java.nio.channels.FileChannel#open}: READ, WRITE, APPEND, CREATE, CREATE_NEW and
     *     TRUNCATE_EXISTING of {@link java.nio.file.StandardOpenOption}; READ where there are none
     * @return the resource
     * @throws IllegalArgumentException if there is another option
     */
    static Inheritable opened(Path file, OpenOption... options) {
        return OpenedFile.opened(Objects.requireNonNull(file, "file"), Objects.requireNonNull(options, "options"));
    }
}
