package org.processmanager.benchmarks.runner;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The class paths of the peers: the jars that Maven resolves from the POM of a peer, and its adapters, compiled
 * against these jars and the classes of the forks. Created on first use and again after a change of the POM or a
 * source.
 */
final class PeerClasses {
    private static final String GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";
    private static final String JARS = "jars";

    private final Path peers;
    private final Path cache;
    private final Path forkClasses;
    private final Map<String, String> classPaths = new TreeMap<>();

    PeerClasses(Home home, Path forkClasses) {
        this.peers = home.peers();
        this.cache = home.cache().resolve("peers");
        this.forkClasses = forkClasses;
    }

    /** Creates all that are missing; Maven runs once for all of them. */
    void prepare(Collection<String> names) throws IOException, UnavailableException {
        Map<String, Path> missing = new TreeMap<>();
        for (String name : names) {
            Path directory = cache.resolve(name + "-" + Directories.sum(forkClasses.toString(), peers.resolve(name)));
            if (!isComplete(directory)) {
                Directories.delete(directory);
                missing.put(name, directory);
            } else {
                classPaths.put(name, classPath(directory));
            }
        }
        if (!missing.isEmpty()) {
            make(missing);
        }
    }

    /** Returns the class path of the fork of a peer, with the classes of the forks. */
    String classPath(String name) throws UnavailableException {
        String classPath = classPaths.get(name);
        if (classPath == null) {
            throw new UnavailableException("the peer " + name + " was not prepared");
        }
        return classPath;
    }

    private void make(Map<String, Path> missing) throws IOException, UnavailableException {
        Files.createDirectories(cache);
        Path resolved = Files.createTempDirectory(cache, ".resolved-");
        try {
            resolve(missing.keySet(), resolved);
            for (Map.Entry<String, Path> peer : missing.entrySet()) {
                String jars = Files.readString(resolved.resolve(peer.getKey())).strip();
                Path made = Directories.make(peer.getValue(), directory -> {
                    compile(peers.resolve(peer.getKey()), jars, directory);
                    Files.writeString(directory.resolve(JARS), jars);
                });
                classPaths.put(peer.getKey(), classPath(made));
            }
        } finally {
            Directories.delete(resolved);
        }
    }

    private void resolve(Collection<String> names, Path into) throws IOException, UnavailableException {
        String maven = Tool.need("mvn").toString();
        Tool.run(
                List.of(
                        maven,
                        "-B",
                        "-q",
                        "-Dstyle.color=never",
                        "-f",
                        peers.resolve("pom.xml").toString(),
                        "-pl",
                        String.join(",", names),
                        GOAL,
                        "-Dmdep.outputFile=" + into + "/${project.artifactId}"),
                peers);
    }

    private void compile(Path peer, String jars, Path into) throws IOException, UnavailableException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new UnavailableException("this Java runtime has no compiler; use a JDK");
        }
        List<Path> sources = Directories.files(peer.resolve("src/main/java"));
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            String classPath = forkClasses + File.pathSeparator + jars;
            List<String> options =
                    List.of("--release", "17", "-proc:none", "-nowarn", "-cp", classPath, "-d", into.toString());
            boolean compiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new UnavailableException("the adapters in " + peer + " do not compile:\n" + messages);
            }
        }
    }

    private String classPath(Path directory) throws IOException {
        List<String> entries = new ArrayList<>(List.of(forkClasses.toString(), directory.toString()));
        entries.addAll(jars(directory)); // an empty entry would mean the working directory
        return String.join(File.pathSeparator, entries);
    }

    private static boolean isComplete(Path directory) throws IOException {
        return Files.isRegularFile(directory.resolve(JARS))
                && jars(directory).stream().allMatch(jar -> Files.isRegularFile(Path.of(jar)));
    }

    private static List<String> jars(Path directory) throws IOException {
        return Arrays.stream(Files.readString(directory.resolve(JARS)).split(File.pathSeparator))
                .filter(jar -> !jar.isBlank())
                .toList();
    }
}
