package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.Names;

/**
 * The directory of regions that are opened by name: {@code /dev/shm/pm-<euid>/}, which only this user may enter; without
 * {@code /dev/shm}, a directory of the user in the temporary directory.
 */
public final class RegionDirectory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

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
        int user = UserId.current();
        return user >= 0 && Files.isDirectory(SHARED_MEMORY)
                ? SHARED_MEMORY.resolve("pm-" + user)
                : Path.of(System.getProperty("java.io.tmpdir"), "pm-" + System.getProperty("user.name"));
    }

    /** Creates the directory if it is missing, and checks that only this user may enter it. */
    public static void create(Path directory) {
        try {
            if (UserId.current() < 0) {
                Files.createDirectories(directory);
                return;
            }
            try {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (FileAlreadyExistsException e) {
                // checked next
            }
            check(directory);
        } catch (IOException e) {
            throw new RegionException(Reason.SYSTEM, "cannot use directory " + directory + " for regions: " + e, e);
        }
    }

    private static void check(Path directory) throws IOException {
        PosixFileAttributes found =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> ofOthers = EnumSet.noneOf(PosixFilePermission.class);
        ofOthers.addAll(found.permissions());
        ofOthers.removeAll(OWNER_ONLY);
        int owner = UserId.of(directory);
        if (!found.isDirectory() || owner != UserId.current() || !ofOthers.isEmpty()) {
            throw new RegionException(
                    Reason.NOT_PERMITTED,
                    "cannot use directory " + directory + " for regions: "
                            + (found.isDirectory() ? "directory" : "no directory")
                            + " of user " + owner + " with " + PosixFilePermissions.toString(found.permissions())
                            + " (expected: a directory of user " + UserId.current()
                            + " with rwx------); remove it, or chmod 700 it if it is yours");
        }
    }
}
