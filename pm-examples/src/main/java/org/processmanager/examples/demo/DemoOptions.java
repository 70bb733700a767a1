package org.processmanager.examples.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run is to do.
 *
 * @param producers processes that read, 1 to {@value #MOST_PARTIES}
 * @param consumers processes that count, 1 to {@value #MOST_PARTIES}
 * @param input text files; one that is named twice is counted twice
 */
public record DemoOptions(int producers, int consumers, List<Path> input) {
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

    public DemoOptions withInput(List<Path> files) {
        return new DemoOptions(producers, consumers, files);
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
