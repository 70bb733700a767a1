package org.processmanager.examples.app.menu;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words, as a shell does with a line of nothing but words and quotes.
 *
 * <p>Spaces and tabs separate. Between single quotes every character is literal. Between double quotes every character is,
 * except {@code \"} and {@code \\}. Elsewhere a backslash makes the next character literal. Nothing else is special: there is
 * no shell, so {@code $}, {@code *}, {@code |}, {@code >} are characters.
 */
public final class Words {
    private final String line;
    private final boolean hasComments;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;

    private Words(String line, boolean hasComments) {
        this.line = line;
        this.hasComments = hasComments;
    }

    /**
     * Returns the words of a line.
     *
     * @throws IllegalArgumentException if a quote is not closed, or the line ends in a backslash
     */
    static List<String> of(String line) {
        Words split = new Words(line, false);
        split.run();
        return split.words;
    }

    /**
     * Returns the words of a line of a script, in which {@code #} at the beginning of a word begins a comment.
     *
     * @throws IllegalArgumentException if a quote is not closed, or the line ends in a backslash
     */
    public static List<String> ofScriptLine(String line) {
        Words split = new Words(line, true);
        split.run();
        return split.words;
    }

    private void run() {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '#' && hasComments && !inWord) {
                break;
            }
            switch (c) {
                case ' ', '\t' -> endWord();
                case '\'', '"' -> i = quoted(i);
                case '\\' -> take(escaped(++i));
                default -> take(c);
            }
        }
        endWord();
    }

    /** Takes the text between two quotes; returns the position of the second one. */
    private int quoted(int open) {
        char quote = line.charAt(open);
        inWord = true;
        int i = open + 1;
        while (i < line.length() && line.charAt(i) != quote) {
            boolean escape = quote == '"'
                    && line.charAt(i) == '\\'
                    && i + 1 < line.length()
                    && "\"\\".indexOf(line.charAt(i + 1)) >= 0;
            if (escape) {
                i++;
            }
            take(line.charAt(i++));
        }
        if (i == line.length()) {
            throw new IllegalArgumentException("command line: " + line + " (expected: a second " + quote + ")");
        }
        return i;
    }

    private char escaped(int at) {
        if (at == line.length()) {
            throw new IllegalArgumentException("command line: " + line + " (expected: a character after the last \\)");
        }
        return line.charAt(at);
    }

    private void take(char c) {
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
