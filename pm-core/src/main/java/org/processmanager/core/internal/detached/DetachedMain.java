package org.processmanager.core.internal.detached;

import java.nio.file.Path;

/** The program of a shim. Its working directory is that of the entry, so that any path of the registry works in any locale. */
final class DetachedMain {
    private DetachedMain() {}

    /**
     * Runs a shim.
     *
     * @param args the name of the entry
     */
    public static void main(String[] args) throws Exception {
        new Shim(new EntryFiles(Path.of("")), args[0]).run();
    }
}
