package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;

/**
 * A piece of work that several candidates do.
 *
 * @param title      what is measured, in a few words
 * @param params     what the program of each candidate is told
 * @param flags      of every JVM, whoever's it is
 * @param quick      what it is told besides in a quick run, where the work of a full one would not fit; no params if it does
 * @param quickly    what is different then, a line for the report; empty if nothing is
 * @param span       how long a fork measures
 * @param forks      how the forks of a case take turns
 */
public record Case(
        String name,
        String title,
        Unit unit,
        Params params,
        List<String> flags,
        Params quick,
        String quickly,
        MeasureTime span,
        Forks forks,
        List<Candidate> candidates) {

    /** How the forks of a case take turns. */
    public enum Forks {
        /** One after another, new ones in each round. */
        IN_TURN,
        /** In turn, but the next one prepares, which takes it long, while the one before gives its memory back. */
        OVERLAPPING,
        /** Those of a round at the same time: they should do nothing, so they do not disturb each other. */
        SIDE_BY_SIDE,
        /** One of each candidate for all rounds, since it takes long to prepare; they measure one after another. */
        STAYING
    }

    public static Case of(String name, String title, Unit unit, Params params, List<Candidate> candidates) {
        return new Case(
                name, title, unit, params, List.of(), Params.of(), "", MeasureTime.ADAPTED, Forks.IN_TURN, candidates);
    }

    public Case flags(String... ofEveryJvm) {
        return new Case(name, title, unit, params, List.of(ofEveryJvm), quick, quickly, span, forks, candidates);
    }

    /** @param remark empty if no figure is another one for it */
    public Case quick(String remark, Object... namesAndValues) {
        return new Case(name, title, unit, params, flags, Params.of(namesAndValues), remark, span, forks, candidates);
    }

    public Case span(MeasureTime other) {
        return new Case(name, title, unit, params, flags, quick, quickly, other, forks, candidates);
    }

    public Case forks(Forks other) {
        return new Case(name, title, unit, params, flags, quick, quickly, span, other, candidates);
    }
}
