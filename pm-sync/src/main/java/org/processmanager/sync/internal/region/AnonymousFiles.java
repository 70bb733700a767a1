package org.processmanager.sync.internal.region;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.layout.RandomId;

/**
 * The files of regions without a name, where those need one: their creator deletes them when it closes its handle. Those of
 * creators that were killed are deleted by the next creation.
 */
public final class AnonymousFiles {
    private static final String PREFIX = "anonymous-";

    private AnonymousFiles() {}

    /** Returns the path for a new one, after deleting those that no process has open. */
    public static Path next() {
        Path path = RegionDirectory.resolve(PREFIX + RandomId.next());
        sweep(path.resolveSibling("."));
        return path;
    }

    private static void sweep(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                deleteIfAbandoned(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // they stay
        }
    }

    /** A file without living participants is abandoned, since its creator joins it before it has a name. */
    private static void deleteIfAbandoned(Path file) {
        try {
            if (RegionInspector.inspect(file).participants().stream().noneMatch(RegionSnapshot.Participant::alive)) {
                try (Region region = Region.open(file, OpenMode.OPEN_EXISTING, 0)) {
                    region.delete();
                }
            }
        } catch (RegionException | PosixException e) {
            // deleted meanwhile, or no region
        }
    }
}
