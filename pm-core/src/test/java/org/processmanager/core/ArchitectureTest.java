package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Project;

/** The rules that no compiler checks, tried on the sources of all modules. */
class ArchitectureTest {
    private static final String[] ALL_SOURCES = {"main", "test"};
    private static final String[] TEST_SOURCES = {"test"};

    /** What may stand only in some files, or nowhere. */
    private record Rule(String name, Pattern banned, Pattern exceptIn) {
        Rule(String name, String banned, String exceptIn) {
            this(name, Pattern.compile(banned), Pattern.compile(exceptIn));
        }

        List<String> violations(String path, String source) {
            List<String> found = new ArrayList<>();
            if (!exceptIn.matcher(path).find()) {
                String code = JavaCode.of(source);
                Matcher matcher = banned.matcher(code);
                while (matcher.find()) {
                    int line = 1
                            + (int) code.chars()
                                    .limit(matcher.start())
                                    .filter(c -> c == '\n')
                                    .count();
                    found.add(path + ":" + line + ": " + matcher.group() + ": " + name);
                }
            }
            return found;
        }
    }

    private static final String NOWHERE = "(?!)";

    private static final Rule JNA = new Rule(
            "JNA is bound in core.internal.posix alone",
            "\\bcom\\.sun\\.jna\\b",
            "/core/internal/posix/|/pm-core/src/main/java/module-info.java");
    private static final Rule OSHI =
            new Rule("OSHI is used in core.monitor alone", "\\boshi\\.[a-zA-Z]", "/core/monitor/");
    private static final Rule UNSAFE =
            new Rule("memory is reached through VarHandles", "\\bsun\\.misc\\b|\\bjdk\\.internal\\b", NOWHERE);
    private static final Rule PRINTING =
            new Rule("the libraries log by SLF4J", "\\bSystem\\.(out|err)\\b|\\bprintStackTrace\\(\\)", NOWHERE);
    private static final Rule LOGGING = new Rule(
            "the libraries log by SLF4J", "\\bjava\\.util\\.logging\\b|\\bSystem\\.(Logger|getLogger)\\b", NOWHERE);
    private static final Rule SERIALIZATION =
            new Rule("messages are not serialized objects", "\\bObject(In|Out)putStream\\b", NOWHERE);
    private static final Rule SLEEP = new Rule(
            "a test waits for a state, by Eventually, or for an event",
            "\\bThread\\.sleep\\b|\\b(?:SECONDS|MILLISECONDS|MICROSECONDS|NANOSECONDS|MINUTES)\\.sleep\\b",
            NOWHERE);

    @Test
    void jna_isBoundInOnePackage() {
        assertHolds(JNA, Project.MODULES, ALL_SOURCES);
    }

    @Test
    void oshi_isUsedInOnePackage() {
        assertHolds(OSHI, Project.MODULES, ALL_SOURCES);
    }

    @Test
    void unsafe_isUsedNowhere() {
        assertHolds(UNSAFE, Project.MODULES, ALL_SOURCES);
    }

    @Test
    void libraries_neverPrint() {
        assertHolds(PRINTING, Project.LIBRARIES, "main");
        assertHolds(LOGGING, Project.LIBRARIES, "main");
    }

    @Test
    void libraries_doNotSerialize() {
        assertHolds(SERIALIZATION, Project.LIBRARIES, "main");
    }

    @Test
    void tests_neverSleep() {
        assertHolds(SLEEP, Project.MODULES, TEST_SOURCES);
    }

    @Test
    void rules_findWhatTheyBan() {
        assertViolations(1, JNA, "import com.sun.jna.Native;");
        assertViolations(1, JNA, "import java.util.List;\nclass A { com.sun.jna.Pointer p; }");
        assertViolations(1, OSHI, "import oshi.SystemInfo;");
        assertViolations(1, UNSAFE, "import sun.misc.Unsafe;");
        assertViolations(2, PRINTING, "void a() { System.out.println(1); e.printStackTrace(); }");
        assertViolations(1, LOGGING, "import java.util.logging.Logger;");
        assertViolations(1, SERIALIZATION, "new ObjectInputStream(in)");
        assertViolations(2, SLEEP, "Thread.sleep(1); TimeUnit.SECONDS.sleep(1);");
        assertEquals(
                List.of("/a/B.java:4: Thread.sleep: " + SLEEP.name),
                SLEEP.violations("/a/B.java", "class A {\n /* a\n */\nThread.sleep(1);"));
    }

    @Test
    void rules_passCommentsLiteralsAndTheirExceptions() {
        assertViolations(0, PRINTING, "/** System.out */ // System.err\nString s = \"System.out \\\" System.err\";");
        assertViolations(0, PRINTING, "String s = \"\"\"\n  a \" System.out\n  \"\"\"; char c = '\"'; char d = '\\'';");
        assertViolations(1, PRINTING, "char c = '\"'; System.out.print(1); String s = \"//\";");
        assertViolations(0, PRINTING, "e.printStackTrace(writer)");
        assertEquals(
                List.of(),
                JNA.violations(
                        "/pm-core/src/main/java/org/x/core/internal/posix/A.java", "import com.sun.jna.Native;"));
    }

    private static void assertViolations(int count, Rule rule, String source) {
        assertEquals(count, rule.violations("/a/B.java", source).size(), source);
    }

    private static void assertHolds(Rule rule, List<String> modules, String... sourceSets) {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String module : modules) {
            for (Path file : Project.javaFiles(module, sourceSets)) {
                files++;
                String path = "/" + Project.root().relativize(file);
                found.addAll(rule.violations(path, Project.read(file)));
            }
        }
        assertFalse(files == 0, "no sources found below " + Project.root());
        assertEquals("", String.join("\n", found));
    }
}
