package org.processmanager.core.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However the bytes are cut into pieces, what is kept or decoded is the same. */
class SinkProperties {
    private static final Pattern LINE_END = Pattern.compile("\r?\n");

    @Property(tries = 1000)
    void head_isThePrefix(
            @ForAll @Size(max = 12) List<byte[]> pieces, @ForAll @IntRange(min = 1, max = 200) int bound) {
        byte[] all = join(pieces);
        Captured captured = feed(new HeadSink(bound, true), pieces);
        assertArrayEquals(Arrays.copyOf(all, Math.min(bound, all.length)), captured.bytes());
        assertEquals(all.length > bound, captured.truncated());
        assertEquals(all.length > bound, captured.limitExceeded());
    }

    @Property(tries = 1000)
    void tail_isTheSuffix(
            @ForAll @Size(max = 12) List<byte[]> pieces, @ForAll @IntRange(min = 1, max = 200) int bound) {
        byte[] all = join(pieces);
        Captured captured = feed(new TailSink(bound), pieces);
        assertArrayEquals(Arrays.copyOfRange(all, Math.max(0, all.length - bound), all.length), captured.bytes());
        assertEquals(all.length > bound, captured.truncated());
    }

    @Property(tries = 1000)
    void tee_passesEverythingToEachSink(
            @ForAll @Size(max = 12) List<byte[]> pieces, @ForAll @IntRange(min = 1, max = 200) int bound) {
        byte[] all = join(pieces);
        ByteArrayOutputStream views = new ByteArrayOutputStream();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        SerialTasks tasks = new SerialTasks(Runnable::run);
        Sink tee = new TeeSink(List.of(
                ConsumerSink.ofBytes("test", tasks, view -> {
                    while (view.hasRemaining()) {
                        views.write(view.get());
                    }
                }),
                new HeadSink(bound, false),
                ConsumerSink.ofStream("test", tasks, stream)));
        Captured captured = feed(tee, pieces);
        AtomicInteger delivered = new AtomicInteger();
        tee.end(delivered::incrementAndGet);
        assertEquals(1, delivered.get());
        assertArrayEquals(all, views.toByteArray());
        assertArrayEquals(all, stream.toByteArray());
        assertArrayEquals(Arrays.copyOf(all, Math.min(bound, all.length)), captured.bytes());
        assertEquals(all.length > bound, captured.truncated());
    }

    @Property(tries = 1000)
    void lines_equalThoseOfTheWholeText(
            @ForAll @Size(max = 6) List<String> words, @ForAll @IntRange(min = 1, max = 5) int step) {
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE)) {
            byte[] bytes = String.join("\r\n", words).getBytes(charset);
            assertLines(new String(bytes, charset), bytes, step, charset);
        }
    }

    @Property(tries = 1000)
    void linesWithBareCr_areThoseOfTheJdk(
            @ForAll @Size(max = 20) List<@IntRange(max = 3) Integer> kinds,
            @ForAll @IntRange(min = 1, max = 5) int step) {
        StringBuilder text = new StringBuilder();
        kinds.forEach(kind -> text.append("\r\nax".charAt(kind)));
        List<String> lines = new ArrayList<>();
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8, true, lines::add);
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += step) {
            decoder.accept(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
        }
        decoder.end();
        assertEquals(text.toString().lines().toList(), lines);
    }

    @Property(tries = 1000)
    void randomBytes_decodeAsAWhole(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 5) int step) {
        assertLines(new String(bytes, StandardCharsets.UTF_8), bytes, step, StandardCharsets.UTF_8);
    }

    private static void assertLines(String text, byte[] bytes, int step, Charset charset) {
        List<String> lines = new ArrayList<>();
        LineDecoder decoder = new LineDecoder(charset, false, lines::add);
        for (int at = 0; at < bytes.length; at += step) {
            decoder.accept(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
        }
        decoder.end();
        List<String> expected = new ArrayList<>(Arrays.asList(LINE_END.split(text, -1)));
        if (expected.get(expected.size() - 1).isEmpty()) {
            expected.remove(expected.size() - 1);
        }
        assertEquals(expected, lines);
    }

    private static Captured feed(Sink sink, List<byte[]> pieces) {
        for (byte[] piece : pieces) {
            ByteBuffer buffer = ByteBuffer.wrap(piece);
            sink.accept(buffer);
            assertEquals(0, buffer.remaining());
        }
        return sink.captured();
    }

    private static byte[] join(List<byte[]> pieces) {
        byte[] all = new byte[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
