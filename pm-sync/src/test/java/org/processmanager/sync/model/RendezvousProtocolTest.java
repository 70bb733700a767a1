package org.processmanager.sync.model;

import static org.processmanager.fixtures.Explorer.assertFault;
import static org.processmanager.fixtures.Explorer.assertSound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Soak;

/** As {@link ProtocolTest}, for objects at which parties wait for each other: barriers, latches, events, fair semaphores. */
class RendezvousProtocolTest {
    private static final String FOR_EVER = "a party waits for ever";
    private static final int THREE = Soak.scaled(3, 2);

    // ---- barrier

    private static BarrierModel barrier(int deaths, int resets, int timeouts, BarrierModel.Mutation... mutations) {
        return new BarrierModel(2, 2, true, deaths, resets, timeouts, mutations);
    }

    private static BarrierModel unregistered(int deaths, int resets, int timeouts, BarrierModel.Mutation... mutations) {
        return new BarrierModel(2, 2, false, deaths, resets, timeouts, mutations);
    }

    @Test
    void barrier_withoutDeathsAndSlices_isSound() {
        assertSound(barrier(0, 0, 0, BarrierModel.Mutation.NO_SLICES), 500);
        assertSound(barrier(0, 1, 0, BarrierModel.Mutation.NO_SLICES), 5_000);
        if (Soak.enabled()) {
            assertSound(new BarrierModel(4, 2, true, 0, 0, 0, BarrierModel.Mutation.NO_SLICES), 100_000);
            assertSound(new BarrierModel(3, 3, true, 0, 0, 0, BarrierModel.Mutation.NO_SLICES), 5_000);
        }
    }

    @Test
    void barrier_withDeathsAnywhere_isSound() {
        assertSound(barrier(1, 0, 0), 3_000);
        assertSound(unregistered(1, 0, 2), 2_000);
        if (Soak.enabled()) {
            assertSound(barrier(2, 1, 3), 10_000);
            assertSound(unregistered(2, 1, 3), 10_000);
            assertSound(new BarrierModel(3, 3, true, 1, 0, 0), 10_000);
        }
    }

    @Test
    void barrier_trippedBlindly_fails() {
        assertFault("a round tripped and not all had arrived", barrier(1, 0, 0, BarrierModel.Mutation.TRIPS_BLINDLY));
        assertFault("a round tripped and not all had arrived", barrier(0, 1, 0, BarrierModel.Mutation.TRIPS_BLINDLY));
    }

    @ParameterizedTest
    @CsvSource({"NO_ROUND_CHECK", "NO_SECOND_LOOK"})
    void barrier_withoutALook_fails(BarrierModel.Mutation mutation) {
        assertFault(FOR_EVER, barrier(0, 1, 0, BarrierModel.Mutation.NO_SLICES, mutation));
    }

    @Test
    void barrier_signalledBeforeTheTrip_fails() {
        assertFault(FOR_EVER, barrier(0, 0, 0, BarrierModel.Mutation.NO_SLICES, BarrierModel.Mutation.SIGNALS_FIRST));
    }

    @Test
    void barrier_withoutARuleOfDeaths_fails() {
        assertFault(
                "a round tripped with a party that was dead before",
                barrier(1, 0, 0, BarrierModel.Mutation.IGNORES_DEATHS));
        assertFault(
                "a round was broken by a death in another one",
                unregistered(1, 0, 0, BarrierModel.Mutation.BREAKS_OTHER_ROUND));
        assertFault("a round ended in two ways", barrier(1, 0, 0, BarrierModel.Mutation.FORGETS_TRIP));
        assertFault(FOR_EVER, barrier(1, 0, 0, BarrierModel.Mutation.NO_REPAIR));
    }

    // ---- latches

    @ParameterizedTest
    @EnumSource
    void latch_withDeathsAnywhere_isSound(LatchModel.Kind kind) {
        assertSound(new LatchModel(kind, 3, 0, LatchModel.Mutation.NO_SLICES), 500);
        assertSound(new LatchModel(kind, 3, 2), 1_000);
    }

