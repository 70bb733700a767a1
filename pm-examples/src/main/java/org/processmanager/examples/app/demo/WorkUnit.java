package org.processmanager.examples.app.demo;

import java.net.URI;
import java.nio.file.Path;

/**
 * A part of a file that one producer reads at a time: whole pieces, numbered from {@code firstPiece}.
 *
 * @param file the file
 * @param offset of its first byte, which begins a piece
 * @param length bytes
 * @param firstPiece number of its first piece in the plan
 * @param pieces how many
 * @param beginsInWord whether the first piece continues a word of the preceding piece
 * @param endsItem whether its last piece ends a line
 */
record WorkUnit(
        Path file, long offset, int length, long firstPiece, int pieces, boolean beginsInWord, boolean endsItem) {

    /** Returns one line, with the file as a URI, which preserves every byte of its name. */
    String toLine() {
        return String.join(
                " ",
                Long.toString(offset),
                Integer.toString(length),
                Long.toString(firstPiece),
                Integer.toString(pieces),
                Boolean.toString(beginsInWord),
                Boolean.toString(endsItem),
                file.toUri().toASCIIString());
    }

    static WorkUnit fromLine(String line) {
        String[] fields = line.split(" ");
        if (fields.length != 7) {
            throw new IllegalArgumentException("not a unit of work: " + line);
        }
        return new WorkUnit(
                Path.of(URI.create(fields[6])),
                Long.parseLong(fields[0]),
                Integer.parseInt(fields[1]),
                Long.parseLong(fields[2]),
                Integer.parseInt(fields[3]),
                Boolean.parseBoolean(fields[4]),
                Boolean.parseBoolean(fields[5]));
    }
}
