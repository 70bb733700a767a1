package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs in C, compiled by the system's {@code cc} when first needed and again when a source changed. */
final class CPrograms {
    private static final String IDLER = "idler.c";

    private final Path sources;
    private final Path cache;

    CPrograms(Home home) {
        this.sources = home.c();
        this.cache = home.cache().resolve("c");
    }

    /** A program that waits for the end of the file that it is given; none where it does not compile: {@code cat} does too. */
    Optional<Path> idler() throws IOException {
        for (List<String> options : List.of(List.of("-static"), List.<String>of())) {
            try {
                return Optional.of(compile(IDLER, options));
            } catch (UnavailableException e) {
                continue; // not every system has what it takes to link statically
            }
        }
        return Optional.empty();
    }

    Path compile(String source) throws IOException, UnavailableException {
        return compile(source, List.of());
    }

    private Path compile(String source, List<String> options) throws IOException, UnavailableException {
        String compiler = Tool.need("cc").toString();
        Path folder = cache.resolve(source + "-" + Directories.sum(compiler + options, sources));
        String program = source.substring(0, source.lastIndexOf('.'));
        Path made = Directories.make(folder, into -> {
            List<String> command = new ArrayList<>(List.of(compiler, "-O2", "-std=gnu11", "-Wall", "-pthread"));
            command.addAll(options);
            command.addAll(List.of("-o", into.resolve(program).toString(), source));
            Tool.run(command, sources);
        });
        return made.resolve(program);
    }
}
