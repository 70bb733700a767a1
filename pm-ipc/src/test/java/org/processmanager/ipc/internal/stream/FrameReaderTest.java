package org.processmanager.ipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Pipe;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.ipc.ChannelCorruptException;

/** Frames in a pipe that are cut in every way. */
@Timeout(180)
class FrameReaderTest {
    private Pipe pipe;
    private FrameReader reader;

    @BeforeEach
    void makeAPipe() throws IOException {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        reader = new FrameReader("fifo:test", this::read);
    }

    @AfterEach
    void closeIt() throws IOException {
        pipe.sink().close();
        pipe.source().close();
    }

    private int read(ByteBuffer into, int at, int length) {
        try {
            int n = pipe.source().read(into.limit(at + length).position(at));
            return n > 0 ? n : n == 0 ? ByteSource.EMPTY : ByteSource.HUNG_UP;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] frame(int sequence, int payload) {
        ByteBuffer frame =
                ByteBuffer.allocate(FrameLayout.HEADER_BYTES + payload).order(ByteOrder.nativeOrder());
        FrameLayout.writeHeader(frame, 0, new CRC32C(), 1, sequence, payload, 0, payload);
        return frame.array();
    }

    private void write(byte[] bytes, int from, int to) throws IOException {
        assertTrue(tryWrite(bytes, from, to));
    }

    private boolean tryWrite(byte[] bytes, int from, int to) throws IOException {
        int written = pipe.sink().write(ByteBuffer.wrap(bytes, from, to - from));
        assertTrue(written == 0 || written == to - from);
        return written > 0;
    }

    private void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    private int next() {
        int frame = reader.nextFrame();
        return frame < 0 ? frame : FrameLayout.sequence(reader.stream(), frame);
    }

    @Test
    void frames_areFoundOneByOne() throws IOException {
        assertEquals(ByteSource.EMPTY, next());
        for (int i = 0; i < 15; i++) {
            write(frame(i, FrameLayout.MAX_PAYLOAD_BYTES));
        }
        for (int i = 0; i < 15; i++) {
            assertEquals(i, next());
        }
        assertEquals(ByteSource.EMPTY, next());
        pipe.sink().close();
        assertEquals(ByteSource.HUNG_UP, next());
    }

    @Test
    void cutFrame_isFoundWhenComplete() throws IOException {
        byte[] frame = frame(7, 100);
        for (int cut = 1; cut < frame.length; cut++) {
            write(frame, 0, cut);
            assertEquals(ByteSource.EMPTY, next());
            write(frame, cut, frame.length);
            assertEquals(7, next(), "cut at " + cut);
        }
    }

    @Test
    void restOfAFrame_atTheBeginning_isSkipped() throws IOException {
        byte[] longest = frame(6, FrameLayout.MAX_PAYLOAD_BYTES);
        for (int rest : new int[] {1, 31, 32, 33, 2_000, longest.length - 1}) {
            closeIt();
            makeAPipe();
            write(longest, longest.length - rest, longest.length);
            write(frame(7, 5));
            assertEquals(7, next(), "behind " + rest + " bytes");
            write(frame(8, 5));
            assertEquals(8, next());
        }
    }

    @Test
    void restOfAFrame_later_isDamage() throws IOException {
        write(frame(1, 5));
        assertEquals(1, next());
        write(frame(6, 100), 50, 132);
        write(frame(7, 5));
        assertEquals(37, assertThrows(ChannelCorruptException.class, this::next).position());
    }

    @Test
    void moreThanTheRestOfAFrame_isDamage() throws IOException {
        write(new byte[4096]);
        write(frame(7, 5));
        assertThrows(ChannelCorruptException.class, this::next);
    }

    @Test
    void incompleteEnd_isDamage() throws IOException {
        write(frame(7, 5), 0, 20);
        assertEquals(ByteSource.EMPTY, next());
        pipe.sink().close();
        assertThrows(ChannelCorruptException.class, this::next);
    }

    @Test
    void longStreams_wrapTheBufferManyTimes() throws IOException {
        int sequence = 0;
        for (int lap = 0; lap < 50; lap++) {
            int sent = 0;
            while (true) {
                byte[] frame = frame(sequence + sent, (sequence * 31 + sent * 7) % 4_000);
                if (!tryWrite(frame, 0, frame.length)) {
                    break;
                }
                sent++;
            }
            for (int i = 0; i < sent; i++) {
                assertEquals(sequence++, next());
            }
            assertEquals(ByteSource.EMPTY, next());
        }
    }
}
