package org.processmanager.sync.model;

import static org.processmanager.fixtures.Explorer.assertFault;
import static org.processmanager.fixtures.Explorer.assertSound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Soak;

/** No reachable state is wrong; and each rule of the protocols is needed, since without it some state is. */
class ProtocolTest {
    private static final String FOR_EVER = "a party waits for ever";
    private static final String NOT_FOUND = "an item was not found";

    @Test
    void mutex_withoutDeathsAndSlices_isSound() {
        assertSound(new MutexModel(3, 0, 0, MutexModel.Mutation.NO_SLICES), 100);
        assertSound(new MutexModel(4, 0, 0, MutexModel.Mutation.NO_SLICES), 500);
    }

    @Test
    void mutex_withDeathsAndSlices_isSound() {
        assertSound(new MutexModel(3, 2, 0), 1_000);
    }

    @Test
    void mutex_withDeathsAndRepair_isSound() {
        assertSound(new MutexModel(3, 1, 2, MutexModel.Mutation.NO_SLICES, MutexModel.Mutation.NO_PROBES), 1_000);
    }

    @Test
    void mutex_withDeathsSlicesAndRepair_isSound() {
        assertSound(new MutexModel(3, 2, 2), 10_000);
    }

    @Test
    void mutex_withoutWaitersAfterSleep_fails() {
        assertFault(
                FOR_EVER, new MutexModel(3, 0, 0, MutexModel.Mutation.NO_SLICES, MutexModel.Mutation.FORGETS_WAITERS));
    }

    @ParameterizedTest
    @CsvSource({"WAKES_BEFORE_MARK", "ONLY_WAKES"})
    void mutex_wakingBeforeMarking_fails(MutexModel.Mutation mutation) {
        assertFault(
                FOR_EVER,
                new MutexModel(3, 1, 2, MutexModel.Mutation.NO_SLICES, MutexModel.Mutation.NO_PROBES, mutation));
    }

    @Test
    void mutex_freeingSlotEarly_fails() {
        assertFault("two are inside", new MutexModel(3, 1, 2, MutexModel.Mutation.FREES_SLOT_FIRST));
    }

    @Test
    void mutex_withoutProofOfDeath_fails() {
        assertFault("two are inside", new MutexModel(2, 1, 0, MutexModel.Mutation.EARLY_DEATH));
    }

    @Test
    void mutex_withoutSlicesAndRepair_fails() {
        assertFault(FOR_EVER, new MutexModel(3, 1, 0, MutexModel.Mutation.NO_SLICES));
    }

    @Test
    void leases_withoutDeathsAndSlices_areSound() {
        assertSound(new LeasedModel(3, 1, 0, LeasedModel.Mutation.NO_SLICES), 100);
        assertSound(new LeasedModel(4, 2, 0, LeasedModel.Mutation.NO_SLICES), 1_000);
    }

    @Test
    void leases_withDeathsAndSlices_areSound() {
        assertSound(new LeasedModel(3, 1, 2), 1_000);
        assertSound(new LeasedModel(3, 2, 2), 1_000);
    }

    @ParameterizedTest
    @CsvSource({"SIGNALS_BEFORE_FREE", "NO_SECOND_LOOK", "FORGETS_WAITERS"})
    void leases_withoutAStepOfTheWakeUp_fail(LeasedModel.Mutation mutation) {
        assertFault(FOR_EVER, new LeasedModel(4, 2, 0, LeasedModel.Mutation.NO_SLICES, mutation));
    }

    @Test
    void leases_withoutProofOfDeath_fail() {
        assertFault("more work than there are permits", new LeasedModel(2, 1, 1, LeasedModel.Mutation.EARLY_DEATH));
    }

    @Test
    void leases_withoutSlices_fail() {
        assertFault(FOR_EVER, new LeasedModel(3, 1, 1, LeasedModel.Mutation.NO_SLICES));
    }

