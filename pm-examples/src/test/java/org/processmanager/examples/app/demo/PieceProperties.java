package org.processmanager.examples.app.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Pieces: whatever is cut, and wherever, the counts of the pieces add up to those of the whole. */
class PieceProperties {
    @Property(tries = 1000)
    void wordsAndItemsOfPieces_addUpToThoseOfTheWhole(
            @ForAll(supplier = Texts.class) byte[] text, @ForAll @IntRange(min = 1, max = 300) int largest)
            throws Exception {
        Tally tally = new Tally(text, largest);
        PieceCutter cutter = new PieceCutter(largest, 0, false, tally);
        cutter.accept(text, 0, text.length);
        cutter.finish(true);
        assertEquals(Texts.countNaively(text), new WordCount(tally.items, tally.words));
        assertArrayEquals(withFinalLineFeed(text), tally.joined.toByteArray());
    }

    @Property(tries = 1000)
    void textThatComesInParts_isCutAlike(
            @ForAll(supplier = Texts.class) byte[] text, @ForAll @IntRange(min = 1, max = 50) int part)
            throws Exception {
        Tally tally = new Tally(text, 10);
        PieceCutter cutter = new PieceCutter(10, 0, false, tally);
        for (int from = 0; from < text.length; from += part) {
            cutter.accept(text, from, Math.min(from + part, text.length));
        }
        cutter.finish(true);
        assertEquals(text.length, cutter.position());
        assertEquals(Texts.countNaively(text), new WordCount(tally.items, tally.words));
    }

    @Example
    void lineAsLongAsAPiece_isOnePiece() throws Exception {
        byte[] text = "0123456789\n0123456789".getBytes(StandardCharsets.UTF_8);
        Tally tally = new Tally(text, 10);
        PieceCutter cutter = new PieceCutter(10, 0, false, tally);
        cutter.accept(text, 0, text.length);
        cutter.finish(true);
        assertEquals(2, tally.pieces);
    }

    @Example
    void cell_keepsNumberAndFlags() {
        ByteBuffer cell = Cell.allocate();
        byte[] text = "some text".getBytes(StandardCharsets.UTF_8);
        Cell.set(cell, (1L << 48) - 1, true, false, text, 5, 4);
        long word = cell.getLong(0);
        assertEquals((1L << 48) - 1, Cell.number(word));
        assertTrue(Cell.endsItem(word) && !Cell.isEnd(word));
        assertEquals(Long.BYTES + 4, cell.remaining());
        assertTrue(Cell.isEnd(Cell.wrap(Cell.end()).getLong(0)));
    }

    private static byte[] withFinalLineFeed(byte[] text) {
        if (text.length == 0 || text[text.length - 1] == '\n') {
            return text;
        }
        byte[] longer = Arrays.copyOf(text, text.length + 1);
        longer[text.length] = '\n';
        return longer;
    }

    /** Puts each piece through a cell, counts as a consumer does, and joins all again. */
    private static final class Tally implements PieceCutter.Sink {
        private final byte[] text;
        private final int largest;
        private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
        private int pieces;
        private long items;
        private long words;

        Tally(byte[] text, int largest) {
            this.text = text;
            this.largest = largest;
        }

        @Override
        public void piece(long offset, int length, boolean endsItem, boolean beginsInWord) {
            assertTrue(length <= largest);
            ByteBuffer cell = ByteBuffer.allocate(Long.BYTES + largest).order(ByteOrder.LITTLE_ENDIAN);
            Cell.set(cell, pieces, endsItem, beginsInWord, text, (int) offset, length);
            byte[] bytes = Arrays.copyOf(cell.array(), cell.remaining());
            long word = Cell.wrap(bytes).getLong(0);
            assertEquals(pieces, Cell.number(word));
            words += Cell.countWords(word, bytes);
            items += Cell.endsItem(word) ? 1 : 0;
            pieces++;
            joined.write(text, (int) offset, length);
            if (endsItem) {
                joined.write('\n');
            }
        }
    }
}
