package org.processmanager.ipc.internal.broadcast;

import static org.processmanager.fixtures.Explorer.assertFault;
import static org.processmanager.fixtures.Explorer.assertSound;
import static org.processmanager.ipc.internal.broadcast.ReceiverLayout.BLOCK;
import static org.processmanager.ipc.internal.broadcast.ReceiverLayout.DROP_OLDEST;
import static org.processmanager.ipc.internal.broadcast.ReceiverLayout.EVICT;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.ipc.internal.broadcast.BroadcastModel.Mutation;

/** No reachable state of a broadcast is wrong; and each rule of its protocol is needed, since without it some state is. */
class BroadcastProtocolTest {
    private static final String WRONG = "a receiver delivered what is not its next message";
    private static final String FOR_EVER = "a party waits for ever";

    @ParameterizedTest
    @ValueSource(ints = {BLOCK, DROP_OLDEST, EVICT})
    @Scenario("research-ipc/13")
    @Scenario("research-ipc/43")
    void oneReceiver_withDeaths_isSound(int policy) {
        assertSound(new BroadcastModel(4, 2, true, new int[] {policy}), 1_000);
    }

    @ParameterizedTest
    @CsvSource({BLOCK + "," + DROP_OLDEST, BLOCK + "," + EVICT, DROP_OLDEST + "," + EVICT})
    @Scenario("research-ipc/43")
    @Scenario("forms/2")
    void twoReceivers_withADeath_areSound(int one, int other) {
        assertSound(new BroadcastModel(Soak.scaled(4, 3), 1, false, new int[] {one, other}), 10_000);
    }

    @Test
    void sleepingReceivers_areAllWoken() {
        assertSound(new BroadcastModel(2, 0, true, new int[] {BLOCK, DROP_OLDEST}), 1_000);
    }

    @Test
    void copy_withoutACheck_isTorn() {
        assertFault(WRONG, new BroadcastModel(4, 0, false, new int[] {DROP_OLDEST}, Mutation.NO_CHECK));
    }

    @Test
    void intent_afterTheFirstByte_fails() {
        assertFault(WRONG, new BroadcastModel(4, 0, false, new int[] {DROP_OLDEST}, Mutation.LATE_INTENT));
    }

    @Test
    void intentOfADeadSender_forgotten_fails() {
        assertFault(WRONG, new BroadcastModel(4, 1, false, new int[] {DROP_OLDEST}, Mutation.INTENT_FORGOTTEN));
    }

    @Test
    void joining_withOneLookAtTheTail_fails() {
        assertFault(WRONG, new BroadcastModel(5, 0, false, new int[] {BLOCK}, Mutation.ONE_LOOK_AT_THE_TAIL));
    }

    @Test
    void sender_withoutALimit_fails() {
        assertFault(WRONG, new BroadcastModel(4, 0, false, new int[] {BLOCK}, Mutation.NO_LIMIT));
    }

    @Test
    void eviction_afterTheWrite_fails() {
        assertFault(WRONG, new BroadcastModel(4, 0, false, new int[] {EVICT}, Mutation.LATE_EVICTION));
    }

    @Test
    void sender_withoutProofOfDeath_isBlocked() {
        assertFault(FOR_EVER, new BroadcastModel(4, 1, false, new int[] {BLOCK}, Mutation.NO_PROOF_OF_DEATH));
    }

    @ParameterizedTest
    @CsvSource({"WAKES_ONE", "NO_COUNT", "NO_SECOND_LOOK"})
    void sleep_withoutARule_isForEver(Mutation mutation) {
        assertFault(FOR_EVER, new BroadcastModel(2, 0, true, new int[] {BLOCK, DROP_OLDEST}, mutation));
    }
}
