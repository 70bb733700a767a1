package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.fixtures.Project;

class ScenarioIndexTest {
    private static final Map<String, Integer> DESIGN = Map.of("process", 23, "sync", 16, "ipc", 27);

    @TempDir
    Path folder;

    @Test
    void index_ofTheProject_hasNoProblems() throws IOException {
        ScenarioTable table = ScenarioTable.parse(Project.read(Project.root().resolve("docs/scenarios.csv")));
        ScenarioIndex index = new ScenarioIndex(table, ScenarioSources.ofProject());
        Path target = Files.createDirectories(Project.root().resolve("pm-examples/target"));
        Files.writeString(target.resolve("scenarios.md"), index.page());
        assertEquals("", String.join("\n", index.problems()));
    }

    @Test
    void table_hasEveryNumberOfTheDesign() {
        ScenarioTable table = ScenarioTable.parse(Project.read(Project.root().resolve("docs/scenarios.csv")));
        DESIGN.forEach((group, count) -> assertEquals(
                IntStream.rangeClosed(1, count).boxed().toList(),
                List.copyOf(table.groups().get(group).situations().keySet())));
    }

    @Test
    void page_namesTestNoteOrOpen() throws IOException {
        ScenarioIndex index = index("a,Title,open\na/1,One,\na/2,Two,later: issue B\na/3,Three,\n", """
                class T {
                    @Scenario("a/1") void one() {}
                    @org.processmanager.fixtures.Scenario(value = "a/1") class Inner {}
                }
                """);
        assertEquals(List.of(), index.problems());
        String page = index.page();
        assertTrue(page.contains("| a/1 | One | [T.Inner](../../T.java)<br>[T.one](../../T.java) |"), page);
        assertTrue(page.contains("| a/2 | Two | later: issue B |"), page);
        assertTrue(page.contains("| a/3 | Three | *open* |"), page);
        assertTrue(page.contains("| a | 3 | 1 | 1 | 1 | open |"), page);
    }

    @Test
    void problems_nameSilentNumbersOfAResolvedGroup() throws IOException {
        assertProblem("a/1 has no test", "a,Title,resolved\na/1,One,\n", "class T {}");
        assertEquals(
                List.of(),
                index("a,Title,resolved\na/1,One,n/a: why\n", "class T {}").problems());
    }

    @Test
    void problems_nameWhatTableAndTestsDisagreeOn() throws IOException {
        assertProblem("a/9", "a,Title,open\na/1,One,\n", "class T { @Scenario(\"a/9\") void nine() {} }");
        assertProblem("a test and a note", "a,T,open\na/1,One,n/a: x\n", "@Scenario(\"a/1\") class T {}");
        assertProblem("literal", "a,Title,open\na/1,One,\n", "@Scenario(T.ONE) class T {}");
    }

    @Test
    void problems_nameMistakesInTheTable() throws IOException {
        assertProblem("twice", "a,Title,open\na/1,One,\na/1,Again,\n", "class T {}");
        assertProblem("no group", "a,Title,open\nb/1,One,\n", "class T {}");
        assertProblem("three columns", "a,Title,open\na/1,One\n", "class T {}");
        assertProblem("a note is", "a,Title,open\na/1,One,some day\n", "class T {}");
        assertProblem("open or resolved", "a,Title,closed\n", "class T {}");
    }

    private void assertProblem(String part, String csv, String source) throws IOException {
        List<String> problems = index(csv, source).problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).contains(part), problems::toString);
    }

    private ScenarioIndex index(String csv, String source) throws IOException {
        Path file = Files.writeString(folder.resolve("T.java"), source);
        return new ScenarioIndex(ScenarioTable.parse(csv), ScenarioSources.read(folder, List.of(file)));
    }
}
