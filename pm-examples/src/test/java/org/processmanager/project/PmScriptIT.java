package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Soak;
import org.processmanager.project.Checkout.Ended;

/** The start script {@code ./pm}, in a checkout under a path with a space, with an app that prints what it was given. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 10, unit = TimeUnit.MINUTES) // it builds, perhaps on a busy machine
class PmScriptIT {
    private static final int NOTHING_STARTED = 125;
    private static final int ENDED_BY_TERM = 128 + 15;

    @TempDir
    static Path directory;

    private static Checkout checkout;
    private static List<Ended> first;

    @BeforeAll
    static void startTwoInAFreshCheckout() throws Exception {
        checkout = new Checkout(Files.createDirectory(directory.resolve("shared")));
        boolean byMaven = Soak.enabled() || System.getenv("CI") != null;
        if (!byMaven) { // which takes half of the time of all these tests
            checkout.replaceMaven();
        }
        first = startTwo(checkout);
        checkout.replaceMaven();
    }

    @Test
    void twoFirstStarts_buildOnce() {
        first.forEach(PmScriptIT::assertStarted);
    }

    @Test
    void start_isFastAndSilent() throws Exception {
        long start = System.nanoTime();
        Ended ended = checkout.run();
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertStarted(ended);
        assertEquals("", ended.err());
        assertTrue(taken.compareTo(Soak.bound(Duration.ofSeconds(1))) < 0, taken::toString);
    }

    @Test
    void arguments_arriveVerbatimThroughLinks() throws Exception {
        Path links = Files.createDirectories(directory.resolve("links/deeper"));
        Files.createSymbolicLink(links.resolve("absolute"), checkout.script());
        Files.createSymbolicLink(links.getParent().resolve("pm link"), Path.of("deeper", "absolute"));
        // By a script, since this JVM may itself run in a locale that cannot pass such arguments.
        Path caller = Files.writeString(
                directory.resolve("caller"),
                "exec '../links/pm link' '' 'a b' '*' '$HOME' '-x' '--' 'é🙂' 'two\nlines'\n");
        ProcessBuilder command = checkout.command("/bin/sh", caller.toString());
        command.environment().put("LC_ALL", "POSIX");
        Ended ended = checkout.run(command);
        assertEquals(
                List.of("", "a b", "*", "$HOME", "-x", "--", "é🙂", "two\nlines"),
                lines(ended, "argument ").map(PmScriptIT::text).collect(Collectors.toList()));
        assertEquals(
                List.of(checkout.root().toRealPath().toString()),
                lines(ended, "home=").toList());
    }

    @Test
    void locale_isReplacedIfNotUtf8() throws Exception {
        ProcessBuilder command = checkout.command(checkout.script().toString());
        command.environment().put("LC_ALL", "POSIX");
        command.environment().put("LANG", "");
        Ended ended = checkout.run(command);
        assertEquals(
                List.of("LC_ALL=POSIX|LANG=|"),
                lines(ended, "PM_CALLER_LOCALE=").toList());
        assertEquals(List.of("C.UTF-8"), lines(ended, "LC_ALL=").toList());

        command = checkout.command(checkout.script().toString());
        command.environment().put("PM_CALLER_LOCALE", "of a caller that was itself started so");
        assertEquals(
                List.of(), lines(checkout.run(command), "PM_CALLER_LOCALE=").toList());
    }

    @ParameterizedTest
    @CsvSource({"<&-, 0=/dev/null", "'<&- >&-', 1=/dev/null", "2>&-, 2=/dev/null"})
    void closedStreams_areOpenedBeforeTheJvmStarts(String closed, String expected) throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
        ProcessBuilder command = checkout.command(
                "/bin/sh",
                "-c",
                "exec \"$0\" streams " + closed,
                checkout.script().toString());
        Ended ended = checkout.run(command);
        String text = closed.contains(">&-") && !closed.contains("2>&-") ? ended.err() : ended.out();
        assertTrue(text.contains("stream " + expected + "\n"), ended::toString);
    }

    @Test
    void deletedWorkingDirectory_isReported() throws Exception {
        ProcessBuilder command = checkout.command(
                "/bin/sh",
                "-c",
                "mkdir gone && cd gone && rmdir ../gone && exec \"$0\"",
                checkout.script().toString());
        Ended ended = checkout.run(command);
        assertEquals(NOTHING_STARTED, ended.exit());
        assertTrue(ended.err().contains("pm: the working directory is gone"), ended::err);
    }

    @Test
    void options_reachTheJvm() throws Exception {
        ProcessBuilder command = checkout.command(checkout.script().toString());
        command.environment().put("PM_JAVA_OPTIONS", "-Dunused=1 -Dgiven=yes");
        assertEquals(List.of("yes"), lines(checkout.run(command), "given=").toList());
    }

    @Test
    void rebuild_leavesARunningAppItsJars() throws Exception {
        ProcessBuilder command = checkout.command(checkout.script().toString(), "wait");
        Process running = command.start();
        try {
            Eventually.assertThat(ChildJvm.WATCHDOG, "the app waits", () -> Checkout.said(command)
                    .contains("pid " + running.pid() + "\n")); // the script became the JVM
            int before = checkout.builds();
            for (int change = 1; change <= 2; change++) {
                checkout.change("change " + change);
                assertStarted(checkout.run());
                assertEquals(before + change, checkout.builds());
            }
            assertEquals(3, checkout.apps().size(), "the last two and the running one");
        } finally {
            running.destroy();
        }
        Ended ended = checkout.end(command, running);
        assertEquals(ENDED_BY_TERM, ended.exit());
        assertTrue(ended.out().endsWith("late\n"), ended::out);

        checkout.change("one more");
        assertStarted(checkout.run());
        assertEquals(2, checkout.apps().size(), "the last two");
    }

    @Test
    void failingBuild_showsItsLastLines() throws Exception {
        checkout.write("pm-core/src/main/java/org/processmanager/core/Broken.java", "class {");
        try {
            Ended ended = checkout.run();
            assertEquals(NOTHING_STARTED, ended.exit());
            assertEquals("", ended.out());
            assertTrue(ended.err().contains("Broken.java:1:"), ended::err);
            assertTrue(ended.err().contains("pm: the build failed"), ended::err);
        } finally {
            Files.delete(checkout.root().resolve("pm-core/src/main/java/org/processmanager/core/Broken.java"));
        }
    }

    @Test
    void missingOrOldJava_isReported() throws Exception {
        ProcessBuilder missing = checkout.command(checkout.script().toString());
        missing.environment().put("JAVA_HOME", "/nowhere");
        Ended ended = checkout.run(missing);
        assertEquals(NOTHING_STARTED, ended.exit());
        assertTrue(ended.err().startsWith("pm: JAVA_HOME is /nowhere"), ended::err);

        Path old = Files.createDirectories(directory.resolve("old jdk/bin")).resolve("java");
        Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        old.toFile().setExecutable(true);
        ProcessBuilder eleven = checkout.command(checkout.script().toString());
        eleven.environment().put("JAVA_HOME", old.getParent().getParent().toString());
        ended = checkout.run(eleven);
        assertEquals(NOTHING_STARTED, ended.exit());
        assertTrue(ended.err().contains("is Java 11;"), ended::err);
    }

    private static List<Ended> startTwo(Checkout fresh) throws Exception {
        ProcessBuilder one = fresh.command(fresh.script().toString(), "one");
        ProcessBuilder other = fresh.command(fresh.script().toString(), "other");
        Process firstProcess = one.start();
        Process otherProcess = other.start();
        List<Ended> ended = List.of(fresh.end(one, firstProcess), fresh.end(other, otherProcess));
        assertEquals(1, fresh.builds(), () -> "builds; the two said " + ended);
        return ended;
    }

    private static void assertStarted(Ended ended) {
        assertEquals(0, ended.exit(), ended::err);
        assertTrue(ended.out().contains("home="), ended::out);
    }

    private static Stream<String> lines(Ended ended, String start) {
        assertEquals(0, ended.exit(), ended::err);
        return ended.out().lines().filter(line -> line.startsWith(start)).map(line -> line.substring(start.length()));
    }

    /** The text of a list of code points. */
    private static String text(String codePoints) {
        StringBuilder text = new StringBuilder();
        for (String point : codePoints.replaceAll("[\\[\\]]", "").split(", ")) {
            if (!point.isEmpty()) {
                text.appendCodePoint(Integer.parseInt(point));
            }
        }
        return text.toString();
    }
}
