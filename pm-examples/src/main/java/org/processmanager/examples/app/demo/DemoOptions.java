package org.processmanager.examples.app.demo;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run.
 *
 * @param producers parties that read, 1 to {@value #MOST_PARTIES}
 * @param consumers parties that count, 1 to {@value #MOST_PARTIES}
 * @param input text files; a file that is named twice is counted twice
 * @param rates how slowly it goes
 * @param kill which role loses a party by {@code kill -9} in the middle, or null
 */
public record DemoOptions(
        int producers, int consumers, List<Path> input, Throttling rates, DemoReport.@Nullable Role kill) {
    public static final int MOST_PARTIES = 64;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its bounds
     */
    public DemoOptions {
        check("producers", producers);
        check("consumers", consumers);
        input = List.copyOf(input);
    }

    /** Creates options without a kill. */
    public DemoOptions(int producers, int consumers, List<Path> input, Throttling rates) {
        this(producers, consumers, input, rates, null);
    }

    public DemoOptions withInput(List<Path> files) {
        return new DemoOptions(producers, consumers, files, rates, kill);
    }

    int parties() {
        return producers + consumers;
    }

    private static void check(String name, int value) {
        if (value < 1 || value > MOST_PARTIES) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + MOST_PARTIES + ")");
        }
    }
}