    @Test
    void buffer_withoutDeaths_isSound() {
        assertSound(new BufferModel(1, 2, 2, 1, 0), 1_000);
        assertSound(new BufferModel(2, 2, 1, 2, 0), 10_000);
        assertSound(new BufferModel(2, 1, 2, Soak.scaled(3, 2), 0), 10_000);
    }

    @Test
    void buffer_withADeathAnywhere_isSound() {
        assertSound(new BufferModel(2, 2, 1, 1, 1), 10_000);
        assertSound(new BufferModel(2, 1, 2, Soak.scaled(2, 1), 1), 10_000);
    }

    @Test
    void buffer_withTwoDeaths_isSound() {
        assertSound(new BufferModel(2, 1, 2, Soak.scaled(2, 1), 2), 10_000);
    }

    @Test
    void buffer_withAHeldItem_isSound() {
        assertSound(new BufferModel(2, 1, 2, 3, 0, BufferModel.Mutation.HOLDS), 10_000);
    }

    @Test
    void buffer_thatIsEndedAndJoined_isSound() {
        assertSound(new BufferModel(2, 2, 1, 1, Soak.scaled(1, 0), BufferModel.Mutation.ENDS), 1_000);
        assertSound(new BufferModel(2, 1, 2, 1, 1, BufferModel.Mutation.ENDS), 10_000);
        assertSound(new BufferModel(2, 1, 1, 3, 0, BufferModel.Mutation.JOINS), 10_000);
        assertSound(
                new BufferModel(2, 1, 1, 2, Soak.scaled(1, 0), BufferModel.Mutation.ENDS, BufferModel.Mutation.JOINS),
                1_000);
    }

    @Test
    void buffer_withoutPassing_letsPartiesWait() {
        assertFault(FOR_EVER, new BufferModel(2, 2, 1, 1, 1, BufferModel.Mutation.NO_HELP));
        assertFault(
                FOR_EVER,
                new BufferModel(2, 1, 2, 3, 0, BufferModel.Mutation.HOLDS, BufferModel.Mutation.WAITS_FOR_HELD));
    }

    @Test
    void buffer_losingThePassedCell_fails() {
        assertFault(FOR_EVER, new BufferModel(2, 2, 1, 2, 0, BufferModel.Mutation.IGNORES_PASSING));
        assertFault(NOT_FOUND, new BufferModel(2, 1, 2, 3, 0, BufferModel.Mutation.PASSES_FREED));
        assertFault(NOT_FOUND, new BufferModel(2, 1, 1, 3, 0, BufferModel.Mutation.GOES_ON_WHEN_FULL));
    }

    @ParameterizedTest
    @CsvSource({"WAITS_FOR_UNFINISHED, 2, 1", "FORGETS_UNFINISHED, 2, 1", "FINDS_NONE_TOO_SOON, 1, 2"})
    void buffer_withoutARuleOfSearch_findsNothing(BufferModel.Mutation mutation, int producers, int consumers) {
        assertFault(NOT_FOUND, new BufferModel(2, producers, consumers, consumers, 0, mutation));
    }

    @Test
    void buffer_withoutSecondLook_breaksTheOrder() {
        assertFault(
                "an item overtook one of the same producer",
                new BufferModel(2, 2, 1, 2, 0, BufferModel.Mutation.NO_SECOND_LOOK));
    }

    @Test
    void buffer_withoutARuleOfRepair_fails() {
        assertFault("a cell is forgotten", new BufferModel(2, 1, 2, 1, 1, BufferModel.Mutation.HINT_BEFORE_MARK));
        assertFault("a cell is forgotten", new BufferModel(1, 1, 2, 2, 2, BufferModel.Mutation.HINT_DOWN_LATE));
        assertFault("a cell is forgotten", new BufferModel(2, 2, 1, 2, 1, BufferModel.Mutation.MARKS_ONCE));
        assertFault(FOR_EVER, new BufferModel(2, 1, 2, 1, 1, BufferModel.Mutation.FREES_TAKEN));
        assertFault(NOT_FOUND, new BufferModel(2, 2, 1, 1, 1, BufferModel.Mutation.FREES_CLAIMED));
    }

