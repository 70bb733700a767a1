package org.processmanager.core.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PipeSinkTest {
    private final PipeSink sink = new PipeSink("test");
    private final InputStream stream = sink.stream();
    private final AtomicInteger resumed = new AtomicInteger();

    PipeSinkTest() {
        sink.onWritable(resumed::incrementAndGet);
    }

    @Test
    void content_isReadAfterTheEndToo() throws Exception {
        assertTrue(accept("hello "));
        assertTrue(accept("world"));
        assertEquals(11, stream.available());
        AtomicInteger delivered = new AtomicInteger();
        sink.end(delivered::incrementAndGet);
        assertEquals(1, delivered.get());
        assertEquals("hello world", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(-1, stream.read());
        assertFalse(sink.captured().truncated());
    }

    @Test
    void fullPipe_pausesTheSourceUntilHalfIsRead() throws Exception {
        String quarter = "x".repeat(64 * 1024);
        assertTrue(accept(quarter) && accept(quarter) && accept(quarter));
        assertFalse(accept(quarter));
        assertFalse(sink.isWritable());
        stream.readNBytes(128 * 1024 - 1);
        assertEquals(0, resumed.get());
        stream.read();
        assertEquals(1, resumed.get());
        assertTrue(sink.isWritable());
    }

    @Test
    void exit_liftsThePause() {
        assertFalse(accept("x".repeat(256 * 1024)));
        sink.exited();
        assertEquals(1, resumed.get());
        assertTrue(sink.isWritable());
        assertTrue(accept("more"));
    }

    @Test
    void closedStream_discardsAndResumes() throws Exception {
        assertFalse(accept("x".repeat(256 * 1024)));
        stream.close();
        assertEquals(1, resumed.get());
        assertTrue(accept("x".repeat(256 * 1024)));
        assertThrows(IOException.class, stream::read);
        assertTrue(sink.captured().truncated());
    }

    @Test
    void failure_reachesTheReader() {
        OutOfMemoryError failure = new OutOfMemoryError("test");
        sink.fail(failure);
        assertSame(failure, assertThrows(IOException.class, stream::read).getCause());
        assertSame(failure, sink.captured().failure());
    }

    @Test
    void interruptedReader_keepsItsInterruptStatus() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, stream::read);
        assertTrue(Thread.interrupted());
    }

    private boolean accept(String text) {
        return sink.accept(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
