package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Project;

/** Main code, documents and help texts contain no idiom of {@code docs/language.txt}. */
class LanguageTest {
    private static final int LONGEST_TEST_NAME = 50;
    private static final Pattern TEST_NAME = Pattern.compile("\\bvoid\\s+(\\w+_\\w+)\\(");

    private static final Language LANGUAGE =
            Language.parse(Project.read(Project.root().resolve("docs/language.txt")));

    @ParameterizedTest
    @ValueSource(strings = {"pm-core", "pm-sync", "pm-ipc", "pm-examples", "pm-benchmarks"})
    void mainCode_hasNoBannedIdiom(String module) {
        List<String> found = new ArrayList<>();
        for (Path file : Project.javaFiles(module, "main")) {
            found.addAll(LANGUAGE.check(name(file), JavaCode.prose(Project.read(file))));
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void documents_haveNoBannedIdiom() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : documents()) {
            found.addAll(LANGUAGE.check(name(file), Project.read(file)));
        }
        assertEquals("", String.join("\n", found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm-core", "pm-sync", "pm-ipc", "pm-examples", "pm-benchmarks"})
    void testNames_haveAtMostFiftyCharacters(String module) {
        List<String> found = new ArrayList<>();
        for (Path file : Project.javaFiles(module, "test")) {
            TEST_NAME
                    .matcher(JavaCode.of(Project.read(file)))
                    .results()
                    .map(result -> result.group(1))
                    .filter(name -> name.length() > LONGEST_TEST_NAME)
                    .forEach(name -> found.add(name(file) + ": " + name + " has " + name.length() + " characters"));
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void check_namesFileLineAndReplacement() {
        Language language = Language.parse("[banned]\nno more(?! than) -> no longer\nfolders? -> directory\n");
        assertEquals(
                List.of("A.java:2: \"no more\": write no longer", "A.java:4: \"Folder\": write directory"),
                language.check("A.java", JavaCode.prose("/**\n * It is no\n * more. No more than 2.\n * Folder */")));
    }

    @Test
    void check_readsCommentsAndLiteralsAlone() {
        Language language = Language.parse("[banned]\nfolder -> directory\nno more -> no longer\n");
        assertEquals(List.of(), language.check("A.java", JavaCode.prose("class Folder { int folder; }")));
        assertEquals(List.of(), language.check("A.java", JavaCode.prose("/* no */ int a; /* more */")));
        for (String source : List.of("// folder", "/* a folder */", "s = \"folder\";", "s = \"\"\"\n folder\"\"\";")) {
            assertEquals(1, language.check("A.java", JavaCode.prose(source)).size(), source);
        }
    }

    @Test
    void check_passesAllowedLinesOfTheirFile() {
        Language language = Language.parse("[banned]\nfolder -> directory\n[allowed]\na.md: mail folder: its name\n");
        assertEquals(List.of(), language.check("a.md", "the mail folder"));
        assertEquals(1, language.check("a.md", "the folder").size());
        assertEquals(1, language.check("b.md", "the mail folder").size());
    }

    @Test
    void parse_rejectsWhatItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> Language.parse("[banned]\nfolder\n"));
        assertThrows(IllegalArgumentException.class, () -> Language.parse("[allowed]\na.md: folder\n"));
        assertThrows(IllegalArgumentException.class, () -> Language.parse("[other]\nfolder\n"));
    }

    @Test
    void allowedLines_exist() {
        LANGUAGE.forEachAllowed((file, text) -> assertTrue(
                Project.read(Project.root().resolve(file)).contains(text),
                () -> file + " no longer contains: " + text));
    }

    /** The Markdown pages, the tables, the start script and the help texts that are resources. */
    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(
                List.of(Project.root().resolve("pm"), Project.root().resolve(".ci/run")));
        try (Stream<Path> files = Files.walk(Project.root())) {
            files.filter(Files::isRegularFile)
                    .filter(file -> name(file)
                            .matches("(?!.*\\btarget/).*(\\.md|\\.csv|/src/main/resources/.*|(^|/)pom\\.xml)"))
                    .sorted()
                    .forEach(documents::add);
        }
        return documents;
    }

    private static String name(Path file) {
        return Project.root().relativize(file).toString();
    }
}
