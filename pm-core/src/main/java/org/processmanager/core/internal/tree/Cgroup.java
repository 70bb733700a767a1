package org.processmanager.core.internal.tree;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;

/** A control group of version 2: a folder in which the kernel keeps processes together, whatever they do. */
public final class Cgroup {
    private static final int FOLDER_MODE = 0755;
    private static final int CHUNK = 8192;

    private final String folder;
    private final boolean made;

    private Cgroup(String folder, boolean made) {
        this.folder = folder;
        this.made = made;
    }

    /**
     * Opens a group, which is made if it is missing.
     *
     * @throws PosixException if it cannot be made
     */
    public static Cgroup open(String folder) {
        return new Cgroup(folder, !FileChecks.isDirectory(folder) && Files.makeDirectory(folder, FOLDER_MODE));
    }

    /** Where version 2 is mounted, which need not be the root of all groups; null if it is not. */
    public static @Nullable String mount() {
        try {
            for (String line :
                    java.nio.file.Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
                String mount = mount(line);
                if (mount != null) {
                    return mount;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for the mount of cgroup2: " + e.getMessage(), e);
        }
        return null;
    }

    /** {@code 41 31 0:38 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw}; null if it is another file system. */
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
        return new String(path, 0, n, StandardCharsets.UTF_8);
    }

    /** Its folder. */
    public String folder() {
        return folder;
    }

    /**
     * Moves a process into it.
     *
     * @throws PosixException with the kernel's reason
     */
    public void add(int pid) {
        write("cgroup.procs", Integer.toString(pid));
    }

    /** Who is in it, or in a group below it. */
    public List<Integer> members() {
        List<Integer> members = new ArrayList<>();
        collect(folder, members);
        return members;
    }

    /** Sends KILL to all members, at once; false where the kernel cannot (before 5.14) or may not. */
    public boolean kill() {
        try {
            write("cgroup.kill", "1");
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    /** How many processes in it the kernel has ended for want of memory; 0 without the memory controller. */
    public long outOfMemoryKills() {
        for (String line : read(folder + "/memory.events").split("\n")) {
            if (line.startsWith("oom_kill ")) {
                return Long.parseLong(line.substring("oom_kill ".length()).strip());
            }
        }
        return 0;
    }

    /** Removes it, if it was made here; false if somebody is still in it. */
    public boolean remove() {
        return !made || !Errno.EBUSY.is(Files.removeDirectory(folder));
    }

    private static void collect(String folder, List<Integer> members) {
        for (String line : read(folder + "/cgroup.procs").split("\n")) {
            if (!line.isEmpty()) {
                members.add(Integer.parseInt(line));
            }
        }
        File[] below = new File(folder).listFiles(File::isDirectory);
        for (File group : below == null ? new File[0] : below) {
            collect(group.getPath(), members);
        }
    }

    private void write(String name, String value) {
        String file = folder + "/" + name;
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

    /** The text of a file; empty if it is not there. */
    private static String read(String file) {
        int fd = Files.tryOpen(file, Files.O_RDONLY, 0);
        if (fd < 0) {
            return "";
        }
        try {
            StringBuilder text = new StringBuilder();
            byte[] chunk = new byte[CHUNK];
            for (int n = Files.read(fd, chunk, CHUNK); n > 0; n = Files.read(fd, chunk, CHUNK)) {
                text.append(new String(chunk, 0, n, StandardCharsets.US_ASCII));
            }
            return text.toString();
        } finally {
            Files.close(fd);
        }
    }
}
