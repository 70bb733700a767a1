package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** User numbers through the JDK alone; -1 where files have none, which then all match. */
public final class UserId {
    private static final int CURRENT = read();

    private UserId() {}

    /** The effective user of this process. */
    public static int current() {
        return CURRENT;
    }

    /** The owner of a file; a symbolic link is not followed. */
    static int of(Path path) throws IOException {
        try {
            return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }

    private static int read() {
        try {
            // The folder of a process belongs to its effective user.
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return (int) uid;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }
}