    @Test
    void buffer_withoutARuleOfTheEnd_reportsItEarly() {
        String early = "the end was reported before an item";
        assertFault(early, new BufferModel(2, 1, 1, 1, 0, BufferModel.Mutation.ENDS, BufferModel.Mutation.CLAIMS_LATE));
        assertFault(
                early,
                new BufferModel(2, 1, 2, 1, 1, BufferModel.Mutation.ENDS, BufferModel.Mutation.ENDS_WITH_UNACKED));
    }

    @Test
    void buffer_joinedAfterOneLook_fails() {
        assertFault(
                "joined without a moment at which all was done",
                new BufferModel(2, 1, 1, 3, 0, BufferModel.Mutation.JOINS, BufferModel.Mutation.JOINS_AFTER_ONE_LOOK));
    }

    @Test
    void buffer_withoutProofOfDeath_fails() {
        assertFault("an item was done with twice", new BufferModel(2, 1, 2, 1, 1, BufferModel.Mutation.EARLY_DEATH));
    }

    @Test
    void removal_withoutDeaths_isSound() {
        assertSound(new RemoveModel(2, 3, 0), 1_000);
    }

    @Test
    void removal_withDeathsAnywhere_isSound() {
        assertSound(new RemoveModel(2, 3, 2), 10_000);
        assertSound(new RemoveModel(3, 2, 1), 10_000);
    }

    @ParameterizedTest
    @CsvSource({"COUNTS_BEFORE_REMOVING", "RECLAIMS_AT_ONCE", "LOOKS_BEFORE_LIVE", "COUNTS_AFTER_LOOK"})
    void removal_reusingRoomInUse_fails(RemoveModel.Mutation mutation) {
        assertFault("a party uses an entry that is free", new RemoveModel(2, 3, 0, mutation));
    }

    @Test
    void removal_withoutProofOfDeath_fails() {
        assertFault("a party uses an entry that is free", new RemoveModel(2, 3, 1, RemoveModel.Mutation.EARLY_DEATH));
    }

    @Test
    void removal_withoutCount_neverFreesRoom() {
        assertFault(FOR_EVER, new RemoveModel(2, 3, 0, RemoveModel.Mutation.NEVER_COUNTS));
        assertFault(FOR_EVER, new RemoveModel(2, 3, 1, RemoveModel.Mutation.NEVER_MAKES_UP));
    }

    @Test
    void readWrite_withoutDeathsAndSlices_isSound() {
        assertSound(new ReadWriteModel(2, 1, 0, ReadWriteModel.Mutation.NO_SLICES), 1_000);
        assertSound(new ReadWriteModel(2, 2, 0, ReadWriteModel.Mutation.NO_SLICES), 10_000);
    }

    @Test
    void readWrite_withDeathsAnywhere_isSound() {
        assertSound(new ReadWriteModel(2, 1, 2), 10_000);
        assertSound(new ReadWriteModel(1, 2, 2), 10_000);
    }

    @ParameterizedTest
    @CsvSource({"LOOKS_BEFORE_COUNT", "SCANS_BEFORE_CLOSE", "UNLOCKS_BEFORE_OPEN"})
    void readWrite_inAnotherOrder_fails(ReadWriteModel.Mutation mutation) {
        assertFault("a writer is not alone", new ReadWriteModel(2, 1, 0, mutation));
    }

    @ParameterizedTest
    @CsvSource({"LEAVES_SILENTLY", "OPENS_SILENTLY"})
    void readWrite_withoutAWakeUp_fails(ReadWriteModel.Mutation mutation) {
        assertFault(FOR_EVER, new ReadWriteModel(2, 1, 0, ReadWriteModel.Mutation.NO_SLICES, mutation));
    }

    @Test
    void readWrite_withoutProofOfDeath_fails() {
        assertFault("a writer is not alone", new ReadWriteModel(2, 1, 1, ReadWriteModel.Mutation.EARLY_DEATH));
    }

