package org.processmanager.examples.app.eventlog;

import java.io.IOException;
import java.nio.file.Path;

/** Another process that has the lock of a file. */
public final class LockHolder {
    private static final String PROGRAM =
            "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); input()";

    private LockHolder() {}

    /** Starts the process, which holds the lock when this returns and until it is killed. */
    public static Process start(Path file) throws IOException {
        Process holder = new ProcessBuilder("python3", "-c", PROGRAM, file.toString()).start();
        if (holder.getInputStream().read() != '\n') {
            throw new IOException("cannot lock " + file + ": "
                    + new String(holder.getErrorStream().readAllBytes()));
        }
        return holder;
    }
}
