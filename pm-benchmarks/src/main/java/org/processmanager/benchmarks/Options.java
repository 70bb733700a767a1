package org.processmanager.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

    private static final List<String> OPTIONS = List.of("--case", "--candidate", "--quick", "-o", "--save");

    /** @param words beginning with the name of a suite */
    static Options parse(List<String> words, List<Suite> all) throws UsageException {
        Deque<String> left = new ArrayDeque<>(words);
        List<Suite> suites = suites(left.remove(), all);
        List<String> cases = new ArrayList<>();
        List<String> candidates = new ArrayList<>();
        boolean quick = false;
        Format format = Format.TABLE;
        Optional<Path> folder = Optional.empty();
        while (!left.isEmpty()) {
            String option = left.remove();
            switch (option) {
                case "--case" -> cases.add(value(option, left, caseNames(suites)));
                case "--candidate" -> candidates.add(value(option, left, "a name, as --list shows them"));
                case "--quick" -> quick = true;
                case "-o" -> format = Format.named(value(option, left, Format.names()));
                case "--save" -> folder = Optional.of(Path.of(value(option, left, "a folder")));
                default ->
                    throw new UsageException("there is no option '" + option + "' " + NearNames.hint(option, OPTIONS));
            }
        }
        List<String> known = candidateNames(suites, cases);
        for (String candidate : candidates) { // now that all cases are known
            expectKnown("--candidate", candidate, known);
        }
        return new Options(suites, cases, candidates, quick, format, folder);
    }

    private static List<Suite> suites(String name, List<Suite> known) throws UsageException {
        List<Suite> found = known.stream()
                .filter(suite -> name.equals(ALL) || suite.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            List<String> names = Stream.concat(known.stream().map(Suite::name), Stream.of(ALL))
                    .toList();
            throw new UsageException("there is no suite '" + name + "' " + NearNames.hint(name, names));
        }
        return found;
    }

    private static String value(String option, Deque<String> left, String expected) throws UsageException {
        if (left.isEmpty()) {
            throw new UsageException(option + " needs a value (expected: " + expected + ")");
        }
        return left.remove();
    }

    private static String value(String option, Deque<String> left, List<String> expected) throws UsageException {
        if (left.isEmpty()) {
            throw new UsageException(option + " needs a value (expected: " + String.join(", ", expected) + ")");
        }
        return expectKnown(option, left.remove(), expected);
    }

    private static String expectKnown(String option, String value, List<String> expected) throws UsageException {
        if (!expected.contains(value)) {
            throw new UsageException(option + " " + value + " is unknown " + NearNames.hint(value, expected));
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
