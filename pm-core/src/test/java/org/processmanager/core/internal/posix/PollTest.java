package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PollTest extends PosixTest {
    private final Poll.Events events = new Poll.Events(4);

    @Test
    void await_returnsTokensOfReadyDescriptors() {
        int epoll = closing(Poll.create());
        int[] pipe = closing(Files.pipe(true));
        Poll.add(epoll, pipe[0], Poll.IN, 0x1234_5678_9abc_def0L);
        assertEquals(0, events.await(epoll, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> events.token(0));

        Files.write(pipe[1], new byte[] {1}, 1);
        assertEquals(1, events.await(epoll, 1000));
        assertEquals(Poll.IN, events.events(0));
        assertEquals(0x1234_5678_9abc_def0L, events.token(0));

        close(pipe[1]);
        assertEquals(1, events.await(epoll, 1000));
        assertEquals(Poll.IN | Poll.HUP, events.events(0));
        assertEquals(0x1234_5678_9abc_def0L, events.token(0));

        Poll.remove(epoll, pipe[0]);
        assertEquals(0, events.await(epoll, 0));
        assertTrue(assertThrows(PosixException.class, () -> Poll.remove(epoll, pipe[0]))
                .is(Errno.ENOENT));
    }

    @Test
    void await_returnsAtMostTheCapacity() {
        int epoll = closing(Poll.create());
        for (int i = 0; i < 6; i++) {
            int[] pipe = closing(Files.pipe(true));
            Poll.add(epoll, pipe[1], Poll.OUT, i);
        }
        assertEquals(4, events.await(epoll, 1000));
        long tokens = 0;
        for (int i = 0; i < 4; i++) {
            assertEquals(Poll.OUT, events.events(i));
            tokens |= 1L << events.token(i);
        }
        assertEquals(4, Long.bitCount(tokens));
    }

    @Test
    void await_waitsForTheTimeout() {
        int epoll = closing(Poll.create());
        long start = System.nanoTime();
        assertEquals(0, events.await(epoll, 60));
        assertTrue(System.nanoTime() - start >= 59_000_000);
    }

    @Test
    void eventCounter_addsAndIsResetByReading() {
        int counter = closing(Poll.createEventCounter());
        assertEquals(0, Poll.awaitOne(counter, Poll.IN, 0));
        byte[] number =
                ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(3).array();
        assertEquals(8, Files.write(counter, number, 8));
        assertEquals(8, Files.write(counter, number, 8));
        assertEquals(Poll.IN, Poll.awaitOne(counter, Poll.IN, 1000));
        byte[] got = new byte[8];
        assertEquals(8, Files.read(counter, got, 8));
        assertEquals(6, ByteBuffer.wrap(got).order(ByteOrder.nativeOrder()).getLong());
        assertEquals(-Errno.EAGAIN.number(), Files.read(counter, got, 8));
    }

    @Test
    void awaitOne_reportsHangUp() {
        int[] pipe = closing(Files.pipe(true));
        assertEquals(Poll.OUT, Poll.awaitOne(pipe[1], Poll.OUT, 0));
        close(pipe[0]);
        assertEquals(Poll.OUT | Poll.ERR, Poll.awaitOne(pipe[1], Poll.OUT, 0));
    }
}
