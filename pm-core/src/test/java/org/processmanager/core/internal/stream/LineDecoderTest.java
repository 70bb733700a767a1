package org.processmanager.core.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineDecoderTest {
    private final List<String> lines = new ArrayList<>();
    private final LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8, false, lines::add);

    @Test
    void partialLine_isEmittedAtTheEnd() {
        accept("one\n\ntwo\r\nthree");
        assertEquals(List.of("one", "", "two"), lines);
        decoder.end();
        assertEquals(List.of("one", "", "two", "three"), lines);
    }

    @Test
    void longLine_isSplitIntoPieces() {
        int longest = LineDecoder.MAX_LINE_CHARS;
        accept("a".repeat(2 * longest + 3) + "\n" + "b".repeat(longest) + "\nc\n");
        decoder.end();
        assertEquals(
                List.of(longest, longest, 3, longest, 1),
                lines.stream().map(String::length).toList());
    }

    @Test
    void truncatedCharacter_isReplacedAtTheEnd() {
        byte[] cut = {'x', (byte) 0xe6, (byte) 0x97};
        decoder.accept(ByteBuffer.wrap(cut));
        decoder.end();
        assertEquals(List.of("x\uFFFD"), lines);
    }

    @Test
    void bareCr_isPartOfTheLine() {
        accept("1%\r2%\n3%\r");
        decoder.end();
        assertEquals(List.of("1%\r2%", "3%\r"), lines);
    }

    @Test
    void bareCr_endsTheLineAtOnceOnRequest() {
        LineDecoder progress = new LineDecoder(StandardCharsets.UTF_8, true, lines::add);
        progress.accept(ByteBuffer.wrap("1%\r2%\r".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of("1%", "2%"), lines);
        progress.accept(ByteBuffer.wrap("\ndone\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of("1%", "2%", "done"), lines);
    }

    private void accept(String text) {
        decoder.accept(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
