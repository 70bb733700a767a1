package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Project;
import org.processmanager.fixtures.SmallJvm;
import org.processmanager.fixtures.Tmp;

/** The first programs of the README compile without a warning, and do what it says. */
class ReadmeIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path classes;

    @BeforeEach
    void compile() throws IOException {
        classes = tmp.directory();
        String page = Project.read(Project.root().resolve("README.md"));
        Map<String, String> programs = ReadmePrograms.of(withNamesOfThisTest(page));
        assertEquals(Set.of("FirstProcess", "FirstMutex", "FirstChannel"), programs.keySet());
        ReadmePrograms.compile(programs, classes);
    }

    @Test
    void firstProcess_captures() throws Exception {
        String said = run("FirstProcess");
        assertTrue(said.startsWith("hello\n"), said);
        assertTrue(said.endsWith("\n"), said);
    }

    @Test
    void firstMutex_countsFromProgramToProgram() throws Exception {
        assertEquals("sold: 1\n", run("FirstMutex"));
        assertEquals("sold: 2\n", run("FirstMutex"));
    }

    @Test
    void firstChannel_carriesAMessage() throws Exception {
        assertEquals("", run("FirstChannel", "send", "hello"));
        assertEquals("hello\n", run("FirstChannel", "receive"));
    }

    @Test
    void compile_refusesAnExampleThatIsWrong() {
        Map<String, String> wrong = ReadmePrograms.of("```java\npublic class Wrong { Strin g; }\n```\n");
        assertThrows(AssertionError.class, () -> ReadmePrograms.compile(wrong, classes));
        assertThrows(AssertionError.class, () -> ReadmePrograms.of("```java\nint notAProgram;\n```\n"));
    }

    /** Names of regions and channels are one for all programs of a user, so other tests must not meet them. */
    private String withNamesOfThisTest(String page) {
        String changed = page.replace("\"shop\"", "\"" + tmp.name("shop") + "\"");
        return changed.replace("\"mapped:jobs\"", "\"mapped:" + tmp.name("jobs") + "\"");
    }

    private String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(SmallJvm.start());
        line.addAll(List.of("-cp", classes + File.pathSeparator + System.getProperty("java.class.path"), program));
        line.addAll(List.of(arguments));
        File out = tmp.path("out").toFile();
        File err = tmp.path("err").toFile();
        Process process =
                new ProcessBuilder(line).redirectOutput(out).redirectError(err).start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(ChildJvm.WATCHDOG.toSeconds(), TimeUnit.SECONDS);
            String said = Project.read(out.toPath());
            String errors = Project.read(err.toPath());
            assertTrue(ended, () -> program + " does not end; it said\n" + said + errors);
            assertEquals("", errors);
            assertEquals(0, process.exitValue());
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
