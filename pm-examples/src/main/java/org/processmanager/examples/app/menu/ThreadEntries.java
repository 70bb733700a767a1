package org.processmanager.examples.app.menu;

import java.time.Duration;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.core.thread.ThreadSnapshot;

/** The entries that create and terminate a thread of this process. */
final class ThreadEntries {
    static final Duration TERMINATE_BOUND = Duration.ofSeconds(2);

    private final Dialog dialog;
    private final ManagedThreads threads;

    ThreadEntries(Dialog dialog, ManagedThreads threads) {
        this.dialog = dialog;
        this.threads = threads;
    }

    void create() throws InterruptedException {
        String name = dialog.ask("name");
        if (name != null) {
            dialog.say(ThreadText.started(Ticker.start(threads, name).snapshot()));
        }
    }

    void terminate() throws InterruptedException {
        String name = dialog.ask("name");
        if (name != null) {
            dialog.say(ThreadText.ended(find(threads, name).terminate(TERMINATE_BOUND)));
        }
    }

    static ManagedThread find(ManagedThreads threads, String name) {
        return threads.find(name).orElseThrow(() -> {
            String there = String.join(
                    ", ", threads.list().stream().map(ThreadSnapshot::name).toList());
            return new IllegalArgumentException("name: \"" + name + "\" (expected: a thread that runs; "
                    + (there.isEmpty() ? "there is none" : "there are: " + there) + ")");
        });
    }
}
