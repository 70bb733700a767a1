package org.processmanager.examples.app.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a run, checked entry by entry against the plan.
 *
 * @param items lines of which every piece was delivered
 * @param words that were counted
 * @param lost lines of which a piece was never delivered
 * @param duplicated lines of which a piece was delivered more than once
 * @param redelivered lines of which a piece was delivered again because a party died; they count once
 * @param elapsedNanos from the start signal to the last result
 * @param expected the count of a single process
 * @param parties the processes or threads that took part
 * @param killed the parties that were killed
 * @param failure why the run was aborted, or null
 */
public record DemoReport(
        long items,
        long words,
        long lost,
        long duplicated,
        long redelivered,
        long elapsedNanos,
        WordCount expected,
        List<Party> parties,
        List<Killed> killed,
        @Nullable String failure) {

    /** The task of a party. */
    public enum Role {
        producer,
        consumer
    }

    /**
     * One party.
     *
     * @param role its task
     * @param pid its process
     * @param items lines that it passed, or of which it received the last piece
     * @param waitedNanos how long it waited for a free cell, or for a filled one
     * @param exit its exit code, 128 + n if signal n ended it
     */
    public record Party(Role role, long pid, long items, long waitedNanos, int exit) {}

    /**
     * A party that was killed by {@code kill -9}.
     *
     * @param role its task
     * @param pid its process
     * @param atItem how many lines were counted by then
     */
    public record Killed(Role role, long pid, long atItem) {}

    static DemoReport of(
            Plan plan,
            Ledger ledger,
            List<Party> parties,
            List<Killed> killed,
            long elapsedNanos,
            @Nullable String failure) {
        long items = 0;
        long words = 0;
        long lost = 0;
        long duplicated = 0;
        boolean missing = false;
        boolean doubled = false;
        long redelivered = 0;
        boolean cameAgain = false;
        boolean consumerKilled = killed.stream().anyMatch(party -> party.role() == Role.consumer);
        for (int piece = 0; piece < plan.pieces(); piece++) {
            long entry = ledger.entry(piece);
            long deliveries = LedgerLayout.deliveries(entry);
            long again = LedgerLayout.redeliveries(entry);
            boolean endsItem = plan.endsItem(piece);
            words += LedgerLayout.words(entry);
            missing |= deliveries + again == 0 || LedgerLayout.endsItem(entry) != endsItem;
            doubled |= deliveries > 1;
            // Only here is it known whether a marked piece of a producer was delivered before.
            cameAgain |= again > 0 && (consumerKilled || again + deliveries > 1);
            if (endsItem) {
                items += missing ? 0 : 1;
                lost += missing ? 1 : 0;
                duplicated += doubled ? 1 : 0;
                redelivered += cameAgain ? 1 : 0;
                cameAgain = false;
                missing = false;
                doubled = false;
            }
        }
        return new DemoReport(
                items, words, lost, duplicated, redelivered, elapsedNanos, plan.expected(), parties, killed, failure);
    }

    /** Returns whether nothing is lost or duplicated and both totals are as expected. */
    public boolean good() {
        return failure == null
                && lost == 0
                && duplicated == 0
                && items == expected.items()
                && words == expected.words();
    }

    /** Returns the rounded rate; 0 without any work. */
    public long itemsPerSecond() {
        return elapsedNanos == 0 ? 0 : Math.round(items * 1e9 / elapsedNanos);
    }
}
