package org.processmanager.ipc.model;

import static org.processmanager.fixtures.Explorer.assertFault;
import static org.processmanager.fixtures.Explorer.assertSound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Soak;
import org.processmanager.ipc.model.ManyToOneModel.Mutation;
import org.processmanager.ipc.model.ManyToOneModel.Sending;

/** Explores the models of the mapped channel. Each rule of a protocol is taken away once, and must be missed. */
class ChannelProtocolTest {
    // ---- lane

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lane_withDeathsAnywhere_isSound(boolean atMostOnce) {
        assertSound(new LaneModel(6, 0, atMostOnce), 300);
        assertSound(new LaneModel(Soak.scaled(9, 6), Soak.scaled(3, 2), atMostOnce), 1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ZERO_AHEAD, 0, a reader saw what no writer commits",
        "COMMITS_FIRST, 0, a message was not what its sender wrote",
        "PADS_FIRST, 0, a message was not what its sender wrote",
        "FILLS_THE_LAST_CELL, 0, a party waits for ever",
        "NO_WALK, 1, a message was not what its sender wrote",
        "FORGETS_TAKEN, 1, a message came again",
        "RELEASES_EARLY, 0, a message was not what its sender wrote",
        "RELEASES_BEFORE_TAKEN, 1, a reader that took over found no end of a message at the taken position",
    })
    void lane_withoutARule_fails(LaneModel.Mutation mutation, int deaths, String fault) {
        assertFault(fault, new LaneModel(9, deaths, true, mutation));
    }

    // ---- messages longer than a lane

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fragments_withDeathsAnywhere_areWholeMessages(boolean atMostOnce) {
        assertSound(new FragmentModel(0, atMostOnce), 100);
        assertSound(new FragmentModel(Soak.scaled(3, 2), atMostOnce), 1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "IGNORES_RECEIVER, 1, a message was lost",
        "ACCEPTS_A_REST, 1, a message consists of parts of several",
        "NO_RESTART, 1, a message consists of parts of several",
        "TAKES_EACH, 1, a message was lost",
        "SPLIT_COMMIT, 1, a message was lost",
    })
    void fragments_withoutARule_fail(FragmentModel.Mutation mutation, int deaths, String fault) {
        assertFault(fault, new FragmentModel(deaths, false, mutation));
    }

    // ---- several senders

    @Test
    void senders_withoutDeathsAndSlices_areAllHeard() {
        assertSound(new ManyToOneModel(Sending.ONE_MESSAGE, 2, 0, Mutation.NO_SLICES), 5_000);
        assertSound(new ManyToOneModel(Sending.AWAITS_RECEIPT, 2, 0, Mutation.NO_SLICES), 5_000);
        assertSound(new ManyToOneModel(Sending.NOTHING, Soak.scaled(4, 3), 0, Mutation.NO_SLICES), 5_000);
        if (Soak.enabled()) {
            assertSound(new ManyToOneModel(Sending.ONE_MESSAGE, 3, 0, Mutation.NO_SLICES), 100_000);
        }
    }

    @Test
    void senders_withDeathsAnywhere_areHeardAndReplaced() {
        assertSound(new ManyToOneModel(Sending.ONE_MESSAGE, 2, 2), 5_000);
        if (Soak.enabled()) {
            assertSound(new ManyToOneModel(Sending.ONE_MESSAGE, 3, 1), 100_000);
        }
    }

    /** With one lane behind the other, the last sender may leave a lane after another one joined a lane looked at before. */
    @Test
    void end_withoutASecondPassOrTheCount_fails() {
        String fault = "the receiver ended while there was always a sender";
        assertFault(fault, new ManyToOneModel(Sending.NOTHING, 3, 0, Mutation.NO_SLICES, Mutation.ONE_PASS));
        if (Soak.enabled()) {
            assertFault(fault, new ManyToOneModel(Sending.NOTHING, 4, 0, Mutation.NO_SLICES, Mutation.NO_COUNT));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO_BARRIER, AWAITS_RECEIPT, 2, a party waits for ever",
        "NO_SECOND_LOOK, AWAITS_RECEIPT, 2, a party waits for ever",
        "LEAVES_QUIETLY, ONE_MESSAGE, 2, a party waits for ever",
        "NO_LAST_VISIT, ONE_MESSAGE, 2, the receiver ended before it took a message",
        "FIRST_SLOT_ONLY, ONE_MESSAGE, 2, the receiver ended while there was always a sender",
        "TAKES_BLINDLY, NOTHING, 2, two senders have one lane",
        "ROBS_THE_SUSPENDED, NOTHING, 2, two senders have one lane",
    })
    void senders_withoutARule_fail(Mutation mutation, Sending sending, int senders, String fault) {
        assertFault(fault, new ManyToOneModel(sending, senders, 0, Mutation.NO_SLICES, mutation));
    }
}
