package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** User ids through the JDK only; -1 where files have none, which then all match. */
public final class UserId {
    private static final int CURRENT = read();

    private UserId() {}

    /** Returns the effective user id of this process. */
    public static int current() {
        return CURRENT;
    }

    /** Returns the user id of a file's owner; does not follow a symbolic link. */
    static int of(Path path) throws IOException {
        try {
            return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }

    private static int read() {
        try {
            // The directory of a process belongs to its effective user.
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return (int) uid;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }
}
