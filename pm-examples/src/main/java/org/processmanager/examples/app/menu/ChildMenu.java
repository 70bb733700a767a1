package org.processmanager.examples.app.menu;

import java.util.List;
import org.processmanager.core.ProcessResult;
import org.processmanager.examples.app.menu.Menu.Entry;

/** The menu of a managed child. It closes by itself when the child ends. */
final class ChildMenu {
    private final Dialog dialog;
    private final ManagedChild child;

    /**
     * Creates a menu that ends with the child.
     *
     * @param dialog the dialog of the menu from which it was opened
     */
    ChildMenu(Dialog dialog, ManagedChild child) {
        this.dialog = dialog.until(child.ended());
        this.child = child;
    }

    /** Shows the menu until the user leaves it or the child exits; returns the result of the child. */
    ProcessResult run() throws InterruptedException {
        List<Entry> entries = List.of(
                new Entry("create a thread there", this::create),
                new Entry("list the threads there", this::list),
                new Entry("stop a thread there", this::stop));
        new Menu(dialog, child.name(), entries).run();
        return child.end();
    }

    private void create() throws InterruptedException {
        showReplyFor(ChildMessage.CREATE);
    }

    private void stop() throws InterruptedException {
        showReplyFor(ChildMessage.STOP);
    }

    private void showReplyFor(String word) throws InterruptedException {
        String name = dialog.ask("name");
        if (name != null) {
            for (List<String> line : child.call(word, name).rows()) {
                dialog.say(line.get(0));
            }
        }
    }

    private void list() throws InterruptedException {
        dialog.table(ThreadText.TITLES, child.call(ChildMessage.LIST).rows());
    }
}
