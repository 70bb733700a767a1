package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Project;

/** The Markdown pages link to each other: none is missing from the index of its directory, and no link is dead. */
class DocumentLinksTest {
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:.*");

    @Test
    void links_leadToFilesAndHeadings() throws IOException {
        List<String> dead = new ArrayList<>();
        for (String page : pages()) {
            MarkdownPage source = MarkdownPage.read(page);
            source.links().stream()
                    .filter(link -> !ELSEWHERE.matcher(link).matches())
                    .filter(link -> !isAlive(source, page, link))
                    .forEach(link -> dead.add(page + ": " + link));
        }
        assertEquals("", String.join("\n", dead));
    }

    @Test
    void indexes_listTheirPages() throws IOException {
        for (String directory : List.of("docs", "docs/adr")) {
            List<String> links = MarkdownPage.read(directory + "/README.md").links();
            try (Stream<Path> files = Files.list(Project.root().resolve(directory))) {
                files.filter(Files::isRegularFile)
                        .map(file -> file.getFileName().toString())
                        .filter(name -> !name.equals("README.md"))
                        .forEach(
                                name -> assertTrue(links.contains(name), () -> directory + "/README.md lacks " + name));
            }
        }
    }

    @Test
    void links_areFoundOutsideOfCode() {
        MarkdownPage page =
                MarkdownPage.of("docs/a.md", "[a](b.md#c) ![d](e.svg)\n```sh\n[f](g)\n```\n# Two words, `x`\n");
        assertEquals(List.of("b.md#c", "e.svg"), page.links());
        assertFalse(isAlive(page, "docs/a.md", "b.md"));
        assertTrue(isAlive(page, "docs/a.md", "faq.md"));
        assertFalse(isAlive(page, "docs/a.md", "faq.md#no-such-heading"));
        assertEquals("two-words-x", anchor("Two words, `x`"));
    }

    private static boolean isAlive(MarkdownPage source, String page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? Project.root().resolve(page)
                : source.directory().resolve(parts[0]).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return parts.length == 1
                || HEADING.matcher(Project.read(target)).results().anyMatch(heading -> anchor(heading.group(1))
                        .equals(parts[1]));
    }

    /** The name that a page gives to a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
    }

    /** The paths of all Markdown pages from the directory of the project, without those that a build made. */
    private static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Project.root())) {
            return files.map(file -> Project.root().relativize(file).toString())
                    .filter(name -> name.matches("(?!.*\\btarget/)(?!\\.git/).*\\.md"))
                    .sorted()
                    .toList();
        }
    }
}