    @Test
    void readWrite_withoutRepair_fails() {
        assertFault(FOR_EVER, new ReadWriteModel(2, 1, 1, ReadWriteModel.Mutation.NO_REPAIR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CC PP", "C C PP", "TC PP", "CCPP"})
    void condition_withoutDeathsAndSlices_isSound(String crew) {
        assertSound(new ConditionModel(crew, 0, ConditionModel.Mutation.NO_SLICES), 1_000);
    }

    @ParameterizedTest
    @CsvSource({"C C P, 1", "CC P, 2", "TC P, 1", "C CP, 2", "C P P, 2", "TC PP, 1"})
    void condition_withDeathsAnywhere_isSound(String crew, int deaths) {
        assertSound(new ConditionModel(crew, deaths + Soak.scaled(1, 0)), 1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "C P, 0, ENTERS_AFTER_RELEASE",
        "T C P, 0, GIVES_UP_WITH_SIGNAL",
        "CC PP, 0, NO_SUCCESSOR",
        "C C P, 1, CONSUMES_BEFORE_MUTEX",
        "C C P, 1, FORGETS_SIGNALS",
        "C C P, 1, CLEARS_UNSEEN",
        "C C P, 2, CLEARS_BEFORE_COUNT",
        "C P C, 1, IGNORES_OWNER_DEATH"
    })
    void condition_thatLosesASignal_fails(String crew, int deaths, ConditionModel.Mutation mutation) {
        assertFault(FOR_EVER, new ConditionModel(crew, deaths, mutation));
    }

    @ParameterizedTest
    @CsvSource({"NO_SECOND_LOOK", "WAKES_BEFORE_SIGNAL"})
    void condition_withoutAWakeUp_fails(ConditionModel.Mutation mutation) {
        assertFault(FOR_EVER, new ConditionModel("C P", 0, ConditionModel.Mutation.NO_SLICES, mutation));
    }

    @Test
    void condition_returningAfterASlice_fails() {
        assertFault(
                "a thread returns without a signal",
                new ConditionModel("C C P", 0, ConditionModel.Mutation.RETURNS_WITH_SLICE));
    }

    @Test
    void bytes_withoutDeathsAndSlices_areSound() {
        assertSound(new BytesModel(2, 2, 1, 0, BytesModel.Mutation.NO_SLICES), 1_000);
        assertSound(new BytesModel(1, 3, 2, 0, BytesModel.Mutation.NO_SLICES), 1_000);
    }

    @Test
    void bytes_withDeathsAnywhere_areSound() {
        assertSound(new BytesModel(2, 2, 1, 2), 10_000);
        assertSound(new BytesModel(2, 1, 2, 1), 10_000);
    }

    @ParameterizedTest
    @CsvSource({"WRITES_IN_PLACE", "PUBLISHES_FIRST", "UNLOCKS_FIRST", "NO_MUTEX", "NO_RECHECK", "EARLY_DEATH"})
    void bytes_withoutARuleOfTheCopies_fail(BytesModel.Mutation mutation) {
        assertFault("a reader has another value", new BytesModel(2, 2, 1, 0, mutation));
    }

    @ParameterizedTest
    @CsvSource({"SIGNALS_FIRST", "LOOKS_FIRST"})
    void bytes_withoutARuleOfTheWakeUp_fail(BytesModel.Mutation mutation) {
        assertFault(FOR_EVER, new BytesModel(1, 1, 1, 0, BytesModel.Mutation.NO_SLICES, mutation));
    }

    @Test
    void bytes_withDeathsButNoSlicesOrTakeover_fail() {
        assertFault(FOR_EVER, new BytesModel(1, 1, 1, 1, BytesModel.Mutation.NO_SLICES));
        assertFault(FOR_EVER, new BytesModel(2, 1, 1, 1, BytesModel.Mutation.NO_TAKEOVER));
    }
}
