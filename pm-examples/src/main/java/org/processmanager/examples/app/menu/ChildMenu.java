package org.processmanager.examples.app.menu;

import java.util.List;
import org.processmanager.examples.app.menu.Menu.Entry;

/** The menu of a managed child. */
final class ChildMenu {
    /** Sends a command to the child, and waits for the reply. */
    @FunctionalInterface
    interface Caller {
        /**
         * Returns the reply.
         *
         * @throws IllegalArgumentException if the child refuses
         * @throws IllegalStateException if it has ended, or does not answer
         */
        ChildMessage call(String word, String... fields) throws InterruptedException;
    }

    private final Dialog dialog;
    private final String name;
    private final Caller child;

    /**
     * Creates a menu.
     *
     * @param dialog ends with the child
     */
    ChildMenu(Dialog dialog, String name, Caller child) {
        this.dialog = dialog;
        this.name = name;
        this.child = child;
    }

    /** Shows the menu until the user leaves it or the dialog ends. */
    void run() throws InterruptedException {
        List<Entry> entries = List.of(
                new Entry("create a thread there", this::create),
                new Entry("list the threads there", this::list),
                new Entry("stop a thread there", this::stop));
        new Menu(dialog, name, entries).run();
    }

    private void create() throws InterruptedException {
        showReplyFor(ChildMessage.CREATE);
    }

    private void stop() throws InterruptedException {
        showReplyFor(ChildMessage.STOP);
    }

    private void showReplyFor(String word) throws InterruptedException {
        String thread = dialog.ask("name");
        if (thread != null) {
            for (List<String> line : child.call(word, thread).rows()) {
                dialog.say(line.get(0));
            }
        }
    }

    private void list() throws InterruptedException {
        dialog.table(ThreadText.TITLES, child.call(ChildMessage.LIST).rows());
    }
}
