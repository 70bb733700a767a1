package org.processmanager.core;

/** The line terminators of {@link Output#lines(java.util.function.Consumer, LineEnding)}. */
public enum LineEnding {
    /** A line feed, with or without a carriage return before it. A bare carriage return is part of the line. */
    LF,
    /**
     * A line feed, a carriage return, or both in this order: the lines of {@link java.io.BufferedReader#readLine()}. Each
     * update of a progress bar is then a line, delivered as soon as its carriage return arrives.
     */
    LF_OR_CR
}
