package org.processmanager.ipc.internal.fifo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Endpoint;

/** Frames in a pipe that are cut in every way. */
@Timeout(20)
class FrameReaderTest {
    private int[] pipe = {-1, -1};
    private FrameReader reader;

    @BeforeEach
    void makeAPipe() {
        Assumptions.assumeTrue(NativeLayer.available(), "pipes need the native layer");
        pipe = Files.pipe(true);
        reader = new FrameReader(Endpoint.parse("fifo:test"), pipe[0]);
    }

    @AfterEach
    void closeIt() {
        for (int fd : pipe) {
            if (fd >= 0) {
                Files.close(fd);
            }
        }
    }

    private void hangUp() {
        Files.close(pipe[1]);
        pipe[1] = -1;
    }

    private static byte[] frame(int sequence, int payload) {
        ByteBuffer frame =
                ByteBuffer.allocate(FrameLayout.HEADER_BYTES + payload).order(ByteOrder.nativeOrder());
        FrameLayout.writeHeader(frame, new CRC32C(), 1, sequence, payload, 0, payload);
        return frame.array();
    }

    private void write(byte[] bytes, int from, int to) {
        byte[] part = Arrays.copyOfRange(bytes, from, to);
        assertEquals(part.length, Files.write(pipe[1], part, part.length));
    }

    private void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    private int next() {
        int frame = reader.nextFrame();
        return frame < 0 ? frame : FrameLayout.sequence(reader.stream(), frame);
    }

    @Test
    void frames_areFoundOneByOne() {
        assertEquals(FrameReader.EMPTY, next());
        for (int i = 0; i < 15; i++) {
            write(frame(i, FrameLayout.MAX_PAYLOAD_BYTES));
        }
        for (int i = 0; i < 15; i++) {
            assertEquals(i, next());
        }
        assertEquals(FrameReader.EMPTY, next());
        hangUp();
        assertEquals(FrameReader.HUNG_UP, next());
    }

    @Test
    void cutFrame_isFoundWhenComplete() {
        byte[] frame = frame(7, 100);
        for (int cut = 1; cut < frame.length; cut++) {
            write(frame, 0, cut);
            assertEquals(FrameReader.EMPTY, next());
            write(frame, cut, frame.length);
            assertEquals(7, next(), "cut at " + cut);
        }
    }

    @Test
    void restOfAFrame_atTheBeginning_isSkipped() {
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
    void restOfAFrame_later_isDamage() {
        write(frame(1, 5));
        assertEquals(1, next());
        write(frame(6, 100), 50, 132);
        write(frame(7, 5));
        assertEquals(37, assertThrows(ChannelCorruptException.class, this::next).position());
    }

    @Test
    void moreThanTheRestOfAFrame_isDamage() {
        write(new byte[4096]);
        write(frame(7, 5));
        assertThrows(ChannelCorruptException.class, this::next);
    }

    @Test
    void incompleteEnd_isDamage() {
        write(frame(7, 5), 0, 20);
        assertEquals(FrameReader.EMPTY, next());
        hangUp();
        assertThrows(ChannelCorruptException.class, this::next);
    }

    @Test
    void longStreams_wrapTheBufferManyTimes() {
        int sequence = 0;
        for (int lap = 0; lap < 50; lap++) {
            int sent = 0;
            while (true) {
                byte[] frame = frame(sequence + sent, (sequence * 31 + sent * 7) % 4_000);
                if (Files.write(pipe[1], frame, frame.length) != frame.length) {
                    break;
                }
                sent++;
            }
            for (int i = 0; i < sent; i++) {
                assertEquals(sequence++, next());
            }
            assertEquals(FrameReader.EMPTY, next());
        }
    }
}
