package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Reads units of files and puts their pieces into the buffer, or sends them to the consumers. */
final class Producer {
    private final PieceSink sink;
    private final Ledger.Line line;
    private final RateLimiter pace;
    private final ProducerProgress course;
    private final ByteBuffer cell = Cell.allocate();
    private byte[] text = new byte[0];
    private long nextPiece;

    Producer(PieceSink sink, Ledger.Line line, RateLimiter pace, ProducerProgress course) {
        this.sink = sink;
        this.line = line;
        this.pace = pace;
        this.course = course;
    }

    /**
     * Puts all pieces; blocks while there is no room.
     *
     * @throws IOException if a file cannot be read or has changed since the plan
     */
    void produce(List<WorkUnit> units) throws IOException, InterruptedException {
        for (WorkUnit unit : units) {
            read(unit);
            nextPiece = unit.firstPiece();
            long end = unit.firstPiece() + unit.pieces();
            PieceCutter cutter = new PieceCutter(
                    Cell.TEXT_BYTES, 0, unit.beginsInWord(), (offset, length, endsItem, beginsInWord) -> {
                        if (nextPiece == end) {
                            throw new ChangedException();
                        }
                        long number = nextPiece++;
                        if (course.isDone()) {
                            return;
                        }
                        course.beforePiece();
                        pace.beforePiece(endsItem);
                        Cell.set(cell, number, endsItem, beginsInWord, text, (int) offset, length);
                        if (course.isAgain()) {
                            Cell.markAgain(cell);
                        }
                        put();
                        line.addPiece(endsItem);
                        course.afterPiece(endsItem);
                    });
            try {
                cutter.accept(text, 0, unit.length());
                cutter.finish(unit.endsItem());
            } catch (ChangedException e) {
                throw changed(unit.file());
            }
            if (nextPiece != end) {
                throw changed(unit.file());
            }
        }
    }

    private void put() throws InterruptedException {
        if (!sink.offer(cell)) {
            long before = System.nanoTime();
            sink.put(cell);
            line.addWaitedNanos(System.nanoTime() - before);
        }
    }

    private void read(WorkUnit unit) throws IOException {
        if (text.length < unit.length()) {
            text = new byte[unit.length()];
        }
        try (FileChannel channel = FileChannel.open(unit.file(), StandardOpenOption.READ)) {
            ByteBuffer into = ByteBuffer.wrap(text, 0, unit.length());
            for (long at = unit.offset(); into.hasRemaining(); ) {
                int count = channel.read(into, at);
                if (count < 0) {
                    throw changed(unit.file());
                }
                at += count;
            }
        }
    }

    private static IOException changed(Path file) {
        return new IOException(file + " was changed while it was read");
    }

    private static final class ChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
