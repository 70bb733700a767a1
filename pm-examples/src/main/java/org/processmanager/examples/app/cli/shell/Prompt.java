package org.processmanager.examples.app.cli.shell;

import org.jspecify.annotations.Nullable;

/** Where the user of a shell types commands. */
interface Prompt {
    /**
     * Blocks until the user has typed a line.
     *
     * @param text the prompt
     * @return the line; null if the user leaves
     */
    @Nullable
    String ask(String text) throws InterruptedException;

    /** Shows a line above the prompt; while a command runs, it is shown after it. Thread-safe. */
    void tell(String line);
}
