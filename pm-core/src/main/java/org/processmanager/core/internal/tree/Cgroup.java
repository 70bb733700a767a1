package org.processmanager.core.internal.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;

/** A control group of version 2: a directory of the kernel whose processes and their descendants stay together. */
public final class Cgroup {
    private static final int DIRECTORY_MODE = 0755;

    private final String directory;
    private final boolean created;

    private Cgroup(String directory, boolean created) {
        this.directory = directory;
        this.created = created;
    }

    /**
     * Opens a group, and creates it if it does not exist.
     *
     * @throws PosixException if it cannot be created
     */
    public static Cgroup open(String directory) {
        return new Cgroup(
                directory, !FileChecks.isDirectory(directory) && Files.makeDirectory(directory, DIRECTORY_MODE));
    }

    /** Returns where version 2 is mounted, which need not be the root of all groups; null if it is not mounted. */
    public static @Nullable String mount() {
        for (String line : read("/proc/self/mountinfo").split("\n")) {
            String mount = mount(line);
            if (mount != null) {
                return mount;
            }
        }
        return null;
    }

    /** Parses {@code 41 31 0:38 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw}; null if not cgroup2. */
    static @Nullable String mount(String line) {
        int dash = line.indexOf(" - ");
        if (dash < 0 || !line.startsWith("cgroup2 ", dash + 3)) {
            return null;
        }
        byte[] escaped = line.split(" ")[4].getBytes(StandardCharsets.ISO_8859_1);
        byte[] path = new byte[escaped.length];
        int n = 0;
        for (int i = 0; i < escaped.length; i++, n++) {
            if (escaped[i] == '\\' && i + 3 < escaped.length) {
                path[n] = (byte) Integer.parseInt(new String(escaped, i + 1, 3, StandardCharsets.ISO_8859_1), 8);
                i += 3;
            } else {
                path[n] = escaped[i];
            }
        }
        return PathText.decode(Arrays.copyOf(path, n));
    }

    /** Returns the directory. */
    public String directory() {
        return directory;
    }

    /**
     * Moves a process into the group.
     *
     * @throws PosixException if the kernel refuses
     */
    public void add(int pid) {
        write("cgroup.procs", Integer.toString(pid));
    }

    /** Returns the pids of the processes in the group and in the groups below it. */
    public List<Integer> members() {
        List<Integer> members = new ArrayList<>();
        collect(directory, members);
        return members;
    }

    /** Kills all members at once; returns false if the kernel cannot (before 5.14) or refuses. */
    public boolean kill() {
        try {
            write("cgroup.kill", "1");
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    /** Returns how many of its processes the kernel killed because memory ran out; 0 without the memory controller. */
    public long outOfMemoryKills() {
        for (String line : read(directory + "/memory.events").split("\n")) {
            if (line.startsWith("oom_kill ")) {
                return Long.parseLong(line.substring("oom_kill ".length()).strip());
            }
        }
        return 0;
    }

    /** Deletes the group if it was created here; returns false if a process is still in it. */
    public boolean remove() {
        return !created || !Errno.EBUSY.is(Files.removeDirectory(directory));
    }

    private static void collect(String directory, List<Integer> members) {
        for (String line : read(directory + "/cgroup.procs").split("\n")) {
            if (!line.isEmpty()) {
                members.add(Integer.parseInt(line));
            }
        }
        try (DirectoryStream<Path> below = java.nio.file.Files.newDirectoryStream(
                PathText.toPath(directory), entry -> java.nio.file.Files.isDirectory(entry))) {
            for (Path group : below) {
                collect(PathText.of(group), members);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // removed meanwhile
        }
    }

    private void write(String name, String value) {
        String file = directory + "/" + name;
        int fd = Files.open(file, Files.O_WRONLY, 0);
        try {
            byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
            int written = Files.write(fd, bytes, bytes.length);
            if (written < 0) {
                throw new PosixException("write", file, -written);
            }
        } finally {
            Files.close(fd);
        }
    }

    /** Returns the text of a file; empty if it cannot be opened. */
    private static String read(String file) {
        String text = Files.readText(file);
        return text == null ? "" : text;
    }
}
