package org.processmanager.core.internal.tree;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** Finds processes that have a pipe open, by the links in {@code /proc/<pid>/fd}. Those of other users are not visible. */
public final class PipeHolders {
    private static final String LINK = "pipe:[";

    private PipeHolders() {}

    /** Returns the pids of the processes, except this JVM, that have one of the pipes with these inodes open. */
    public static List<Long> find(Collection<Long> inodes) {
        Set<Long> wanted = Set.copyOf(inodes);
        Set<Long> holders = new TreeSet<>();
        scan((pid, link) -> {
            OptionalLong inode = pid == self() ? OptionalLong.empty() : inode(link);
            boolean found = inode.isPresent() && wanted.contains(inode.getAsLong());
            if (found) {
                holders.add(pid);
            }
            return found;
        });
        return List.copyOf(holders);
    }

    /**
     * Returns the pids of the processes, except this JVM, that can write to a pipe that only this JVM reads or no process, and
     * that this JVM does not write.
     *
     * @param known pipes that do not count
     */
    public static List<Long> ofUnknownPipes(Collection<Long> known) {
        Map<Long, Set<Long>> writers = new HashMap<>();
        Set<Long> others = new HashSet<>(known);
        scan((pid, link) -> {
            OptionalLong inode = inode(link);
            if (inode.isPresent()) {
                boolean writes = writes(link);
                if (writes && pid != self()) {
                    writers.computeIfAbsent(inode.getAsLong(), pipe -> new TreeSet<>())
                            .add(pid);
                } else if (writes == (pid == self())) {
                    others.add(inode.getAsLong());
                }
            }
            return false;
        });
        writers.keySet().removeAll(others);
        Set<Long> holders = new TreeSet<>();
        writers.values().forEach(holders::addAll);
        return List.copyOf(holders);
    }

    /** Returns the inode of the pipe to which a link in {@code /proc} leads; empty if it leads to none. */
    public static OptionalLong inode(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith(LINK)
                    ? OptionalLong.of(Long.parseLong(target.substring(LINK.length(), target.length() - 1)))
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // not open, or no longer
        }
    }

    /** The permissions of a link in {@code /proc} are the access mode of the descriptor. */
    private static boolean writes(Path link) {
        try {
            return Files.getPosixFilePermissions(link, LinkOption.NOFOLLOW_LINKS)
                    .contains(PosixFilePermission.OWNER_WRITE);
        } catch (IOException e) {
            return false; // closed since
        }
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    /** Visits the descriptors of all processes; the rest of a process is left out where the visitor returns true. */
    private static void scan(BiPredicate<Long, Path> visitor) {
        for (String pid : list(new File("/proc"))) {
            if (Character.isDigit(pid.charAt(0))) {
                File directory = new File("/proc/" + pid + "/fd");
                for (String descriptor : list(directory)) {
                    if (visitor.test(Long.parseLong(pid), Path.of(directory.getPath(), descriptor))) {
                        break;
                    }
                }
            }
        }
    }

    private static String[] list(File directory) {
        String[] names = directory.list();
        return names == null ? new String[0] : names;
    }
}
