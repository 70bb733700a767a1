package org.processmanager.core.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.detached.Entries;
import org.processmanager.core.internal.detached.EntryFiles;
import org.processmanager.core.internal.posix.PathText;

/**
 * The detached processes of a user, by their names: a directory with one directory for each, which any JVM of that user can
 * read. An entry stays after the exit of its process, with its status and output, until it is
 * {@linkplain DetachedProcess#remove() removed}.
 *
 * <pre>{@code
 * DetachedProcess web = pm.detached(pm.command("python3", "-m", "http.server", "8123")).name("web").start();
 * // later, in another JVM
 * StopReport report = pm.registry().process("web").orElseThrow().stop();
 * }</pre>
 *
 * <p>A registry has no state of its own and holds no files open. Thread-safe, and safe for any number of processes on a local
 * file system.
 */
public final class ProcessRegistry {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+@-]{0,63}");

    private final ProcessManager manager;
    private final Path directory;

    private ProcessRegistry(ProcessManager manager, Path directory) {
        this.manager = manager;
        this.directory = directory;
    }

    /**
     * Returns the registry in a directory, which the first entry creates, for its owner alone (0700).
     *
     * @param manager starts shims, and watches processes that are stopped or waited for
     * @param directory its directory
     * @return the registry
     */
    public static ProcessRegistry of(ProcessManager manager, Path directory) {
        Objects.requireNonNull(manager, "manager");
        return new ProcessRegistry(
                manager, PathText.check("directory", directory).toAbsolutePath());
    }

    /**
     * Returns the directory of the registry of the user of this JVM: {@code pm/processes} in {@code $XDG_STATE_HOME}, or in
     * {@code ~/.local/state} if that is not set or not absolute.
     *
     * @return the directory, which need not exist
     */
    public static Path defaultDirectory() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state != null && state.startsWith("/")
                ? Path.of(state)
                : home().resolve(".local").resolve("state");
        return base.resolve("pm").resolve("processes");
    }

    /** Returns the shell's home directory; that of the JVM is "?" for a user without one. */
    private static Path home() {
        String home = System.getenv("HOME");
        return home != null && home.startsWith("/")
                ? Path.of(home)
                : Path.of("/").resolve(System.getProperty("user.home"));
    }

    /**
     * Returns the directory of this registry.
     *
     * @return an absolute path
     */
    public Path directory() {
        return directory;
    }

    /**
     * Returns a command that starts a process of this registry. Its program, arguments, directory, environment, limits,
     * priorities, user, groups, control group and stop policy are kept.
     *
     * @param command what is started
     * @return the command, to be given a name and started
     * @throws IllegalArgumentException if the command has an attribute that cannot outlive this JVM or be stored: a standard
     *     stream, a timeout, a listener, a resource to {@linkplain Command#pass pass}, {@link Command#dieWithParent},
     *     {@link Command#argv0}, {@link Command#ioNice}, a {@linkplain org.processmanager.core.Ready#probe probe} of readiness
     *     or a stop policy with an action
     */
    public DetachedCommand detached(Command command) {
        return new DetachedCommand(this, Objects.requireNonNull(command, "command"));
    }

    /**
     * Returns all processes of this registry, also those that have exited.
     *
     * @return the processes, sorted by name
     * @throws RegistryException if the directory cannot be read
     */
    public List<DetachedProcess> processes() {
        try {
            return Entries.names(directory).stream()
                    .map(name -> new DetachedProcess(this, name))
                    .toList();
        } catch (IOException e) {
            throw new RegistryException("cannot read the registry " + directory + ": " + reason(e), e);
        }
    }

    /**
     * Returns the process of a name.
     *
     * @param name any text
     * @return the process, which may have exited; empty if there is none of that name
     */
    public Optional<DetachedProcess> process(String name) {
        Objects.requireNonNull(name, "name");
        return isName(name) && Files.exists(directory.resolve(name))
                ? Optional.of(new DetachedProcess(this, name))
                : Optional.empty();
    }

    /** Returns the name of this registry in messages. */
    @Override
    public String toString() {
        return "registry " + directory;
    }

    ProcessManager manager() {
        return manager;
    }

    EntryFiles files(String name) {
        return new EntryFiles(directory.resolve(name));
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns the reason of a failure without the name of the file, or with the name of the exception that says it. */
    static String reason(IOException e) {
        String name = e.getClass().getSimpleName();
        return name.equals("IOException") || name.equals("FileSystemException")
                ? String.valueOf(e.getMessage())
                : name.replace("Exception", "") + " (" + e.getMessage() + ")";
    }
}
