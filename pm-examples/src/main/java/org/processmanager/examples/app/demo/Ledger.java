package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A mapped file with an entry for each piece, which its consumer fills, and a line for each party. Its content outlives the
 * party that wrote it, and a piece that is delivered twice is detected.
 */
final class Ledger {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int CHUNK_BYTES = 64 * 1024;

    private final ByteBuffer memory;
    private final int parties;
    private final int pieces;

    private Ledger(ByteBuffer memory, int parties, int pieces) {
        this.memory = memory;
        this.parties = parties;
        this.pieces = pieces;
    }

    /** Creates the file. Writes all its space: a full tmpfs is then an error here and no SIGBUS later. */
    static Ledger create(Path file, int parties, int pieces) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PRIVATE)) {
            try {
                ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.nativeOrder());
                LedgerLayout.writeHeader(chunk, parties, pieces);
                long bytes = LedgerLayout.bytes(parties, pieces);
                for (long left = bytes; left > 0; ) {
                    chunk.limit((int) Math.min(left, CHUNK_BYTES));
                    left -= channel.write(chunk);
                    if (!chunk.hasRemaining()) {
                        chunk = ByteBuffer.allocate(CHUNK_BYTES);
                    }
                }
                return new Ledger(map(channel), parties, pieces);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }

    static Ledger open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer memory = map(channel);
            if (memory.capacity() < LedgerLayout.LINE_BYTES || LedgerLayout.magic(memory) != LedgerLayout.MAGIC) {
                throw new IOException("not a ledger of this version: " + file);
            }
            return new Ledger(memory, LedgerLayout.parties(memory), LedgerLayout.pieces(memory));
        }
    }

    /** Records that a consumer received a piece. */
    void deliver(long piece, int words, boolean endsItem) {
        deliver(piece, words, endsItem, false);
    }

    /** Records a piece that may have been delivered before, because a party died; it counts once. */
    void redeliver(long piece, int words, boolean endsItem) {
        deliver(piece, words, endsItem, true);
    }

    private void deliver(long piece, int words, boolean endsItem, boolean again) {
        if (piece < 0 || piece >= pieces) {
            throw new IllegalStateException("piece " + piece + " is in no plan (expected: 0 to " + (pieces - 1) + ")");
        }
        LedgerLayout.deliver(memory, parties, (int) piece, words, endsItem, again);
    }

    /** Returns the entry of a piece, in the form of {@link LedgerLayout}. */
    long entry(int piece) {
        return LedgerLayout.entryVolatile(memory, parties, piece);
    }

    /** Returns the line of one party. */
    Line line(int party) {
        if (party < 0 || party >= parties) {
            throw new IllegalArgumentException("party: " + party + " (expected: 0 to " + (parties - 1) + ")");
        }
        return new Line(party);
    }

    private static ByteBuffer map(FileChannel channel) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()).order(ByteOrder.nativeOrder());
    }

    /** The work that one party has done. Only the party itself writes it; a reader may see an older value. */
    final class Line {
        private final int party;

        private Line(int party) {
            this.party = party;
        }

        long items() {
            return LedgerLayout.partyItemsOpaque(memory, party);
        }

        long pieces() {
            return LedgerLayout.partyPiecesOpaque(memory, party);
        }

        long waitedNanos() {
            return LedgerLayout.partyWaitedOpaque(memory, party);
        }

        void addPiece(boolean endsItem) {
            LedgerLayout.partyPiecesOpaque(memory, party, pieces() + 1);
            if (endsItem) {
                LedgerLayout.partyItemsOpaque(memory, party, items() + 1);
            }
        }

        void addWaitedNanos(long nanos) {
            LedgerLayout.partyWaitedOpaque(memory, party, waitedNanos() + nanos);
        }
    }
}
