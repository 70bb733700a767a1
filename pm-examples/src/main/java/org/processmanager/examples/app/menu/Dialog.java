package org.processmanager.examples.app.menu;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a menu talks with its user, line by line. */
public interface Dialog {
    /**
     * Asks, and waits for the answer.
     *
     * @return a line without spaces around it; null at the end of the input, or when what ends this dialog happened
     * @throws IllegalArgumentException if the line is far too long
     */
    @Nullable
    String ask(String prompt) throws InterruptedException;

    /** The same dialog, which ends when something happens; a question that is open then has no answer. */
    Dialog until(CompletableFuture<?> end);

    /** Tells something, on a line of its own. */
    void say(String line);

    /** Says on one line what went wrong. */
    void complain(String line);

    /** Shows rows in columns; a title that begins with {@code >} makes a column of numbers. */
    void table(List<String> titles, List<List<String>> rows);

    /** Brings to the user what was said so far, before another program writes to the same stream. */
    void flush();
}
