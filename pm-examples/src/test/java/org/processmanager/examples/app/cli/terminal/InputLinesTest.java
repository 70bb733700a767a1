package org.processmanager.examples.app.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InputLinesTest {
    @Test
    void lines_endAtLineFeedsAndAtTheEnd() throws Exception {
        InputLines lines = lines("one\n\nthree ä\r\nno end");
        assertEquals(Optional.of("one"), take(lines));
        assertEquals(Optional.of(""), take(lines));
        assertEquals(Optional.of("three ä\r"), take(lines));
        assertEquals(Optional.of("no end"), take(lines));
        assertEquals(Optional.empty(), take(lines));
        assertEquals(Optional.empty(), take(lines));
    }

    @Test
    void notAByteMore_isReadThanTheLine() throws Exception {
        InputStream in = new ByteArrayInputStream("first\nrest".getBytes(StandardCharsets.UTF_8));
        InputLines lines = new InputLines(in);
        assertEquals(10, in.available());
        assertEquals(Optional.of("first"), take(lines));
        assertEquals("rest", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void unusedLine_isForTheNextCaller() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        InputLines lines = new InputLines(new PipedInputStream(typed));
        CompletableFuture<Optional<String>> asked = lines.next();
        assertSame(asked, lines.next());
        typed.write("late\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        assertEquals(Optional.of("late"), take(lines));
        typed.close();
    }

    @Test
    void lineThatIsTooLong_isPassedOverAsAWhole() throws Exception {
        InputLines lines =
                lines("x".repeat(InputLines.MOST_BYTES) + "\n" + "y".repeat(InputLines.MOST_BYTES + 1) + "\nz");
        assertEquals(InputLines.MOST_BYTES, take(lines).orElseThrow().length());
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> lines.next().get(60, TimeUnit.SECONDS));
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
        lines.taken();
        assertEquals(Optional.of("z"), take(lines));
    }

    @Test
    void inputThatFails_hasEnded() throws Exception {
        InputLines lines = new InputLines(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the terminal is gone");
            }
        });
        assertEquals(Optional.empty(), take(lines));
    }

    private static InputLines lines(String text) {
        return new InputLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<String> take(InputLines lines) throws Exception {
        Optional<String> line = lines.next().get(60, TimeUnit.SECONDS);
        lines.taken();
        return line;
    }
}
