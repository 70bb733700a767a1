package org.processmanager.ipc.internal.mapped;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.ipc.internal.mapped.LaneFixture.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.sync.internal.region.layout.Words;

class LaneTest {
    private static final MessageHandler IGNORE = (buffer, offset, length) -> {};

    // ---- room

    @Test
    @Scenario("ipc/1")
    @Scenario("research-ipc/1")
    void emptyPoll_changesNothing() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(5, 1));
        lane.poll(9);
        byte[] before = lane.snapshot();
        assertEquals(0, lane.reader.read(IGNORE, 9, Delivery.AT_MOST_ONCE));
        assertFalse(lane.reader.hasNext());
        assertArrayEquals(before, lane.snapshot());
    }

    @Test
    @Scenario("ipc/2")
    @Scenario("research-ipc/2")
    void failedOffer_changesNoByte() {
        for (int length = 0; length <= LaneLayout.maxMessageBytes(128); length++) {
            LaneFixture lane = new LaneFixture(128);
            lane.offer(message(9, 1));
            lane.poll(9); // not at the start, so that the end of the lane is reached
            int sent = 0;
            while (lane.offer(message(length, 2))) {
                sent++;
            }
            byte[] before = lane.snapshot();
            assertFalse(lane.offer(message(length, 3)));
            assertArrayEquals(before, lane.snapshot());
            assertEquals(sent, lane.poll(99).size());
        }
    }

    @Test
    @Scenario("ipc/3")
    void emptyMessages_fillTheSmallestLane() {
        LaneFixture lane = new LaneFixture(LaneLayout.MIN_CAPACITY);
        for (int lap = 0; lap < 100; lap++) {
            int sent = 0;
            while (lane.offer()) {
                sent++;
            }
            assertEquals(LaneLayout.MIN_CAPACITY / 8 - 1, sent, "all but the zero behind the last");
            List<byte[]> got = lane.poll(99);
            assertEquals(sent, got.size());
            assertTrue(got.stream().allMatch(message -> message.length == 0));
        }
    }

    @Test
    @Scenario("ipc/4")
    void longestMessage_fitsAnEmptyLaneAtEachOffset() {
        int longest = LaneLayout.maxMessageBytes(128);
        for (int place = 0; place < 128 / 8; place++) {
            LaneFixture lane = new LaneFixture(128);
            for (int i = 0; i < place; i++) {
                lane.offer();
                lane.poll(1);
            }
            assertTrue(lane.offer(message(longest, 7)), "at " + place * 8);
            assertArrayEquals(message(longest, 7), lane.poll(9).get(0));
        }
    }

    @Test
    @Scenario("ipc/5")
    void message_mayEndAtTheEndOfTheLane() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(24, 1)); // 0 to 32
        lane.poll(1);
        assertTrue(lane.offer(message(24, 2))); // 32 to 64, the zero behind it at 0
        assertEquals(0, lane.memory.getLong(ChannelLayout.lane(LaneFixture.CHANNEL)));
        assertTrue(lane.offer(message(16, 3))); // 0 to 24, no padding
        assertArrayEquals(message(24, 2), lane.poll(1).get(0));
        assertArrayEquals(message(16, 3), lane.poll(1).get(0));
    }

    @Test
    @Scenario("ipc/5")
    void wrapWithEightBytesLeft_isEmptyPadding() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(24, 1)); // 0 to 32
        lane.poll(1);
        lane.offer(message(16, 2)); // 32 to 56
        lane.poll(1);
        assertTrue(lane.offer(message(8, 3))); // 56 is padding, 0 to 16
        assertEquals(
                LaneLayout.header(LaneLayout.PADDING, 0),
                Words.longPlain(lane.memory, ChannelLayout.lane(LaneFixture.CHANNEL) + 56));
        assertArrayEquals(message(8, 3), lane.poll(1).get(0));
    }

    @Test
    @Scenario("ipc/5")
    @Scenario("research-ipc/7")
    void onePoll_crossesTheWrap() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(24, 1));
        lane.poll(1);
        assertTrue(lane.offer(message(8, 2))); // 32 to 48
        assertTrue(lane.offer(message(16, 3))); // padding at 48, 0 to 24
        List<byte[]> got = lane.poll(9);
        assertEquals(2, got.size(), "no answer of 0 at the wrap");
        assertArrayEquals(message(16, 3), got.get(1));
    }

    @Test
    void released_movesAtTheEndOfABatchAndEachQuarter() {
        LaneFixture lane = new LaneFixture(1024);
        for (int i = 0; i < 3; i++) {
            lane.offer(message(8, i));
        }
        lane.releases = 0;
        lane.poll(9);
        assertEquals(1, lane.releases);
        while (lane.offer(message(56, 1))) {
            // until it is full
        }
        lane.releases = 0;
        lane.poll(99);
        assertTrue(lane.releases >= 3 && lane.releases <= 5, "" + lane.releases);
    }

    // ---- batches

    @Test
    void batch_isInvisibleUntilItsCommit() {
        LaneFixture lane = new LaneFixture(256);
        lane.inBatch = true;
        assertTrue(lane.offer(message(5, 1)));
        assertTrue(lane.offer(message(6, 2)));
        assertEquals(0, lane.poll(9).size());
        assertTrue(lane.writer.commitBatch());
        assertFalse(lane.writer.commitBatch());
        assertEquals(2, lane.poll(9).size());
        assertTrue(lane.offer(message(7, 3)));
        assertEquals(0, lane.poll(9).size());
        lane.writer.commitBatch();
        lane.inBatch = false;
        assertTrue(lane.offer(message(8, 4)));
        assertEquals(2, lane.poll(9).size());
    }

    @Test
    void batchesOfManySizes_areCompleteInEachLap() {
        LaneFixture lane = new LaneFixture(1 << 14);
        lane.inBatch = true;
        int sent = 0;
        for (int batch = 0; batch < 40; batch++) {
            int first = sent;
            for (int bytes = 0; bytes < 7_000; bytes += sizeOf(sent++)) { // more than is gathered
                assertTrue(lane.offer(message(sizeOf(sent), sent)));
            }
            assertEquals(0, lane.poll(9).size());
            lane.writer.commitBatch();
            List<byte[]> got = lane.poll(Integer.MAX_VALUE);
            assertEquals(sent - first, got.size());
            for (int i = 0; i < got.size(); i++) {
                assertArrayEquals(message(sizeOf(first + i), first + i), got.get(i));
            }
        }
    }

    /** Mostly small; now and then too long to be gathered, or such that a lap ends with a record. */
    private static int sizeOf(int message) {
        return message % 50 == 49 ? 5_000 : message % 3 == 0 ? 56 : message % 120;
    }

    @Test
    void batchThatStartsWithPadding_isInvisible() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(24, 1));
        lane.poll(1);
        lane.offer(message(8, 2));
        lane.poll(1);
        lane.inBatch = true;
        assertTrue(lane.offer(message(16, 3))); // padding at 48, 0 to 24
        assertTrue(lane.offer(message(0, 0)));
        assertEquals(0, lane.poll(9).size());
        lane.writer.commitBatch();
        assertEquals(2, lane.poll(9).size());
    }

    // ---- successors

    @Test
    void nextWriter_continuesBehindCommittedRecords() {
        LaneFixture lane = new LaneFixture(128);
        lane.offer(message(20, 1));
        lane.offer(message(20, 2));
        lane.poll(1);
        lane.inBatch = true;
        lane.offer(message(3, 9)); // the writer dies in a batch
        lane.writer = new LaneWriter(lane.memory, LaneFixture.CHANNEL, 128, "lane");
        lane.inBatch = false;
        assertTrue(lane.offer(message(20, 3)));
        List<byte[]> got = lane.poll(9);
        assertEquals(2, got.size());
        assertArrayEquals(message(20, 2), got.get(0));
        assertArrayEquals(message(20, 3), got.get(1));
    }

    @Test
    @Scenario("research-ipc/16")
    void nextWriter_afterAClaimAtTheEndOfTheLane() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(24, 1)); // 0 to 32
        lane.poll(1);
        long start = lane.writer.reserve(24); // 32 to 64
        lane.memory.put(lane.writer.payloadAt(start), message(24, -1)); // the writer dies with its claim
        lane.writer = new LaneWriter(lane.memory, LaneFixture.CHANNEL, 64, "lane");
        assertEquals(0, lane.poll(9).size());
        assertTrue(lane.offer(message(24, 2))); // in its place
        assertTrue(lane.offer(message(16, 3))); // 0 to 24
        List<byte[]> got = lane.poll(9);
        assertEquals(2, got.size());
        assertArrayEquals(message(24, 2), got.get(0));
        assertArrayEquals(message(16, 3), got.get(1));
    }

    @Test
    void nextWriter_findsAFullLaneFull() {
        LaneFixture lane = new LaneFixture(128);
        int sent = 0;
        while (lane.offer(message(8, sent))) {
            sent++;
        }
        lane.writer = new LaneWriter(lane.memory, LaneFixture.CHANNEL, 128, "lane");
        assertFalse(lane.offer(message(8, 0)));
        assertEquals(sent, lane.poll(99).size());
        assertTrue(lane.offer(message(8, 0)));
    }

    @Test
    void nextReader_continuesBehindTakenRecords() {
        for (Delivery delivery : Delivery.values()) {
            LaneFixture lane = new LaneFixture(256);
            for (int i = 0; i < 4; i++) {
                lane.offer(message(8, i));
            }
            List<Integer> seen = new ArrayList<>();
            MessageHandler dies = (buffer, offset, length) -> {
                seen.add((int) buffer.get(offset));
                if (seen.size() == 3) {
                    // as after a kill: the reader has not released anything
                    LaneReader next = lane.newReader();
                    next.read((b, o, l) -> seen.add(10 + b.get(o)), 9, delivery);
                }
            };
            lane.reader.read(dies, 3, delivery);
            List<Integer> rest = delivery == Delivery.AT_MOST_ONCE ? List.of(13) : List.of(12, 13);
            assertEquals(rest, seen.subList(3, seen.size()), delivery + "");
        }
    }

    // ---- damage

    @Test
    @Scenario("ipc/19")
    void impossibleHeaders_areDamageWithAPosition() {
        long[] bad = {
            LaneLayout.header(LaneLayout.MESSAGE, -1),
            LaneLayout.header(LaneLayout.MESSAGE, LaneLayout.maxMessageBytes(256) + 1),
            LaneLayout.header(LaneLayout.MESSAGE, Integer.MAX_VALUE),
            LaneLayout.header(LaneLayout.PADDING, 0),
            LaneLayout.header(LaneLayout.PADDING, -8),
            LaneLayout.header(3, 8),
            LaneLayout.header(0, 8),
            -1,
            Long.MIN_VALUE,
        };
        for (long header : bad) {
            LaneFixture lane = new LaneFixture(256);
            lane.offer(message(8, 1));
            int at = ChannelLayout.lane(LaneFixture.CHANNEL) + 16;
            lane.memory.putLong(at, header);
            List<Integer> lengths = new ArrayList<>();
            ChannelCorruptException damage = assertThrows(
                    ChannelCorruptException.class,
                    () -> lane.reader.read((b, o, l) -> lengths.add(l), 9, Delivery.AT_MOST_ONCE));
            assertEquals(16, damage.position());
            assertEquals(List.of(8), lengths, "what came before it is delivered");
            assertEquals(16, ChannelLayout.damagePosition(lane.memory, LaneFixture.CHANNEL));
            lane.reader = lane.newReader();
            assertThrows(ChannelCorruptException.class, () -> lane.poll(1), "it stays damaged");
            assertThrows(
                    ChannelCorruptException.class, () -> new LaneWriter(lane.memory, LaneFixture.CHANNEL, 256, "lane"));
        }
    }

    @Test
    @Scenario("ipc/19")
    void laneFullOfHeaders_stopsAtTheLimit() {
        for (int type : new int[] {LaneLayout.MESSAGE, LaneLayout.PADDING}) {
            LaneFixture lane = new LaneFixture(64);
            lane.offer(message(24, 1));
            lane.poll(1);
            int base = ChannelLayout.lane(LaneFixture.CHANNEL);
            for (int at = 0; at < 64; at += 8) {
                int length = type == LaneLayout.MESSAGE ? 0 : 64 - at - LaneLayout.HEADER_BYTES;
                lane.memory.putLong(base + at, LaneLayout.header(type, length));
            }
            if (type == LaneLayout.MESSAGE) {
                assertEquals(1_000, lane.poll(1_000).size());
            } else {
                assertThrows(ChannelCorruptException.class, () -> lane.poll(1_000), "padding from end to end");
            }
        }
    }

    @Test
    @Scenario("ipc/19")
    void laneFullOfHeaders_isDamageForASuccessor() {
        LaneFixture lane = new LaneFixture(64);
        int base = ChannelLayout.lane(LaneFixture.CHANNEL);
        for (int at = 0; at < 64; at += 8) {
            lane.memory.putLong(base + at, LaneLayout.header(LaneLayout.MESSAGE, 0));
        }
        assertThrows(ChannelCorruptException.class, () -> new LaneWriter(lane.memory, LaneFixture.CHANNEL, 64, "lane"));
        lane.memory.putLong(ChannelLayout.taken(LaneFixture.CHANNEL), 1L << 40);
        assertThrows(ChannelCorruptException.class, lane::newReader);
    }

    @Test
    @Scenario("ipc/19")
    void impossibleCursors_areDamage() {
        for (long cursor : new long[] {-8, 1 << 20, Long.MAX_VALUE, Long.MIN_VALUE, 12}) {
            LaneFixture lane = new LaneFixture(64);
            while (lane.offer(message(8, 1))) {
                // until it must read the cursor
            }
            lane.memory.putLong(ChannelLayout.released(LaneFixture.CHANNEL), cursor);
            assertThrows(ChannelCorruptException.class, () -> lane.offer(message(8, 1)), "released " + cursor);

            LaneFixture other = new LaneFixture(64);
            other.offer(message(8, 1));
            other.memory.putLong(ChannelLayout.taken(LaneFixture.CHANNEL), cursor);
            assertThrows(ChannelCorruptException.class, other::newReader, "taken " + cursor);
        }
    }

    @Test
    @Scenario("ipc/19")
    void randomBytes_neverLeadOutsideTheLane() {
        Random random = new Random(19);
        int rounds = Soak.scaled(200_000, 5_000);
        for (int round = 0; round < rounds; round++) {
            LaneFixture lane = new LaneFixture(256);
            for (int i = random.nextInt(9); i > 0; i--) {
                lane.offer(message(random.nextInt(60), i));
            }
            lane.poll(random.nextInt(3) + 1);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = LaneFixture.CHANNEL + random.nextInt((int) ChannelLayout.bytes(256, 1));
                lane.memory.put(at, (byte) random.nextInt());
            }
            Consumer<Runnable> damageIsTyped = step -> {
                try {
                    step.run();
                } catch (ChannelCorruptException expected) {
                    assertTrue(expected.getMessage().contains("position"), expected.getMessage());
                }
            };
            damageIsTyped.accept(() -> lane.poll(1_000).forEach(m -> assertTrue(m.length <= 120)));
            damageIsTyped.accept(() -> lane.offer(message(random.nextInt(100), 1)));
            damageIsTyped.accept(lane::reopen);
            damageIsTyped.accept(() -> lane.poll(1_000));
        }
    }

    @Test
    void handlersBuffer_endsWithTheLane() {
        LaneFixture lane = new LaneFixture(64);
        lane.offer(message(8, 1));
        lane.reader.read(
                (buffer, offset, length) -> {
                    assertEquals(64, buffer.capacity());
                    assertTrue(buffer.isReadOnly());
                    ByteBuffer copy = buffer.slice(offset, length);
                    assertEquals(8, copy.remaining());
                },
                1,
                Delivery.AT_MOST_ONCE);
    }
}
