package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;

/**
 * A piece of work that several candidates do.
 *
 * @param title what is measured, in a few words
 * @param params parameters of the program of each candidate
 * @param flags of every JVM of the case
 * @param quick further parameters in a quick run, if the work of a full run does not fit; empty if it does
 * @param quickly how a quick run differs, a line for the report; empty if it does not
 * @param measureTime the time that a fork measures
 * @param forks the order of the forks
 */
public record Case(
        String name,
        String title,
        Unit unit,
        Params params,
        List<String> flags,
        Params quick,
        String quickly,
        MeasureTime measureTime,
        Forks forks,
        List<Candidate> candidates) {

    /** The order of the forks of a case. */
    public enum Forks {
        /** Sequentially, new forks in each round. */
        IN_TURN,
        /** Sequentially, but the next fork prepares, which takes long, while the previous one releases its memory. */
        OVERLAPPING,
        /** Those of a round at the same time: they are idle and do not disturb each other. */
        SIDE_BY_SIDE,
        /** One fork of each candidate for all rounds, since its preparation takes long; they measure sequentially. */
        STAYING
    }

    public static Case of(String name, String title, Unit unit, Params params, List<Candidate> candidates) {
        return new Case(
                name, title, unit, params, List.of(), Params.of(), "", MeasureTime.ADAPTED, Forks.IN_TURN, candidates);
    }

    public Case flags(String... ofEveryJvm) {
        return new Case(name, title, unit, params, List.of(ofEveryJvm), quick, quickly, measureTime, forks, candidates);
    }

    /**
     * Adds parameters for quick runs.
     *
     * @param remark the difference to a full run; empty if the figures are comparable
     */
    public Case quick(String remark, Object... namesAndValues) {
        return new Case(
                name, title, unit, params, flags, Params.of(namesAndValues), remark, measureTime, forks, candidates);
    }

    public Case measureTime(MeasureTime other) {
        return new Case(name, title, unit, params, flags, quick, quickly, other, forks, candidates);
    }

    public Case forks(Forks other) {
        return new Case(name, title, unit, params, flags, quick, quickly, measureTime, other, candidates);
    }
}
