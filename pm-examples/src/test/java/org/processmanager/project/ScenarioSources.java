package org.processmanager.project;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.processmanager.fixtures.Project;

/** Which tests carry {@code @Scenario}, read from the test sources of all modules: they are on no common class path. */
final class ScenarioSources {
    /** A test and where it stands. */
    record Test(String name, String file) implements Comparable<Test> {
        @Override
        public int compareTo(Test other) {
            return (name + file).compareTo(other.name + other.file);
        }
    }

    private final Map<String, TreeSet<Test>> byScenario = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Reads the given files; names are shown relative to the folder. */
    static ScenarioSources read(Path root, List<Path> files) {
        ScenarioSources sources = new ScenarioSources();
        if (files.isEmpty()) {
            return sources;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                String file =
                        root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
                sources.new Scanner(file).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot parse the test sources", e);
        }
        return sources;
    }

    /** All test sources of the project. */
    static ScenarioSources ofProject() {
        List<Path> files = new ArrayList<>();
        for (String module : Project.MODULES) {
            files.addAll(Project.javaFiles(module, "test"));
        }
        return read(Project.root(), files);
    }

    Map<String, TreeSet<Test>> byScenario() {
        return byScenario;
    }

    List<String> problems() {
        return problems;
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        private final String file;
        private final List<String> classes = new ArrayList<>();
        private String method = "";

        Scanner(String file) {
            this.file = file;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            String methodAround = method;
            method = "";
            classes.add(tree.getSimpleName().toString());
            super.visitClass(tree, null);
            classes.remove(classes.size() - 1);
            method = methodAround;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            method = "." + tree.getName();
            super.visitMethod(tree, null);
            method = "";
            return null;
        }

        @Override
        public Void visitAnnotation(AnnotationTree tree, Void unused) {
            String type = tree.getAnnotationType().toString();
            if (type.equals("Scenario") || type.endsWith(".Scenario")) {
                tree.getArguments().forEach(this::add);
            }
            return super.visitAnnotation(tree, null);
        }

        private void add(ExpressionTree argument) {
            ExpressionTree value = argument instanceof AssignmentTree named ? named.getExpression() : argument;
            String test = String.join(".", classes) + method;
            if (value instanceof LiteralTree literal && literal.getValue() instanceof String id) {
                byScenario.computeIfAbsent(id, key -> new TreeSet<>()).add(new Test(test, file));
            } else {
                problems.add(test + ": @Scenario wants a literal, not " + value);
            }
        }
    }
}
