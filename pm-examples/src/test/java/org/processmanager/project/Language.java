package org.processmanager.project;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The words of {@code docs/language.txt} and the search for them. */
final class Language {
    /** An idiom, and what to write instead. */
    private record Idiom(Pattern pattern, String instead) {}

    /** A hit that is no error: a file, and text of the line. */
    private record Allowed(String file, String text) {}

    private final List<Idiom> banned = new ArrayList<>();
    /** All of them as one expression, since a search for each takes many times as long. */
    private Pattern any = Pattern.compile("(?!)");

    private final List<Allowed> allowed = new ArrayList<>();

    private Language() {}

    /** Reads the two sections; a line that fits none of them is an error. */
    static Language parse(String text) {
        Language language = new Language();
        String section = "";
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                section = line;
            } else {
                language.add(section, line);
            }
        }
        String words = language.banned.stream()
                .map(idiom -> idiom.pattern.pattern().substring("\\b".length()))
                .collect(Collectors.joining("|", "\\b(?:", ")"));
        language.any = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
        return language;
    }

    private void add(String section, String line) {
        switch (section) {
            case "[banned]" -> {
                String[] parts = parts(line, " -> ", 2);
                String words = "\\b(?:" + parts[0].replace(" ", "\\s+") + ")\\b";
                banned.add(new Idiom(Pattern.compile(words, Pattern.CASE_INSENSITIVE), parts[1]));
            }
            case "[allowed]" -> {
                String[] parts = parts(line, ": ", 3);
                allowed.add(new Allowed(parts[0], parts[1]));
            }
            default -> throw new IllegalArgumentException("unknown section " + section + " of the line: " + line);
        }
    }

    private static String[] parts(String line, String separator, int count) {
        String[] parts = line.split(separator, count);
        if (parts.length < count) {
            throw new IllegalArgumentException(count + " parts separated by '" + separator + "' expected: " + line);
        }
        return parts;
    }

    /** Calls back with the file and the text of each allowed line. */
    void forEachAllowed(BiConsumer<String, String> action) {
        allowed.forEach(line -> action.accept(line.file, line.text));
    }

    /** Returns the banned idioms of a text, each with file, line and what to write instead. */
    List<String> check(String file, String text) {
        List<String> found = new ArrayList<>();
        if (!any.matcher(text).find()) {
            return found;
        }
        for (Idiom idiom : banned) {
            Matcher matcher = idiom.pattern.matcher(text);
            while (matcher.find()) {
                String line = lineAt(text, matcher.start());
                if (!isAllowed(file, line)) {
                    int number = 1
                            + (int) text.substring(0, matcher.start())
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count();
                    String words = matcher.group().replaceAll("\\s+", " ");
                    found.add(file + ":" + number + ": \"" + words + "\": write " + idiom.instead);
                }
            }
        }
        return found;
    }

    private boolean isAllowed(String file, String line) {
        return allowed.stream().anyMatch(known -> known.file.equals(file) && line.contains(known.text));
    }

    private static String lineAt(String text, int position) {
        int end = text.indexOf('\n', position);
        return text.substring(text.lastIndexOf('\n', position) + 1, end < 0 ? text.length() : end);
    }
}
