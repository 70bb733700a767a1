package org.processmanager.examples.app.demo;

import org.jspecify.annotations.Nullable;

/** An input file cannot be read, or there is too much of it; nothing was started. */
public final class BadInputException extends Exception {
    private static final long serialVersionUID = 1L;

    BadInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
