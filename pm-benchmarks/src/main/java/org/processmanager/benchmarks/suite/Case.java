package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.fork.Fields;

/**
 * A piece of work that several candidates do.
 *
 * @param title      what is measured, in a few words
 * @param fields     what the program of each candidate is told
 * @param flags      of every JVM, whoever's it is
 * @param span       how long a fork measures
 * @param sideBySide whether the forks of a round run at the same time: those that should do nothing do not disturb each other
 */
public record Case(
        String name,
        String title,
        Unit unit,
        Fields fields,
        List<String> flags,
        Span span,
        boolean sideBySide,
        List<Candidate> candidates) {

    public static Case of(String name, String title, Unit unit, Fields fields, List<Candidate> candidates) {
        return new Case(name, title, unit, fields, List.of(), Span.ADAPTED, false, candidates);
    }

    public Case flags(String... ofEveryJvm) {
        return new Case(name, title, unit, fields, List.of(ofEveryJvm), span, sideBySide, candidates);
    }

    public Case span(Span other) {
        return new Case(name, title, unit, fields, flags, other, sideBySide, candidates);
    }

    public Case inSideBySideForks() {
        return new Case(name, title, unit, fields, flags, span, true, candidates);
    }
}
