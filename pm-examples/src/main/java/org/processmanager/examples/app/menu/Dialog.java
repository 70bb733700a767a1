package org.processmanager.examples.app.menu;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Exchanges lines between a menu and its user. */
public interface Dialog {
    /**
     * Asks a question, and waits for the answer.
     *
     * @return a line without spaces around it; null at the end of the input, or when the future that ends this dialog completes
     * @throws IllegalArgumentException if the line is far too long
     */
    @Nullable
    String ask(String prompt) throws InterruptedException;

    /** Returns the same dialog, which ends when a future completes; an open question then has no answer. */
    Dialog until(CompletableFuture<?> end);

    /** Returns whether the future that ends this dialog has completed. */
    boolean isEnded();

    /** Shows a line. */
    void say(String line);

    /** Shows an error on one line. */
    void complain(String line);

    /** Shows rows in columns; a title that begins with {@code >} makes a column of numbers. */
    void table(List<String> titles, List<List<String>> rows);

    /** Writes out all lines, before another program writes to the same stream. */
    void flush();
}
