package org.processmanager.project;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.processmanager.project.ScenarioSources.Test;
import org.processmanager.project.ScenarioTable.Group;
import org.processmanager.project.ScenarioTable.Situation;

/** Joins the table of scenarios with the tests: generates the page and reports what does not fit. */
final class ScenarioIndex {
    private static final String HEAD = """
            # Scenarios

            Generated from `docs/scenarios.csv` and the `@Scenario` annotations of the tests. A scenario has tests, or a note why
            it has none, or is *open*.

            """;

    private final ScenarioTable table;
    private final ScenarioSources sources;

    ScenarioIndex(ScenarioTable table, ScenarioSources sources) {
        this.table = table;
        this.sources = sources;
    }

    /** Returns the page, with links relative to {@code pm-examples/target}. */
    String page() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("| list | scenarios | tested | explained | open | state |\n|---|---|---|---|---|---|\n");
        table.groups().values().forEach(group -> page.append(summary(group)));
        table.groups().values().forEach(group -> page.append(section(group)));
        return page.toString();
    }

    /** Returns the mistakes in the table and in the annotations. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(table.problems());
        problems.addAll(sources.problems());
        sources.byScenario().forEach((id, tests) -> {
            if (!table.has(id)) {
                problems.add("@Scenario(\"" + id + "\") is not in docs/scenarios.csv: " + tests);
            }
        });
        for (Group group : table.groups().values()) {
            for (Situation situation : group.situations().values()) {
                boolean tested = !testsOf(situation).isEmpty();
                if (tested && !situation.note().isEmpty()) {
                    problems.add(situation.id() + " has a test and a note why it has none: " + situation.note());
                }
                if (group.resolved() && !tested && situation.note().isEmpty()) {
                    problems.add(situation.id() + " has no test and no note, and its group is resolved");
                }
            }
        }
        return problems;
    }

    private String summary(Group group) {
        Collection<Situation> all = group.situations().values();
        long tested = all.stream().filter(s -> !testsOf(s).isEmpty()).count();
        long explained = all.stream().filter(s -> !s.note().isEmpty()).count();
        long open = all.size() - tested - explained;
        return "| %s | %d | %d | %d | %d | %s |\n"
                .formatted(group.id(), all.size(), tested, explained, open, group.resolved() ? "resolved" : "open");
    }

    private String section(Group group) {
        StringBuilder section =
                new StringBuilder("\n## " + group.title() + "\n\n| number | situation | test |\n|---|---|---|\n");
        group.situations().entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .forEach(s -> section.append("| %s | %s | %s |\n".formatted(s.id(), s.title(), verdict(s))));
        return section.toString();
    }

    private String verdict(Situation situation) {
        Set<Test> tests = testsOf(situation);
        if (!tests.isEmpty()) {
            return tests.stream()
                    .map(test -> "[%s](../../%s)".formatted(test.name(), test.file()))
                    .collect(Collectors.joining("<br>"));
        }
        return situation.note().isEmpty() ? "*open*" : situation.note();
    }

    private Set<Test> testsOf(Situation situation) {
        Set<Test> tests = sources.byScenario().get(situation.id());
        return tests == null ? Set.of() : tests;
    }
}
