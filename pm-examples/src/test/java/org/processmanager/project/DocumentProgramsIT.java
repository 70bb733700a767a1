package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ClassArchive;
import org.processmanager.fixtures.Project;
import org.processmanager.fixtures.SmallJvm;
import org.processmanager.fixtures.Tmp;

/** The Java blocks of the pages compile without a warning, and print what the pages say. */
class DocumentProgramsIT {
    private static final List<String> PAGES = List.of("README.md", "docs/guide.md", "docs/recipes.md");

    /** What the calls of {@code docs/coming-from.md} use. */
    private static final String FIELDS = """
            static class Main { public static void main(String[] args) {} }
            AdoptedProcess adopted; Claim claim; Command command; ProcessDetails details; MessageHandler handler;
            Inheritable inheritable; UnackedItem item; org.slf4j.event.Level level; List<String> list; org.processmanager.core.event.EventListener listener;
            SharedReadWriteLock lock; org.slf4j.Logger logger; ProcessManager manager; SharedMemory memory; SharedMutex mutex;
            SharedLong number; Path path; ManagedProcess process; SharedBoundedBuffer queue; MessageReceiver receiver;
            ProcessResult result; MessageSender sender; StoppableHandler stoppableHandler; ManagedThread thread;
            byte[] bytes; java.nio.ByteBuffer buffer;
            """;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void blocks_compileAndPrintWhatThePagesSay() throws Exception {
        JavaBlocks programs = new JavaBlocks();
        Map<String, MarkdownPage.Block> outputs = new LinkedHashMap<>();
        for (String page : PAGES) {
            MarkdownPage.Block before = null;
            for (MarkdownPage.Block block : MarkdownPage.read(page).blocks()) {
                if (block.language().equals("java")) {
                    before = block;
                    programs.add(block);
                } else if (block.language().equals("text") && before != null) {
                    outputs.put(JavaBlocks.className(before), block);
                }
            }
        }
        List<String> calls = MarkdownPage.read("docs/coming-from.md").spansOfLastColumn("ProcessManager").stream()
                .filter(span -> span.contains("("))
                .toList();
        assertTrue(calls.size() > 100, calls::toString);
        programs.addCalls("Calls", FIELDS, calls);
        Path classes = tmp.directory();
        programs.compile(classes, tmp.name(""));

        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, MarkdownPage.Block> output : outputs.entrySet()) {
            boolean isPart = output.getKey().startsWith(JavaBlocks.PART);
            String said = isPart ? runHere(output.getKey(), classes) : run(output.getKey(), classes);
            if (!said.equals(output.getValue().text())) {
                wrong.add(output.getValue() + ": it prints\n" + said);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void compile_refusesABlockThatIsWrong() throws IOException {
        JavaBlocks programs = new JavaBlocks();
        programs.add(new MarkdownPage.Block("a.md", "java", "Strin g;\n", 7));
        AssertionError e = assertThrows(AssertionError.class, () -> programs.compile(tmp.directory(), ""));
        assertTrue(e.getMessage().contains("a_md_7"), e.getMessage());
    }

    /** Runs a part of a program in this JVM and returns what it printed. */
    private static String runHere(String program, Path classes) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = System.out;
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {classes.toUri().toURL()});
                PrintStream capture = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(program + " failed", e.getCause());
        } finally {
            System.setOut(out);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    /** Runs a program in a JVM of its own and returns what it printed. */
    private String run(String program, Path classes, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(SmallJvm.start());
        line.addAll(ClassArchive.options());
        line.addAll(List.of("-cp", SmallJvm.classPath() + File.pathSeparator + classes, program));
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
            assertEquals("", errors, program);
            assertEquals(0, process.exitValue(), program);
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
