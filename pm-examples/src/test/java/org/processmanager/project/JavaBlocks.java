package org.processmanager.project;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The Java blocks of Markdown pages, each as a class with a main method. A block with a public class is a program as it is, any
 * other is the body of a method, with the imports that the pages promise.
 */
final class JavaBlocks {
    /** How the names of those classes begin that are a part of a program. */
    static final String PART = "Part_";

    private static final Pattern CLASS = Pattern.compile("^public class (\\w+)", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile(
            "(SharedMemory\\.(?:open|create|openOrCreate)\\(\"|Ipc\\.\\w+\\(\"(?:mapped|fifo|unix):)(\\w)");
    private static final List<String> PACKAGES = List.of(
            "java.io.*",
            "java.nio.charset.StandardCharsets",
            "java.nio.file.*",
            "java.time.*",
            "java.util.*",
            "java.util.concurrent.*",
            "java.util.regex.Pattern",
            "org.processmanager.core.*",
            "org.processmanager.core.event.*",
            "org.processmanager.core.monitor.*",
            "org.processmanager.core.registry.*",
            "org.processmanager.core.supervise.*",
            "org.processmanager.core.thread.*",
            "org.processmanager.ipc.*",
            "org.processmanager.sync.*");

    private final Map<String, String> sources = new LinkedHashMap<>();

    /** Returns the name of the class that a block is, or is the main method of. */
    static String className(MarkdownPage.Block block) {
        Matcher program = CLASS.matcher(block.text());
        return program.find() ? program.group(1) : PART + block.page().replaceAll("\\W", "_") + "_" + block.line();
    }

    void add(MarkdownPage.Block block) {
        String name = className(block);
        String source = name.startsWith(PART) ? body(name, block.text()) : block.text();
        if (!source.startsWith("import ")) {
            source = imports() + source;
        }
        if (sources.putIfAbsent(name, source) != null) {
            throw new AssertionError(block + ": a second class " + name);
        }
    }

    /** Adds calls that are compiled but not run, after declarations of what they use. */
    void addCalls(String name, String fields, List<String> calls) {
        StringBuilder source = new StringBuilder(imports())
                .append("abstract class ")
                .append(name)
                .append(" {\n")
                .append(fields);
        for (int i = 0; i < calls.size(); i++) {
            source.append("    void call")
                    .append(i)
                    .append("() throws Exception { ")
                    .append(calls.get(i))
                    .append("; }\n");
        }
        sources.put(name, source.append("}\n").toString());
    }

    /**
     * Compiles all classes at once, with all warnings, which count as errors; only unused resources are none.
     *
     * @param prefix of the names of regions and channels, which are one for all programs of a user
     */
    void compile(Path directory, String prefix) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            String text = NAME.matcher(source.getValue()).replaceAll("$1" + prefix + "$2");
            files.add(Files.writeString(directory.resolve(source.getKey() + ".java"), text));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-d", directory.toString(), "-Xlint:all,-processing,-try", "-Werror", "-proc:none");
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new AssertionError(said.toString().replace(directory + "/", ""));
            }
        }
    }

    private static String imports() {
        StringBuilder imports = new StringBuilder();
        PACKAGES.forEach(name -> imports.append("import ").append(name).append(";\n"));
        return imports.toString();
    }

    private static String body(String name, String statements) {
        return "public class " + name + " {\n    public static void main(String[] args) throws Exception {\n"
                + statements + "    }\n}\n";
    }
}
