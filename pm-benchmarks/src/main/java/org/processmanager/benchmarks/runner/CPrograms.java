package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs in C, compiled by the system's {@code cc} on first use and again after a change of the sources. */
final class CPrograms {
    private static final String IDLER = "idler.c";

    private final Path sources;
    private final Path cache;

    CPrograms(Home home) {
        this.sources = home.c();
        this.cache = home.cache().resolve("c");
    }

    /**
     * Compiles a program that waits for the end of a file; empty if it does not compile, then {@code cat} does the
     * same.
     */
    Optional<Path> idler() throws IOException {
        for (List<String> options : List.of(List.of("-static"), List.<String>of())) {
            try {
                return Optional.of(compile(IDLER, options));
            } catch (UnavailableException e) {
                continue; // not every system can link statically
            }
        }
        return Optional.empty();
    }

    Path compile(String source) throws IOException, UnavailableException {
        return compile(source, List.of());
    }

    private Path compile(String source, List<String> options) throws IOException, UnavailableException {
        String compiler = Tool.need("cc").toString();
        Path directory = cache.resolve(source + "-" + Directories.sum(compiler + options, sources));
        String program = source.substring(0, source.lastIndexOf('.'));
        Path made = Directories.make(directory, into -> {
            List<String> command = new ArrayList<>(List.of(compiler, "-O2", "-std=gnu11", "-Wall", "-pthread"));
            command.addAll(options);
            command.addAll(List.of("-o", into.resolve(program).toString(), source));
            Tool.run(command, sources);
        });
        return made.resolve(program);
    }
}
