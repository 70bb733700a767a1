package org.processmanager.examples.app.menu;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.examples.UnusedRegions;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Ipc;
import org.processmanager.sync.SharedMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel of a menu, in this user's directory of shared memory. It outlives its users, so its creator deletes it.
 *
 * @param name of its file
 */
record Channel(String name) {
    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final String PREFIX = "menu-";

    /** Returns the channel of this process with a number. */
    static Channel ofThisProcess(int number) {
        String suffix = number == 0 ? "" : "-" + number;
        return new Channel(PREFIX + ProcessHandle.current().pid() + suffix);
    }

    /** Returns a channel that belongs to this one. */
    Channel sub(String what) {
        return new Channel(name + "-" + what);
    }

    String endpoint() {
        return "mapped:" + name;
    }

    /** Returns its file; the channel must exist. */
    Path file() {
        try (SharedMemory region = SharedMemory.open(name)) {
            return region.path();
        }
    }

    /** Deletes it if it exists. */
    void delete() {
        try {
            Ipc.delete(endpoint());
        } catch (ChannelException e) {
            LOG.debug("not deleted: {}", e.getMessage());
        }
    }

    /** Deletes the channels of killed menus: no process has them open, and none is being created. */
    static void deleteAbandoned(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                if (UnusedRegions.isUnused(file, UnusedRegions.latestCreation())) {
                    new Channel(file.getFileName().toString()).delete();
                }
            }
        } catch (IOException e) {
            LOG.debug("cannot look for abandoned channels", e);
        }
    }
}
