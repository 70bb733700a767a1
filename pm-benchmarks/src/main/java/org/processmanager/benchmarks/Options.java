package org.processmanager.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.processmanager.benchmarks.report.Format;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;

/**
 * The command line of a comparison.
 *
 * @param cases      names; all if there are none
 * @param candidates names; all if there are none
 * @param folder     for files with the report in every format
 */
record Options(
        List<Suite> suites,
        List<String> cases,
        List<String> candidates,
        boolean quick,
        Format format,
        Optional<Path> folder) {
    static final String ALL = "all";

    /** @param words beginning with the name of a suite */
    static Options parse(List<String> words, List<Suite> known) throws UsageException {
        Deque<String> left = new ArrayDeque<>(words);
        List<Suite> suites = suites(left.remove(), known);
        List<String> cases = new ArrayList<>();
        List<String> candidates = new ArrayList<>();
        boolean quick = false;
        Format format = Format.TABLE;
        Optional<Path> folder = Optional.empty();
        while (!left.isEmpty()) {
            String option = left.remove();
            switch (option) {
                case "--case" -> cases.add(value(option, left, caseNames(suites)));
                case "--candidate" -> candidates.add(value(option, left, candidateNames(suites, cases)));
                case "--quick" -> quick = true;
                case "-o" -> format = Format.named(value(option, left, Format.names()));
                case "--save" -> folder = Optional.of(Path.of(value(option, left)));
                default -> throw new UsageException("there is no option '" + option + "'");
            }
        }
        return new Options(suites, cases, candidates, quick, format, folder);
    }

    private static List<Suite> suites(String name, List<Suite> known) throws UsageException {
        List<Suite> found = known.stream()
                .filter(suite -> name.equals(ALL) || suite.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new UsageException("there is no suite '" + name + "' (expected: "
                    + known.stream().map(Suite::name).collect(Collectors.joining(", ")) + ", " + ALL + ")");
        }
        return found;
    }

    private static String value(String option, Deque<String> left) throws UsageException {
        if (left.isEmpty()) {
            throw new UsageException(option + " needs a value (expected: a folder)");
        }
        return left.remove();
    }

    private static String value(String option, Deque<String> left, List<String> expected) throws UsageException {
        String value = left.poll();
        if (value == null || !expected.contains(value)) {
            String given = value == null ? option + " needs a value" : option + " " + value + " is unknown";
            throw new UsageException(given + " (expected: " + String.join(", ", expected) + ")");
        }
        return value;
    }

    private static List<String> caseNames(List<Suite> suites) {
        return names(suites, suite -> suite.cases().stream().map(Case::name));
    }

    private static List<String> candidateNames(List<Suite> suites, List<String> cases) {
        return names(suites, suite -> suite.cases().stream()
                .filter(each -> cases.isEmpty() || cases.contains(each.name()))
                .flatMap(each -> each.candidates().stream())
                .map(Candidate::name));
    }

    private static List<String> names(List<Suite> suites, Function<Suite, Stream<String>> ofSuite) {
        return suites.stream().flatMap(ofSuite).distinct().toList();
    }

    List<Case> casesOf(Suite suite) {
        return suite.cases().stream()
                .filter(each -> cases.isEmpty() || cases.contains(each.name()))
                .toList();
    }

    boolean isChosen(String candidate) {
        return candidates.isEmpty() || candidates.contains(candidate);
    }
}
