package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The Java programs of a Markdown page, by the name of their class. */
final class ReadmePrograms {
    private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("^public class (\\w+)", Pattern.MULTILINE);

    private ReadmePrograms() {}

    static Map<String, String> of(String page) {
        Map<String, String> programs = new LinkedHashMap<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            String source = block.group(1);
            Matcher name = CLASS.matcher(source);
            assertTrue(name.find(), () -> "no public class in this example, which therefore is not tried:\n" + source);
            programs.put(name.group(1), source);
        }
        return programs;
    }

    /** Compiles programs against the libraries, with all warnings, which count as errors. */
    static void compile(Map<String, String> programs, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-d", folder.toString(), "-Xlint:all,-processing", "-Werror", "-proc:none");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            for (Map.Entry<String, String> program : programs.entrySet()) {
                Path file = Files.writeString(folder.resolve(program.getKey() + ".java"), program.getValue());
                StringWriter said = new StringWriter();
                boolean compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                        .call();
                assertTrue(compiled, said::toString);
            }
        }
    }
}
