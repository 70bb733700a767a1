package org.processmanager.core.internal.tree;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds processes that have a pipe open, by the links in {@code /proc/<pid>/fd}. Those of other users are not visible. */
public final class PipeHolders {
    private PipeHolders() {}

    /** Returns the pids of the processes, except this JVM, that have one of the pipes with these inodes open. */
    public static List<Long> find(Collection<Long> inodes) {
        Set<String> wanted = new TreeSet<>();
        for (Long inode : inodes) {
            wanted.add("pipe:[" + inode + "]");
        }
        long self = ProcessHandle.current().pid();
        List<Long> holders = new ArrayList<>();
        String[] names = ProcFs.isUsable() ? new File("/proc").list() : null;
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0)) && Long.parseLong(name) != self && holds(name, wanted)) {
                holders.add(Long.parseLong(name));
            }
        }
        holders.sort(null);
        return holders;
    }

    private static boolean holds(String pid, Set<String> wanted) {
        File directory = new File("/proc/" + pid + "/fd");
        String[] descriptors = directory.list();
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            try {
                Path target = Files.readSymbolicLink(Path.of(directory.getPath(), descriptor));
                if (wanted.contains(target.toString())) {
                    return true;
                }
            } catch (IOException e) {
                // closed since
            }
        }
        return false;
    }
}
