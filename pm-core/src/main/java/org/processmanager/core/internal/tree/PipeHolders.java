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

/** Who else has a pipe open, by the links in {@code /proc/<pid>/fd}. Processes of other users cannot be looked into. */
public final class PipeHolders {
    private PipeHolders() {}

    /** The processes, but for this JVM, that hold one of the pipes with these inodes. */
    public static List<Long> find(Collection<Long> inodes) {
        Set<String> wanted = new TreeSet<>();
        inodes.forEach(inode -> wanted.add("pipe:[" + inode + "]"));
        long self = ProcessHandle.current().pid();
        List<Long> holders = new ArrayList<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0)) && Long.parseLong(name) != self && holds(name, wanted)) {
                holders.add(Long.parseLong(name));
            }
        }
        holders.sort(null);
        return holders;
    }

    private static boolean holds(String pid, Set<String> wanted) {
        File folder = new File("/proc/" + pid + "/fd");
        String[] descriptors = folder.list();
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            try {
                Path target = Files.readSymbolicLink(Path.of(folder.getPath(), descriptor));
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
