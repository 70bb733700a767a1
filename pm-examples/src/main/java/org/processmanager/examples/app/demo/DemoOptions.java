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
 * @param transport what carries the pieces; threads have the buffer alone
 * @param kill which role loses a party by {@code kill -9} in the middle, or null
 */
public record DemoOptions(
        int producers,
        int consumers,
        List<Path> input,
        Throttling rates,
        Transport transport,
        DemoReport.@Nullable Role kill) {
    public static final int MOST_PARTIES = 64;

    /** What carries the pieces from the producers to the consumers. */
    public enum Transport {
        /** A bounded buffer in shared memory, from which any consumer takes the next piece. */
        buffer,
        /** A pipe to each consumer. */
        pipe,
        /** A FIFO to each consumer. */
        fifo,
        /** A Unix socket to each consumer. */
        unix,
        /** A channel in shared memory to each consumer, with a lane for each producer. */
        mapped;

        /** Returns whether pieces that were sent to a consumer are kept if it is killed. */
        boolean keepsPiecesOfAKilledConsumer() {
            return this == buffer || this == mapped;
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its bounds
     */
    public DemoOptions {
        check("producers", producers);
        check("consumers", consumers);
        input = List.copyOf(input);
        if (kill == DemoReport.Role.consumer && !transport.keepsPiecesOfAKilledConsumer()) {
            throw new IllegalArgumentException("kill: a consumer with --transport " + transport
                    + " (expected: buffer or mapped, which keep what was sent to it, or a producer)");
        }
    }

    /** Creates options with the buffer and without a kill. */
    public DemoOptions(int producers, int consumers, List<Path> input, Throttling rates) {
        this(producers, consumers, input, rates, Transport.buffer, null);
    }

    public DemoOptions withInput(List<Path> files) {
        return new DemoOptions(producers, consumers, files, rates, transport, kill);
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
