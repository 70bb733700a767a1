package org.processmanager.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processmanager.fixtures.Project;

/** A Markdown page of this project: its code blocks, its links, and the code spans of its tables. */
final class MarkdownPage {
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

    private final String name;
    private final String text;

    private MarkdownPage(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** Reads a page by its path from the directory of the project. */
    static MarkdownPage read(String name) {
        return of(name, Project.read(Project.root().resolve(name)));
    }

    static MarkdownPage of(String name, String text) {
        return new MarkdownPage(name, text);
    }

    /** One fenced block: its language, its lines, and the line of the page on which it begins. */
    record Block(String page, String language, String text, int line) {
        @Override
        public String toString() {
            return page + ":" + line;
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            int line = (int) text.substring(0, block.start()).lines().count() + 1;
            blocks.add(new Block(name, block.group(1), block.group(2), line));
        }
        return blocks;
    }

    /** Returns the targets of all links outside of code blocks. */
    List<String> links() {
        return LINK.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .toList();
    }

    /** Returns the code spans in the last column of the tables whose last heading is the given one. */
    List<String> spansOfLastColumn(String heading) {
        List<String> spans = new ArrayList<>();
        boolean wanted = false;
        for (String line : text.split("\n")) {
            if (!line.startsWith("|")) {
                wanted = false;
                continue;
            }
            String[] cells = line.strip().split("(?<!\\\\)\\|");
            String last = cells[cells.length - 1].strip();
            if (last.equals(heading)) {
                wanted = true;
            } else if (wanted) {
                SPAN.matcher(last).results().forEach(span -> spans.add(span.group(1)));
            }
        }
        return spans;
    }

    Path directory() {
        Path directory = Path.of(name).getParent();
        return directory == null ? Project.root() : Project.root().resolve(directory);
    }

    @Override
    public String toString() {
        return name;
    }
}