    @ParameterizedTest
    @EnumSource
    void latch_withoutAStepOfTheWakeUp_fails(LatchModel.Kind kind) {
        assertFault(
                FOR_EVER, new LatchModel(kind, 2, 0, LatchModel.Mutation.NO_SLICES, LatchModel.Mutation.SIGNALS_FIRST));
        assertFault(
                FOR_EVER,
                new LatchModel(kind, 2, 0, LatchModel.Mutation.NO_SLICES, LatchModel.Mutation.NO_SECOND_LOOK));
        assertFault("the latch opened too early", new LatchModel(kind, 2, 0, LatchModel.Mutation.OPENS_EARLY));
    }

    @ParameterizedTest
    @CsvSource({"FREES_CELL", "NO_REPAIR", "WAKES_BEFORE_MARK"})
    void latch_withoutARuleOfRepair_fails(LatchModel.Mutation mutation) {
        for (LatchModel.Kind kind : new LatchModel.Kind[] {LatchModel.Kind.DEATH_FAILS, LatchModel.Kind.DEATH_COUNTS}) {
            assertFault(FOR_EVER, new LatchModel(kind, 2, 1, LatchModel.Mutation.NO_SLICES, mutation));
        }
    }

    @Test
    void latch_thatKeepsOwners_fails() {
        assertFault(
                "the latch failed and all parties have counted down",
                new LatchModel(LatchModel.Kind.DEATH_FAILS, 2, 1, LatchModel.Mutation.KEEPS_OWNER));
    }

    @Test
    void latch_withoutSlices_fails() {
        assertFault(FOR_EVER, new LatchModel(LatchModel.Kind.COUNT_ONLY, 2, 1, LatchModel.Mutation.NO_SLICES));
    }

