package org.processmanager.examples.app.menu;

import java.util.List;
import java.util.Objects;
import org.processmanager.core.ProcessManagerException;

/**
 * Numbered entries, shown again after each choice. The last number leaves the menu, as does 9 in every menu, and the end of
 * the input. A failed entry shows one line, and the menu continues.
 */
final class Menu {
    record Entry(String title, Action action) {}

    /** The action of an entry. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    private static final String EXIT = "9";

    private final Dialog dialog;
    private final String question;
    private final List<Entry> entries;
    private final Action before;
    private final String last;

    Menu(Dialog dialog, String question, List<Entry> entries) {
        this(dialog, question, entries, () -> {});
    }

    /**
     * Creates a menu.
     *
     * @param question the prompt for the number
     * @param before runs each time before the entries are shown
     */
    Menu(Dialog dialog, String question, List<Entry> entries, Action before) {
        this.dialog = dialog;
        this.question = question;
        this.entries = List.copyOf(entries);
        this.before = before;
        this.last = Integer.toString(entries.size() + 1);
    }

    /** Runs the chosen entries until the user leaves or the dialog ends. */
    void run() throws InterruptedException {
        while (!dialog.isEnded()) {
            before.run();
            show();
            try {
                String choice = dialog.ask(question);
                if (choice == null || choice.equals(last) || choice.equals(EXIT)) {
                    return;
                }
                find(choice).action().run();
            } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
                dialog.complain(Objects.requireNonNullElse(e.getMessage(), e.toString()));
            } catch (ProcessManagerException e) {
                dialog.complain(Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        }
    }

    private void show() {
        for (int i = 0; i < entries.size(); i++) {
            dialog.say(i + 1 + " " + entries.get(i).title());
        }
        dialog.say(last + " exit" + (last.equals(EXIT) ? "" : " (as 9)"));
    }

    private Entry find(String choice) {
        for (int i = 0; i < entries.size(); i++) {
            if (choice.equals(Integer.toString(i + 1))) {
                return entries.get(i);
            }
        }
        throw new IllegalArgumentException("entry: \"" + choice + "\" (expected: 1 to " + last + ")");
    }
}
