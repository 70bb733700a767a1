package org.processmanager.examples.app.cli.terminal;

/** How a whole line of the screen looks. Colors are used beside brightness, never alone. */
public enum Style {
    PLAIN("", ""),
    BOLD("1", "1"),
    /** Less important. */
    DIM("2", "2"),
    /** Titles of columns. */
    HEADER("7", "30;46"),
    SELECTED("1;7", "1;7"),
    /** A question that waits for an answer. */
    QUESTION("1;7", "1;30;43"),
    /** Something was refused or failed. */
    FAILURE("1", "1;31");

    private final String mono;
    private final String colored;

    Style(String mono, String colored) {
        this.mono = mono;
        this.colored = colored;
    }

    /** Returns the text as it is written to a terminal. */
    String apply(String text, boolean inColor) {
        String codes = inColor ? colored : mono;
        return codes.isEmpty() ? text : "\033[" + codes + "m" + text + "\033[0m";
    }
}
