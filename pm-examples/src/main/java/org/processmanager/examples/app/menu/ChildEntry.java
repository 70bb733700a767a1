package org.processmanager.examples.app.menu;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;

/** Starts a managed child JVM and opens its menu. */
final class ChildEntry implements AutoCloseable {
    private final Dialog dialog;
    private final ProcessManager manager;
    private final Channel own;
    private final Path log;
    private final AtomicReference<@Nullable ManagedChild> open = new AtomicReference<>();
    private int started;

    /**
     * Creates the entry.
     *
     * @param own prefix of the names of the children's channels
     * @param log where the children log their events
     */
    ChildEntry(Dialog dialog, ProcessManager manager, Channel own, Path log) {
        this.dialog = dialog;
        this.manager = manager;
        this.own = own;
        this.log = log;
    }

    void open(String name) throws InterruptedException {
        try (ManagedChild child = ManagedChild.start(manager, name, own.sub("child" + ++started), log)) {
            open.set(child); // before the wait: a signal may end this program during it
            child.awaitReady();
            dialog.say(name + " is no program: it names a child JVM (pid " + child.pid() + "), whose menu this is");
            new ChildMenu(dialog.until(child.ended()), name, child::call).run();
            dialog.say(ProcessEntry.ended(child.end()));
        } finally {
            open.set(null);
        }
    }

    /** Ends the child whose menu is open, if any. Thread-safe, because the exit of this program calls it. */
    @Override
    public void close() {
        ManagedChild child = open.get();
        if (child != null) {
            child.close();
        }
    }
}