    // ---- events

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void event_withDeathsAnywhere_isSound(boolean autoReset) {
        assertSound(new EventModel(autoReset, THREE, 0, EventModel.Mutation.NO_SLICES), 200);
        assertSound(new EventModel(autoReset, THREE, 1), 500);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void event_withoutAStepOfTheWakeUp_fails(boolean autoReset) {
        assertFault(
                FOR_EVER,
                new EventModel(autoReset, 2, 0, EventModel.Mutation.NO_SLICES, EventModel.Mutation.SIGNALS_FIRST));
        assertFault(
                FOR_EVER,
                new EventModel(autoReset, 2, 0, EventModel.Mutation.NO_SLICES, EventModel.Mutation.NO_SECOND_LOOK));
        assertFault(FOR_EVER, new EventModel(autoReset, 2, 1, EventModel.Mutation.NO_SLICES));
    }

    @Test
    void event_notCountingTimes_fails() {
        assertFault(FOR_EVER, new EventModel(false, 2, 0, EventModel.Mutation.NO_TIMES));
    }

    @Test
    void event_wakingOneForAll_fails() {
        assertFault(
                FOR_EVER, new EventModel(false, 2, 0, EventModel.Mutation.NO_SLICES, EventModel.Mutation.WAKES_ONE));
    }

    @Test
    void autoResetEvent_thatForgetsWaiters_fails() {
        assertFault(
                FOR_EVER,
                new EventModel(true, 2, 0, EventModel.Mutation.NO_SLICES, EventModel.Mutation.FORGETS_WAITERS));
    }

    @Test
    void autoResetEvent_clearedInTwoSteps_fails() {
        assertFault(
                "an event let two waiters pass", new EventModel(true, 2, 0, EventModel.Mutation.CLEARS_IN_TWO_STEPS));
    }

    // ---- several permits of a leased semaphore

    private static CollectorModel collectors(int permits, int deaths, CollectorModel.Mutation... mutations) {
        return new CollectorModel(permits, new int[] {permits, permits}, deaths, mutations);
    }

    /** With one that waits for a single permit. */
    private static CollectorModel mixed(CollectorModel.Mutation... mutations) {
        return new CollectorModel(2, new int[] {2, 2, 1}, 0, mutations);
    }

    @Test
    void collectors_withDeathsAnywhere_areSound() {
        assertSound(new CollectorModel(4, new int[] {3, 3}, 1), 10_000);
        assertSound(new CollectorModel(2, new int[] {2, 1, 1}, Soak.scaled(2, 0)), 5_000);
        if (Soak.enabled()) {
            assertSound(new CollectorModel(3, new int[] {2, 2, 1}, 1), 100_000);
        }
    }

    @Test
    void collectors_withoutDeathsAndSlices_areSound() {
        assertSound(collectors(3, 0, CollectorModel.Mutation.NO_SLICES), 1_000);
        assertSound(mixed(CollectorModel.Mutation.NO_SLICES), 10_000);
    }

    @ParameterizedTest
    @CsvSource({"WAKES_ONE", "RAISES_SILENTLY", "NO_SECOND_LOOK", "FORGETS_WAITERS"})
    void collectors_withoutARule_fail(CollectorModel.Mutation mutation) {
        CollectorModel model = mutation == CollectorModel.Mutation.FORGETS_WAITERS
                ? new CollectorModel(2, new int[] {2, 1, 1}, 0, CollectorModel.Mutation.NO_SLICES, mutation)
                : mixed(CollectorModel.Mutation.NO_SLICES, mutation);
        assertFault("a waiter sleeps and its permits are free", model);
    }

    @Test
    void collectors_thatKeepSomeOrAreNotRepaired_fail() {
        assertFault(FOR_EVER, collectors(3, 0, CollectorModel.Mutation.KEEPS_SOME));
        assertFault(FOR_EVER, collectors(2, 1, CollectorModel.Mutation.NO_REPAIR));
    }

    // ---- fair semaphore

    @Test
    void fairSemaphore_withoutDeathsAndSlices_isSound() {
        assertSound(new FairModel(2, 2, 0, 0, FairModel.Mutation.NO_SLICES), 1_000);
        assertSound(new FairModel(THREE, 1, 0, 0, FairModel.Mutation.NO_SLICES), 1_000);
    }

    @Test
    void fairSemaphore_withDeathsAnywhere_isSound() {
        assertSound(new FairModel(2, 2, 1, 1), 1_000);
        assertSound(new FairModel(THREE, 1, 1, 0), 1_000);
    }

    @Test
    void fairSemaphore_withASuspendedWaiter_isSound() {
        assertSound(new FairModel(THREE, 1, 0, 1), 1_000);
    }

    @ParameterizedTest
    @CsvSource({"BARGES", "PASSES_OVER_EARLY"})
    void fairSemaphore_withoutOrder_fails(FairModel.Mutation mutation) {
        assertFault("a waiter was overtaken", new FairModel(2, 1, 0, 0, mutation));
    }

    @ParameterizedTest
    @CsvSource({"DRAWS_FIRST", "CLEARS_BLINDLY"})
    void fairSemaphore_losingWaiters_fails(FairModel.Mutation mutation) {
        assertFault(FOR_EVER, new FairModel(2, 1, 0, 0, FairModel.Mutation.NO_SLICES, mutation));
        assertFault("a waiter was overtaken", new FairModel(3, 1, 0, 0, mutation));
    }

    @ParameterizedTest
    @CsvSource({"LEAVES_SILENTLY", "NO_SECOND_TRY"})
    void fairSemaphore_withoutAStepOfTheWakeUp_fails(FairModel.Mutation mutation) {
        assertFault(FOR_EVER, new FairModel(2, 1, 0, 0, FairModel.Mutation.NO_SLICES, mutation));
    }

    @Test
    void fairSemaphore_withoutARuleOfAbsence_fails() {
        assertFault(FOR_EVER, new FairModel(2, 1, 1, 0, FairModel.Mutation.NO_REPAIR));
        assertFault(FOR_EVER, new FairModel(2, 1, 0, 1, FairModel.Mutation.NO_PASSING_OVER));
    }
}
