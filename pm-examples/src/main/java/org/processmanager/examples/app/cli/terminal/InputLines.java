package org.processmanager.examples.app.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lines of an input that others read as well: not a byte is read before a line is asked for, and none behind its end, so that a
 * program which is started in between finds the rest. Who asked need not wait: the line then belongs to the next who asks.
 */
public final class InputLines {
    static final int MOST_BYTES = 64 * 1024;

    private final InputStream in;
    private @Nullable CompletableFuture<Optional<String>> asked;

    /**
     * Lines of a stream.
     *
     * @param in without a buffer
     */
    public InputLines(InputStream in) {
        this.in = in;
    }

    /**
     * The next line, soon, or empty at the end of the input; the same until it is {@linkplain #taken taken}. It fails with
     * IllegalArgumentException if it is too long; the line is then passed over.
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

    /** Somebody has the line. */
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
