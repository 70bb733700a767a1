package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.layout.RandomId;
import org.processmanager.sync.internal.region.lock.LockBytes;

/**
 * The files of regions that are being created, where a file must have a name for that: {@code .<name>.<uuid>.tmp} beside the
 * region. Their creator holds the creation byte, so a file whose byte is free was left by a creator that was killed.
 */
public final class UnfinishedFiles {
    /** How much of the region's name fits, whatever characters it has, into a file name of 255 bytes. */
    private static final int NAME_LENGTH = 60;

    private static final String SUFFIX = ".tmp";

    /** Loaded for the first candidate: regular expressions would be a part of the time in which a first region is created. */
    private static final class Names {
        static final Pattern PATTERN =
                Pattern.compile("\\.(.+)\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp", Pattern.DOTALL);

        private Names() {}
    }

    private UnfinishedFiles() {}

    /** Returns a new name for the file of a region that is to be created. */
    static Path next(Path region) {
        return region.resolveSibling(PathText.toPath("." + nameOf(region) + "." + RandomId.next() + ".tmp"));
    }

    private static String nameOf(Path region) {
        String name = region.getFileName() == null ? "" : PathText.of(region.getFileName());
        if (name.length() <= NAME_LENGTH) {
            return name;
        }
        return name.substring(
                0, Character.isHighSurrogate(name.charAt(NAME_LENGTH - 1)) ? NAME_LENGTH - 1 : NAME_LENGTH);
    }

    /** Deletes the files that killed creators of a region left. */
    public static void sweep(Path region) {
        sweep(region.resolveSibling("."), nameOf(region));
    }

    /** Deletes the files that killed creators of all regions in a directory left; returns them. */
    public static List<Path> sweepAll(Path directory) {
        return sweep(directory, null);
    }

    private static List<Path> sweep(Path directory, @Nullable String name) {
        List<Path> deleted = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String found = PathText.of(file.getFileName());
                if (found.endsWith(SUFFIX) && isUnfinished(found, name) && deleteAbandoned(file)) {
                    deleted.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return deleted; // the directory is missing, or cannot be listed
        }
        return deleted;
    }

    private static boolean isUnfinished(String file, @Nullable String region) {
        Matcher matcher = Names.PATTERN.matcher(file);
        return matcher.matches() && (region == null || region.equals(matcher.group(1)));
    }

    private static boolean deleteAbandoned(Path path) {
        try (RegionFile file = RegionFile.open(path)) {
            if (file == null) {
                return false;
            }
            try (LockBytes locks = file.openLocks()) {
                return locks.tryLock(LockBytes.CREATE) && file.isAt(path) && Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException | RegionException | PosixException e) {
            return false; // another user's, or deleted meanwhile
        }
    }
}
