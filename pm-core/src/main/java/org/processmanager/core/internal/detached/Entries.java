package org.processmanager.core.internal.detached;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;

/**
 * Creates, lists and removes the entries of a registry. An entry gets its name when it is complete, by a rename that fails if
 * the name is in use, and loses it by another one: no lock, and no half of an entry is ever seen.
 */
public final class Entries {
    /** The prefix of directories that have no name yet, or no longer. */
    private static final String UNNAMED = ".";

    private static final long SHIM_EXIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private Entries() {}

    /** Creates the directory of a registry, for its owner alone. */
    public static void createDirectory(Path registry) throws IOException {
        Files.createDirectories(
                registry, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * Creates an entry, whose state is that of this JVM until a shim takes it over.
     *
     * @return false if the name is in use
     */
    public static boolean create(EntryFiles files, CommandFile command) throws IOException {
        Path registry = files.directory().getParent();
        Path draft = Files.createTempDirectory(registry, UNNAMED + "new-");
        try {
            EntryFiles drafted = new EntryFiles(draft);
            Files.createFile(drafted.lock());
            command.write(drafted);
            StateFile.write(drafted, starting());
            Files.move(draft, files.directory(), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            delete(draft);
            if (Files.exists(files.directory())) {
                return false;
            }
            throw e;
        }
    }

    /** Returns the state of an entry between its creation and its shim. */
    public static DetachedState starting() {
        return new DetachedState(
                Phase.STARTING,
                Optional.empty(),
                ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow(),
                Instant.now(),
                Optional.empty(),
                0,
                Optional.empty(),
                "");
    }

    /** Returns the names of all entries, sorted. */
    public static List<String> names(Path registry) throws IOException {
        if (!Files.exists(registry)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> all = Files.list(registry)) {
            all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(UNNAMED))
                    .sorted()
                    .forEach(names::add);
        }
        return names;
    }

    /** Prepares an entry whose process is over for another shim, unless one has it already. Its output is kept. */
    public static void reopen(EntryFiles files, CommandFile command) throws IOException {
        locked(files, () -> {
            Files.deleteIfExists(files.stopRequest());
            command.write(files);
            StateFile.write(files, starting());
        });
    }

    /** Records that no shim has taken an entry over, unless one has it. Otherwise it would be starting while this JVM lives. */
    public static void giveUp(EntryFiles files, String message) throws IOException {
        locked(files, () -> {
            DetachedState state = StateFile.read(files);
            if (state.phase() == Phase.STARTING) {
                StateFile.write(
                        files,
                        new DetachedState(
                                Phase.FAILED,
                                Optional.empty(),
                                state.shim(),
                                state.started(),
                                Optional.of(Instant.now()),
                                0,
                                Optional.empty(),
                                message));
            }
        });
    }

    /**
     * Removes an entry.
     *
     * @return false if a shim has it
     */
    public static boolean remove(EntryFiles files) throws IOException {
        return locked(files, () -> {
            Path unnamed = Files.createTempDirectory(files.directory().getParent(), UNNAMED + "rm-");
            Files.move(files.directory(), unnamed, StandardCopyOption.ATOMIC_MOVE);
            delete(unnamed);
        });
    }

    private interface Change {
        void apply() throws IOException;
    }

    /** Changes an entry that no shim has. One that has recorded the exit of its process still has it for a moment. */
    private static boolean locked(EntryFiles files, Change change) throws IOException {
        long start = System.nanoTime();
        while (!tryLocked(files, change)) {
            if (System.nanoTime() - start > SHIM_EXIT_NANOS) {
                return false;
            }
            Threads.pause(PAUSE_NANOS);
        }
        return true;
    }

    /** Only one at a time in this JVM, since closing any descriptor of the file releases its lock. */
    private static boolean tryLocked(EntryFiles files, Change change) throws IOException {
        ONE_AT_A_TIME.lock();
        try (FileChannel channel = FileChannel.open(files.lock(), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            change.apply();
            return true;
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
