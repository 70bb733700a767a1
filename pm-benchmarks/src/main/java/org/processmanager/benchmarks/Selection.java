package org.processmanager.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;

/**
 * The part of the suites that one run measures.
 *
 * @param cases      names; every case if empty
 * @param candidates names; every candidate if empty
 */
record Selection(List<Suite> suites, List<String> cases, List<String> candidates) {
    static final String ALL = "all";

    /**
     * Selects suites, cases and candidates by name.
     *
     * @param suite name of one suite, or {@value #ALL}
     * @throws IllegalArgumentException if a name is unknown; the message lists the known ones
     */
    static Selection of(String suite, List<String> cases, List<String> candidates, List<Suite> all) {
        List<String> names = new ArrayList<>(all.stream().map(Suite::name).toList());
        names.add(ALL);
        expectKnown("suite", suite, names);
        List<Suite> suites = all.stream()
                .filter(each -> suite.equals(ALL) || each.name().equals(suite))
                .toList();
        List<String> caseNames = suites.stream()
                .flatMap(each -> each.cases().stream())
                .map(Case::name)
                .distinct()
                .toList();
        cases.forEach(each -> expectKnown("case", each, caseNames));
        Selection selection = new Selection(suites, List.copyOf(cases), List.copyOf(candidates));
        List<String> candidateNames = suites.stream()
                .flatMap(selection::candidatesOf)
                .map(Candidate::name)
                .distinct()
                .toList();
        candidates.forEach(each -> expectKnown("candidate", each, candidateNames));
        return selection;
    }

    private static void expectKnown(String kind, String name, List<String> known) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "unknown " + kind + " '" + name + "' (expected: " + String.join(", ", known) + ")");
        }
    }

    List<Case> casesOf(Suite suite) {
        return suite.cases().stream()
                .filter(each -> cases.isEmpty() || cases.contains(each.name()))
                .toList();
    }

    boolean includes(String candidate) {
        return candidates.isEmpty() || candidates.contains(candidate);
    }

    /** Returns the candidates that this run measures, once for each of their cases. */
    List<Candidate> includedCandidates() {
        return suites.stream()
                .flatMap(this::candidatesOf)
                .filter(each -> includes(each.name()))
                .toList();
    }

    private Stream<Candidate> candidatesOf(Suite suite) {
        return casesOf(suite).stream().flatMap(each -> each.candidates().stream());
    }
}
