package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.fixtures.Project;

/** {@code docs/file-formats.md} shows the layouts as the code draws them. */
class FileFormatsTest {
    private static final Path ROOT = Project.root();
    private static final Pattern DRAWING = Pattern.compile("<pre>\n(.*?)</pre>", Pattern.DOTALL);

    private static String document() throws IOException {
        return normal(Files.readString(ROOT.resolve("docs/file-formats.md")));
    }

    /** Only where one word ends and the next begins counts. */
    private static String normal(String text) {
        return text.replaceAll("[ \n]+", " ");
    }

    /** The layouts of the libraries: each class has one drawing. */
    static List<Path> layouts() {
        return Project.LIBRARIES.stream()
                .flatMap(module -> Project.javaFiles(module, "main").stream())
                .filter(file -> file.toString().matches(".*(Layout|/LockBytes)\\.java"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void drawing_isThatOfTheLayout(Path file) throws IOException {
        String layout = file.getFileName().toString();
        Matcher drawing = DRAWING.matcher(Project.read(file));
        assertTrue(drawing.find(), layout + " has no drawing");
        String text = drawing.group(1).replaceAll("(?m)^ \\* ?", "").replaceAll("\\{@link ([\\w#]+)}", "$1");
        assertTrue(document().contains(normal(text).strip()), layout + " is drawn differently:\n" + text);
    }

    @Test
    void layouts_areFound() {
        assertTrue(layouts().size() >= 10, () -> "found only " + layouts());
    }

    @Test
    void layoutHash_isThatOfTheTest() throws IOException {
        String test = Project.javaFiles("pm-sync", "test").stream()
                .filter(file -> file.endsWith("RegionLayoutTest.java"))
                .map(Project::read)
                .findFirst()
                .orElseThrow();
        Matcher hash = Pattern.compile("\"([0-9a-f]{16})\"").matcher(test);
        assertTrue(hash.find() && document().contains(hash.group(1)), "the hash of the layout is another");
    }
}
