package org.processmanager.core;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.processmanager.core.internal.launch.io.OpenedFile;
import org.processmanager.core.internal.posix.PathText;

/**
 * A resource that can be passed to a child process by {@link Command#pass}.
 *
 * <p>The child, in whatever language, finds it in its environment. Passed as {@code ledger}, it is announced by the
 * variable {@code PM_RESOURCE_LEDGER}, whose value has one of two forms:
 * <pre>
 *   fd:5            descriptor 5 is open in the child; 3 or higher, never one of the standard streams
 *   file:/a/b.txt   the file with this absolute name, to be opened by the child
 * </pre>
 * The descriptor belongs to the child; it survives {@code exec}, so the child decides what it passes on to programs that it
 * starts. In Python: {@code os.fdopen(int(os.environ["PM_RESOURCE_LEDGER"][3:]), "r+b")}; in a shell
 * {@code cat <&5}; in Java {@link InheritedResources#find}. What this JVM inherited is not passed on: its children
 * inherit only what is passed to them.
 */
@FunctionalInterface
public interface Inheritable {
    /**
     * Opens the resource for one child. Called once at each launch, by the launching thread, before the program starts.
     *
     * @return a new descriptor of this process, close-on-exec; the launch closes it in any case, also when it fails
     * @throws ResourcesExhaustedException if no descriptor is free
     * @throws ProcessManagerException if it cannot be opened for another reason
     * @throws UnsupportedOperationException where descriptors are not available
     */
    int openForChild();

    /**
     * Returns the name by which the child opens the resource itself. If there is one, this process opens nothing, and the
     * resource can also be passed on the portable path, which cannot pass descriptors.
     *
     * @return the file's name, or empty: the ordinary case
     */
    default Optional<Path> fileForChild() {
        return Optional.empty();
    }

    /**
     * Returns a file that is announced by its name and opened by the child.
     *
     * @param file its name; a relative one starts from the JVM's working directory
     * @return the resource
     */
    static Inheritable named(Path file) {
        return OpenedFile.named(PathText.check("file", file).toAbsolutePath());
    }

    /**
     * Returns a file that is opened at each launch and announced as a descriptor: the child needs no permission of its own,
     * and the file cannot be replaced by another one in between.
     *
     * @param file its name; a relative one starts from the JVM's working directory
     * @param options as for {@link java.nio.channels.FileChannel#open}: READ, WRITE, APPEND, CREATE, CREATE_NEW and
     *     TRUNCATE_EXISTING of {@link java.nio.file.StandardOpenOption}; READ where there are none
     * @return the resource
     * @throws IllegalArgumentException if any other option is given
     */
    static Inheritable opened(Path file, OpenOption... options) {
        return OpenedFile.opened(PathText.check("file", file), Objects.requireNonNull(options, "options"));
    }
}
