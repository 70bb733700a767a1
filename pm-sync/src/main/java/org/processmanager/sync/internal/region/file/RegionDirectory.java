package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.Names;
import org.slf4j.LoggerFactory;

/**
 * The directory of regions that are opened by name: {@code /dev/shm/pm-<euid>/}, which only this user may enter; where
 * {@code /dev/shm} is missing or this user may not write to it, a directory of the user in the temporary directory. All
 * processes of a user must come to the same answer, so an existing directory in {@code /dev/shm} is used in any case.
 */
public final class RegionDirectory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final int CHECKS = 20;
    private static final long CHECK_PAUSE_NANOS = 5_000_000;
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private RegionDirectory() {}

    /**
     * Returns the path of a named region; creates the directory if it is missing.
     *
     * @throws IllegalArgumentException if the name is invalid
     * @throws RegionException if other users may enter the directory
     */
    public static Path resolve(String name) {
        Names.check(name);
        Path directory = path();
        create(directory);
        return directory.resolve(name);
    }

    /** Returns the directory, which may be missing. */
    public static Path path() {
        return path(SHARED_MEMORY);
    }

    /** As {@link #path()}, in that directory instead of {@code /dev/shm}, if possible. */
    public static Path path(Path sharedMemory) {
        int user = UserId.current();
        // The system property is "?" for a user without an entry in the user database, so for all of them.
        String name = "pm-" + (user >= 0 ? Integer.toString(user) : System.getProperty("user.name"));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), name);
        if (user < 0 || !Files.isDirectory(sharedMemory)) {
            return temporary;
        }
        Path directory = sharedMemory.resolve(name);
        if (Files.isWritable(sharedMemory) || Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return directory;
        }
        if (LOGGED.compareAndSet(false, true)) {
            LoggerFactory.getLogger(RegionDirectory.class)
                    .warn("{} is not writable for this user: named regions lie in {}", sharedMemory, temporary);
        }
        return temporary;
    }

    /** Creates the directory if it is missing, and checks that this user, and no other, may enter it. */
    public static void create(Path directory) {
        try {
            if (UserId.current() < 0) {
                Files.createDirectories(directory);
                return;
            }
            try {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                Files.setPosixFilePermissions(directory, OWNER_ONLY); // whatever the umask is
            } catch (FileAlreadyExistsException e) {
                // checked next
            }
            check(directory);
        } catch (IOException e) {
            throw RegionErrors.cannotUse(directory, e);
        }
    }

    private static void check(Path directory) throws IOException {
        for (int i = 1; ; i++) {
            PosixFileAttributes found =
                    Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            int owner = UserId.of(directory);
            boolean ours = found.isDirectory() && owner == UserId.current();
            if (ours && found.permissions().equals(OWNER_ONLY)) {
                return;
            }
            // Another process may have created it under a umask that takes permissions of the owner.
            boolean beingCreated = ours && OWNER_ONLY.containsAll(found.permissions());
            if (!beingCreated || i == CHECKS) {
                throw refuse(directory, found, owner);
            }
            LockSupport.parkNanos(CHECK_PAUSE_NANOS);
        }
    }

    private static RegionException refuse(Path directory, PosixFileAttributes found, int owner) {
        return new RegionException(
                Reason.NOT_PERMITTED,
                "cannot use directory " + directory + " for regions: "
                        + (found.isDirectory() ? "directory" : "no directory")
                        + " of user " + owner + " with " + PosixFilePermissions.toString(found.permissions())
                        + " (expected: a directory of user " + UserId.current()
                        + " with rwx------); remove it, or chmod 700 it if it is yours");
    }
}
