package org.processmanager.sync.internal.recorder;

import java.nio.file.Path;
import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** Waits and repairs as events of the JDK's flight recorder. Loaded only after a recording was seen by {@code JfrState}. */
public final class SharedEvents {
    /** The wait of the current thread, if the recorder was on when it began. */
    private static final ThreadLocal<SharedWait> WAIT = new ThreadLocal<>();

    private SharedEvents() {}

    /** The current thread begins to wait. */
    public static void beginWait() {
        SharedWait wait = new SharedWait();
        wait.begin();
        WAIT.set(wait);
    }

    /** The current thread no longer waits: commits the event if the wait was above the threshold of the recordings. */
    public static void endWait(Path region, Supplier<String> object) {
        SharedWait wait = WAIT.get();
        if (wait == null) {
            return;
        }
        WAIT.remove();
        wait.end();
        if (wait.shouldCommit()) {
            wait.region = region.toString();
            wait.object = object.get();
            wait.commit();
        }
    }

    /** What a dead process owned has been repaired by this one. */
    public static void repaired(Path region, long pid) {
        SharedRepair repair = new SharedRepair();
        if (repair.shouldCommit()) {
            repair.region = region.toString();
            repair.pid = pid;
            repair.commit();
        }
    }

    @Name("org.processmanager.SharedWait")
    @Label("Shared Wait")
    @Category("ProcessManager")
    @Threshold("10 ms")
    static final class SharedWait extends Event {
        @Label("Region")
        @Nullable
        String region;

        @Label("Object")
        @Nullable
        String object;
    }

    @Name("org.processmanager.SharedRepair")
    @Label("Shared Repair")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class SharedRepair extends Event {
        @Label("Region")
        @Nullable
        String region;

        /** That of the terminated process. */
        @Label("PID")
        long pid;
    }
}
