package org.processmanager.examples.app.demo;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of the ledger, version 2. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +-----------+-----------+-----------+---------+
 *        | magic   8 | pieces  4 | parties 4 | pad  48 |   written before other processes open the file
 *     64 +-----------+-----------+-----------+---------+
 *        | items   8 | pieces  8 | waited  8 | pad  40 |   one line a party, written by that party alone
 *        +-----------+-----------+-----------+---------+
 *        | ... one for each party                      |
 *        +---------------------------------------------+
 *        | entry                                     8 |   one a piece: 0 until it was delivered, then
 *        |                                             |     bits 0..31  words that begin in it
 *        |                                             |     bits 32..46 how often it was delivered
 *        |                                             |     bits 47..61 how often it was redelivered after a death
 *        |                                             |     bit 62      ENDS_ITEM
 *        +---------------------------------------------+
 *        | ... one for each piece                      |
 *        +---------------------------------------------+
 * </pre>
 */
final class LedgerLayout {
    static final long MAGIC = 0x504d_4c45_4447_0002L; // "PMLEDG", version 2
    static final int LINE_BYTES = 64;

    private static final int MAGIC_OFFSET = 0;
    private static final int PIECES_OFFSET = 8;
    private static final int PARTIES_OFFSET = 12;
    private static final int PARTY_ITEMS_OFFSET = 0;
    private static final int PARTY_PIECES_OFFSET = 8;
    private static final int PARTY_WAITED_OFFSET = 16;

    private static final long WORDS_MASK = (1L << 32) - 1;
    private static final long COUNT_MASK = (1L << 15) - 1;
    private static final int DELIVERIES_SHIFT = 32;
    private static final int REDELIVERIES_SHIFT = 47;
    private static final long ENDS_ITEM = 1L << 62;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private LedgerLayout() {}

    static long bytes(int parties, int pieces) {
        return LINE_BYTES + (long) parties * LINE_BYTES + (long) pieces * Long.BYTES;
    }

    static void writeHeader(ByteBuffer header, int parties, int pieces) {
        LONG.set(header, MAGIC_OFFSET, MAGIC);
        INT.set(header, PIECES_OFFSET, pieces);
        INT.set(header, PARTIES_OFFSET, parties);
    }

    static long magic(ByteBuffer ledger) {
        return (long) LONG.get(ledger, MAGIC_OFFSET);
    }

    static int pieces(ByteBuffer ledger) {
        return (int) INT.get(ledger, PIECES_OFFSET);
    }

    static int parties(ByteBuffer ledger) {
        return (int) INT.get(ledger, PARTIES_OFFSET);
    }

    static void partyItemsOpaque(ByteBuffer ledger, int party, long items) {
        LONG.setOpaque(ledger, line(party) + PARTY_ITEMS_OFFSET, items);
    }

    static long partyItemsOpaque(ByteBuffer ledger, int party) {
        return (long) LONG.getOpaque(ledger, line(party) + PARTY_ITEMS_OFFSET);
    }

    static void partyPiecesOpaque(ByteBuffer ledger, int party, long pieces) {
        LONG.setOpaque(ledger, line(party) + PARTY_PIECES_OFFSET, pieces);
    }

    static long partyPiecesOpaque(ByteBuffer ledger, int party) {
        return (long) LONG.getOpaque(ledger, line(party) + PARTY_PIECES_OFFSET);
    }

    static void partyWaitedOpaque(ByteBuffer ledger, int party, long nanos) {
        LONG.setOpaque(ledger, line(party) + PARTY_WAITED_OFFSET, nanos);
    }

    static long partyWaitedOpaque(ByteBuffer ledger, int party) {
        return (long) LONG.getOpaque(ledger, line(party) + PARTY_WAITED_OFFSET);
    }

    /** Records a delivery; the word count of the first one stays. */
    static void deliver(ByteBuffer ledger, int parties, int piece, int words, boolean endsItem, boolean again) {
        int offset = entry(parties, piece);
        long one = 1L << (again ? REDELIVERIES_SHIFT : DELIVERIES_SHIFT);
        long first = one | words | (endsItem ? ENDS_ITEM : 0);
        if (!LONG.compareAndSet(ledger, offset, 0L, first)) {
            LONG.getAndAdd(ledger, offset, one);
        }
    }

    static long entryVolatile(ByteBuffer ledger, int parties, int piece) {
        return (long) LONG.getVolatile(ledger, entry(parties, piece));
    }

    static long words(long entry) {
        return entry & WORDS_MASK;
    }

    static long deliveries(long entry) {
        return entry >>> DELIVERIES_SHIFT & COUNT_MASK;
    }

    static long redeliveries(long entry) {
        return entry >>> REDELIVERIES_SHIFT & COUNT_MASK;
    }

    static boolean endsItem(long entry) {
        return (entry & ENDS_ITEM) != 0;
    }

    private static int line(int party) {
        return LINE_BYTES + party * LINE_BYTES;
    }

    private static int entry(int parties, int piece) {
        return LINE_BYTES + parties * LINE_BYTES + piece * Long.BYTES;
    }
}
