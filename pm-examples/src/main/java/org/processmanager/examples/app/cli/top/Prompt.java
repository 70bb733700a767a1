package org.processmanager.examples.app.cli.top;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.monitor.ProcessSnapshot;

/**
 * What the last line of the screen asks for.
 *
 * @param kind what
 * @param question the question
 * @param text what was typed
 * @param process which process it is about, or null
 * @param request what is done after a yes, or null
 */
record Prompt(
        Kind kind,
        String question,
        String text,
        @Nullable ProcessSnapshot process,
        @Nullable Request request) {
    enum Kind {
        FILTER,
        SIGNAL,
        CONFIRMATION
    }

    Prompt typed(String newText) {
        return new Prompt(kind, question, newText, process, request);
    }
}
