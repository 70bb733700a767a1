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
 * Where regions lie that have a name and no path: {@code /dev/shm/pm-<euid>/}, which nobody else may enter. Where there is
 * no such memory, a folder of the user's among the temporary files.
 */
public final class RegionDirectory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private RegionDirectory() {}

    /**
     * The path of a named region; its folder is made if it is missing.
     *
     * @throws IllegalArgumentException if it is no name
     * @throws RegionException if the folder is not this user's alone
     */
    public static Path resolve(String name) {
        Names.check(name);
        Path folder = path();
        make(folder);
        return folder.resolve(name);
    }

    /** The folder, which may be missing. */
    public static Path path() {
        int user = UserId.current();
        return user >= 0 && Files.isDirectory(SHARED_MEMORY)
                ? SHARED_MEMORY.resolve("pm-" + user)
                : Path.of(System.getProperty("java.io.tmpdir"), "pm-" + System.getProperty("user.name"));
    }

    public static void make(Path folder) {
        try {
            if (UserId.current() < 0) {
                Files.createDirectories(folder);
                return;
            }
            try {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (FileAlreadyExistsException e) {
                // ours, as is checked next, or somebody's trap
            }
            check(folder);
        } catch (IOException e) {
            throw new RegionException(Reason.SYSTEM, "cannot use folder " + folder + " for regions: " + e, e);
        }
    }

    private static void check(Path folder) throws IOException {
        PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> ofOthers = EnumSet.noneOf(PosixFilePermission.class);
        ofOthers.addAll(found.permissions());
        ofOthers.removeAll(OWNER_ONLY);
        int owner = UserId.of(folder);
        if (!found.isDirectory() || owner != UserId.current() || !ofOthers.isEmpty()) {
            throw new RegionException(
                    Reason.NOT_PERMITTED,
                    "cannot use folder " + folder + " for regions: "
                            + (found.isDirectory() ? "directory" : "no directory")
                            + " of user " + owner + " with " + PosixFilePermissions.toString(found.permissions())
                            + " (expected: a directory of user " + UserId.current()
                            + " with rwx------); remove it, or chmod 700 it if it is yours");
        }
    }
}
