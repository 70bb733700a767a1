package org.processmanager.examples.app.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lines of an input that other programs read as well: nothing is read before a line is requested, and nothing beyond its end,
 * so that a program which is started in between finds the rest. A line that its caller did not wait for is the next one's.
 */
public final class InputLines {
    static final int MOST_BYTES = 64 * 1024;

    private final InputStream in;
    private @Nullable CompletableFuture<Optional<String>> asked;

    /**
     * Creates lines of a stream.
     *
     * @param in without a buffer
     */
    public InputLines(InputStream in) {
        this.in = in;
    }

    /**
     * Returns a future of the next line, empty at the end of the input; the same one until {@link #taken}. It fails with
     * IllegalArgumentException if the line is too long, which is then skipped.
     */
    synchronized CompletableFuture<Optional<String>> next() {
        if (asked == null) {
            CompletableFuture<Optional<String>> line = new CompletableFuture<>();
            Thread reader = new Thread(() -> read(line), "input");
            reader.setDaemon(true);
            reader.start();
            asked = line;
        }
        return asked;
    }

    /**
     * Blocks until the next line is there.
     *
     * @return the line; null at the end of the input
     * @throws IllegalArgumentException if the line is too long, which is then skipped
     */
    public @Nullable String await() throws InterruptedException {
        try {
            return next().get().orElse(null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException tooLong) {
                throw tooLong;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            taken();
        }
    }

    /** Marks the line as used. */
    synchronized void taken() {
        asked = null;
    }

    private void read(CompletableFuture<Optional<String>> line) {
        try {
            line.complete(read());
        } catch (IOException e) {
            line.complete(Optional.empty()); // a terminal that is gone
        } catch (IllegalArgumentException e) {
            line.completeExceptionally(e);
        }
    }

    private Optional<String> read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        long length = 0;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (length++ < MOST_BYTES) {
                line.write(b);
            }
        }
        if (length > MOST_BYTES) {
            throw new IllegalArgumentException("a line of " + length + " bytes (expected: at most " + MOST_BYTES + ")");
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
