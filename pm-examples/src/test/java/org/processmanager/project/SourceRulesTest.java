package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Project;

/** Sizes and banned calls, read from the sources of all modules. {@link ArchitectureTest} has the rules on classes. */
class SourceRulesTest {
    private static final int LONGEST_FILE = 400;
    private static final int LARGEST_PACKAGE = 25;

    /**
     * The public packages that callers import from: primitives belong together, as in {@code java.util.concurrent}. What only
     * serves them goes to internal packages.
     */
    private static final Map<String, Integer> LARGE_PACKAGES = Map.of(
            "pm-core/src/main/java/org/processmanager/core", 44,
            "pm-sync/src/main/java/org/processmanager/sync", 36,
            "pm-ipc/src/main/java/org/processmanager/ipc", 36);

    /** What code must not contain, and why. */
    private record Rule(String reason, Pattern banned) {
        List<String> violations(String file, String source) {
            List<String> found = new ArrayList<>();
            String[] lines = JavaCode.of(source).split("\n");
            for (int i = 0; i < lines.length; i++) {
                if (banned.matcher(lines[i]).find()) {
                    found.add(file + ":" + (i + 1) + ": " + lines[i].strip() + ": " + reason);
                }
            }
            return found;
        }
    }

    private static final Rule SLEEP = new Rule(
            "a test waits for a state, by Eventually, or for an event",
            Pattern.compile("\\b(?:Thread|[A-Z]*SECONDS|MINUTES)\\s*\\.\\s*sleep\\b"));
    private static final Rule UNSAFE =
            new Rule("memory is reached through VarHandles", Pattern.compile("\\bsun\\.misc\\b|\\bjdk\\.internal\\b"));
    private static final Rule STACK_TRACE =
            new Rule("the libraries log by SLF4J", Pattern.compile("\\bprintStackTrace\\(\\)"));

    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern INTERFACE = Pattern.compile("(?m)^public (?:sealed )?@?interface ");
    /** What follows the comment of a private or package-private member of a class. */
    private static final Pattern HIDDEN_MEMBER = Pattern.compile(
            "\\s*(?:@\\w+\\s+)*(?:(?!public |protected |package |module )[a-z]|[A-Z]\\w*(?:<[^\\n]*>)? \\w+\\()");

    private static final Pattern COMPOUND_NAME = Pattern.compile("\\b[A-Z][a-z0-9]+[A-Z]\\w*");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^public (?:[\\w-]+ )*(?:class|interface|@interface|enum|record) ");

    @Test
    void mainFiles_haveAtMost400Lines() {
        List<String> found = new ArrayList<>();
        for (Path file : files(Project.MODULES, "main")) {
            long lines = Project.read(file).lines().count();
            if (lines > LONGEST_FILE) {
                found.add(name(file) + " has " + lines + " lines");
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void packages_haveAtMost25Types() {
        Map<String, Integer> types = new TreeMap<>();
        for (Path file : files(Project.MODULES, "main")) {
            if (!file.toString().matches(".*/(package|module)-info\\.java")) {
                types.merge(name(file.getParent()), 1, Integer::sum);
            }
        }
        types.entrySet()
                .removeIf(type -> type.getValue() <= LARGE_PACKAGES.getOrDefault(type.getKey(), LARGEST_PACKAGE));
        assertEquals(Map.of(), types);
    }

    @Test
    void tests_doNotSleep() {
        assertHolds(SLEEP, files(Project.MODULES, "test"));
    }

    @Test
    void unsafe_isNotUsed() {
        assertHolds(UNSAFE, files(Project.MODULES, "main", "test"));
    }

    @Test
    void libraries_printNoStackTraces() {
        assertHolds(STACK_TRACE, files(Project.LIBRARIES, "main"));
    }

    @Test
    void publicJavadoc_namesNoInternalType() {
        Map<Boolean, List<Path>> files = files(Project.LIBRARIES, "main").stream()
                .collect(Collectors.partitioningBy(SourceRulesTest::isInternal));
        Set<String> internal =
                files.get(true).stream().map(SourceRulesTest::typeName).collect(Collectors.toSet());
        files.get(false).forEach(file -> internal.remove(typeName(file)));
        List<String> found = new ArrayList<>();
        for (Path file : files.get(false)) {
            for (String name : internalNames(Project.read(file), internal)) {
                found.add(name(file) + ": " + name);
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void internalNames_areThoseInJavadoc() {
        String source =
                "/** As {@code PidHandle}. */ public class A { PidHandle b; } // PidHandle\n/** A pid, a Handle. */";
        assertEquals(List.of("PidHandle"), internalNames(source, Set.of("PidHandle", "Handle")));
        assertEquals(List.of(), internalNames("/** A PidHandle. */ private int a;", Set.of("PidHandle")));
        assertEquals(List.of(), internalNames("/** A PidHandle. */ List<A> all() {}", Set.of("PidHandle")));
    }

    /** Names of one word, such as Memory, are also words of a sentence, so that only the others count. */
    private static List<String> internalNames(String source, Set<String> internal) {
        boolean inInterface = INTERFACE.matcher(source).find();
        return JAVADOC.matcher(source)
                .results()
                .filter(comment -> inInterface
                        || !HIDDEN_MEMBER
                                .matcher(source.substring(comment.end()))
                                .lookingAt())
                .flatMap(comment -> COMPOUND_NAME.matcher(comment.group()).results())
                .map(MatchResult::group)
                .filter(internal::contains)
                .toList();
    }

    private static boolean isInternal(Path file) {
        return file.toString().contains("/internal/")
                || !file.toString().endsWith("-info.java")
                        && !PUBLIC_TYPE.matcher(JavaCode.of(Project.read(file))).find();
    }

    private static String typeName(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    @Test
    void rules_findWhatTheyBan() {
        assertEquals(
                2,
                SLEEP.violations("A", "Thread.sleep(1);\nTimeUnit.SECONDS.sleep(1);")
                        .size());
        assertEquals(1, UNSAFE.violations("A", "import sun.misc.Unsafe;").size());
        assertEquals(1, STACK_TRACE.violations("A", "e.printStackTrace();").size());
        assertEquals(
                List.of("A.java:4: Thread.sleep(1);: " + SLEEP.reason),
                SLEEP.violations("A.java", "class A {\n /* a\n */\nThread.sleep(1);"));
    }

    @Test
    void rules_passCommentsAndLiterals() {
        assertEquals(List.of(), UNSAFE.violations("A", "/** sun.misc */ // sun.misc\ns = \"sun.misc \\\" sun.misc\";"));
        assertEquals(List.of(), UNSAFE.violations("A", "s = \"\"\"\n  a \" sun.misc\n  \"\"\"; c = '\"'; d = '\\'';"));
        assertEquals(
                1,
                UNSAFE.violations("A", "char c = '\"'; sun.misc.A a; String s = \"//\";")
                        .size());
        assertEquals(List.of(), STACK_TRACE.violations("A", "e.printStackTrace(writer)"));
    }

    private static List<Path> files(List<String> modules, String... sourceSets) {
        List<Path> files = new ArrayList<>();
        modules.forEach(module -> files.addAll(Project.javaFiles(module, sourceSets)));
        assertTrue(files.size() > 100, () -> "only " + files.size() + " sources found below " + Project.root());
        return files;
    }

    private static void assertHolds(Rule rule, List<Path> files) {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            found.addAll(rule.violations(name(file), Project.read(file)));
        }
        assertEquals("", String.join("\n", found));
    }

    private static String name(Path file) {
        return Project.root().relativize(file).toString();
    }
}
