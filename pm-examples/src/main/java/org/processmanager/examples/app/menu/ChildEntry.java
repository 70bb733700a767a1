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
     * The entry.
     *
     * @param own what the channels of the children are called by
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
            open.set(child); // before the wait, in which this program may be told to end
            child.awaitReady();
            dialog.say(name + " is no program: it names a child JVM (pid " + child.pid() + "), whose menu this is");
            dialog.say(ProcessEntry.ended(new ChildMenu(dialog, child).run()));
        } finally {
            open.set(null);
        }
    }

    /** Ends the child whose menu is open, if one is; for another thread, when this program ends. */
    @Override
    public void close() {
        ManagedChild child = open.get();
        if (child != null) {
            child.close();
        }
    }
}
