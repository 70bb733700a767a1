package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * File systems on which processes of one machine do not reliably share memory, or on which locks prove nothing: network file
 * systems, and those served by a user process.
 */
public final class NetworkFileSystems {
    /** Numbers of {@code statfs(2)}. */
    private static final Map<Long, String> BY_NUMBER = Map.ofEntries(
            Map.entry(0x6969L, "nfs"),
            Map.entry(0xFF534D42L, "cifs"),
            Map.entry(0xFE534D42L, "smb2"),
            Map.entry(0x517BL, "smb"),
            Map.entry(0x01021997L, "9p"),
            Map.entry(0x65735546L, "fuse"),
            Map.entry(0x5346414FL, "afs"),
            Map.entry(0x6B414653L, "afs"),
            Map.entry(0x73757245L, "coda"),
            Map.entry(0x00C36400L, "ceph"),
            Map.entry(0x0BD00BD0L, "lustre"),
            Map.entry(0x47504653L, "gpfs"),
            Map.entry(0x01161970L, "gfs2"),
            Map.entry(0x7461636FL, "ocfs2"));

    private static final Set<String> BY_NAME = Set.of(
            "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "coda", "ceph", "lustre", "gpfs",
            "gfs2", "ocfs2");

    private NetworkFileSystems() {}

    /**
     * Refuses a path on such a file system; a missing file has the file system of its directory.
     *
     * @throws RegionException if it is on one
     */
    public static void refuse(Path path) {
        String type = type(path);
        if (type != null) {
            throw new RegionException(
                    Reason.NETWORK_FILE_SYSTEM,
                    "cannot open region " + path + ": it is on a file system of type " + type
                            + ", which several machines may share and where locks prove nothing; use a local one, such as"
                            + " /dev/shm");
        }
    }

    private static @Nullable String type(Path path) {
        Path parent = path.getParent();
        if (NativeLayer.available()) {
            for (Path existing : parent == null ? List.of(path) : List.of(path, parent)) {
                try {
                    return name(
                            org.processmanager.core.internal.posix.FileChecks.fileSystemType(PathText.of(existing)));
                } catch (PosixException e) {
                    // missing: ask for its directory
                }
            }
            return null;
        }
        for (Path existing : parent == null ? List.of(path) : List.of(path, parent)) {
            try {
                return name(Files.getFileStore(existing).type());
            } catch (IOException e) {
                // missing: ask for its directory
            }
        }
        return null;
    }

    /** Returns the name of a type by its number, or null if it is local. */
    public static @Nullable String name(long number) {
        return BY_NUMBER.get(number & 0xFFFF_FFFFL);
    }

    /** Returns the type in lower case, or null if it is local. */
    public static @Nullable String name(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return BY_NAME.contains(lower) || lower.startsWith("fuse") ? lower : null;
    }
}
