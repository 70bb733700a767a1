package org.processmanager.examples.app.demo;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The work, as the parent divides it before the start: it reads each file once, counts the expected totals, and assigns the
 * bytes. Pieces are numbered through all files; units are assigned to the producers in turn.
 */
final class Plan {
    /** Bounded by the ledger, a mapping of at most 2 GiB with 8 bytes a piece. */
    static final int MOST_PIECES = 250_000_000;

    private static final int LARGEST_UNIT_BYTES = 64 * 1024;
    private static final int SMALLEST_UNIT_BYTES = 512;
    private static final int UNITS_PER_PRODUCER = 8;

    private final List<WorkUnit> units = new ArrayList<>();
    private final BitSet itemEnds = new BitSet();
    private WordCount expected = WordCount.NOTHING;
    private int pieces;

    private Plan() {}

    /**
     * Reads all files.
     *
     * @param producers between which the work is divided, which determines the size of a unit
     * @throws BadInputException if one cannot be read or is no regular file
     */
    static Plan of(List<Path> files, int producers) throws BadInputException {
        long total = 0;
        for (Path file : files) {
            total += check(file);
        }
        long share = total / ((long) producers * UNITS_PER_PRODUCER);
        int unitBytes = (int) Math.max(SMALLEST_UNIT_BYTES, Math.min(LARGEST_UNIT_BYTES, share));
        Plan plan = new Plan();
        for (Path file : files) {
            plan.read(file.toAbsolutePath(), unitBytes);
        }
        return plan;
    }

    /** Returns the expected totals. */
    WordCount expected() {
        return expected;
    }

    int pieces() {
        return pieces;
    }

    /** Returns whether a piece is the last of its line. */
    boolean endsItem(int piece) {
        return itemEnds.get(piece);
    }

    /** Returns the work of one of several producers. */
    List<WorkUnit> unitsOf(int producer, int producers) {
        List<WorkUnit> own = new ArrayList<>();
        for (int i = producer; i < units.size(); i += producers) {
            own.add(units.get(i));
        }
        return own;
    }

    private static long check(Path file) throws BadInputException {
        try {
            if (Files.isDirectory(file)) {
                throw new BadInputException(file + ": is a directory (expected: a text file)", null);
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new BadInputException(
                        file + ": is no regular file (expected: one that several processes can read)", null);
            }
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static BadInputException unreadable(Path file, IOException e) {
        if (!Files.exists(file)) {
            return new BadInputException(file + ": no such file", e);
        }
        if (!Files.isReadable(file)) {
            return new BadInputException(file + ": permission denied", e);
        }
        return new BadInputException(file + ": cannot be read: " + e.getMessage(), e);
    }

    private void read(Path file, int unitBytes) throws BadInputException {
        UnitCollector collector = new UnitCollector(file, unitBytes);
        try (InputStream in = new Tee(Files.newInputStream(file), collector.cutter)) {
            expected = expected.plus(WordCount.of(in));
            collector.cutter.finish(true);
            collector.finish(collector.cutter.position());
        } catch (TooMuchException e) {
            throw new BadInputException("too much input: more than " + MOST_PIECES + " lines or pieces of lines", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("planning does not wait", e);
        }
    }

    /** Collects pieces until a unit is large enough. */
    private final class UnitCollector {
        private final Path file;
        private final int unitBytes;
        private final PieceCutter cutter = new PieceCutter(Cell.TEXT_BYTES, 0, false, this::piece);
        private long begin;
        private int firstPiece = pieces;
        private boolean beginsInWord;
        private boolean endsItem;

        UnitCollector(Path file, int unitBytes) {
            this.file = file;
            this.unitBytes = unitBytes;
        }

        private void piece(long offset, int length, boolean lastOfItem, boolean inWord) {
            if (pieces == MOST_PIECES) {
                throw new TooMuchException();
            }
            if (offset - begin >= unitBytes) {
                finish(offset);
                begin = offset;
                beginsInWord = inWord;
                firstPiece = pieces;
            }
            itemEnds.set(pieces++, lastOfItem);
            endsItem = lastOfItem;
        }

        void finish(long end) {
            if (pieces > firstPiece) {
                int length = (int) (end - begin);
                units.add(new WorkUnit(file, begin, length, firstPiece, pieces - firstPiece, beginsInWord, endsItem));
            }
        }
    }

    private static final class TooMuchException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Passes all that is read to a cutter. */
    private static final class Tee extends FilterInputStream {
        private final PieceCutter cutter;

        Tee(InputStream in, PieceCutter cutter) {
            super(in);
            this.cutter = cutter;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            try {
                cutter.accept(bytes, from, from + Math.max(count, 0));
            } catch (InterruptedException e) {
                throw new IllegalStateException("planning does not wait", e);
            }
            return count;
        }
    }
}
