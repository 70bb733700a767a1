package org.processmanager.benchmarks.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The limits in C, compiled by the system's {@code cc} when first needed and again when a source changed. */
final class CPrograms {
    private final Path sources;
    private final Path cache;

    CPrograms(Home home) {
        this.sources = home.c();
        this.cache = home.cache().resolve("c");
    }

    Path compile(String source) throws IOException, UnavailableException {
        String compiler = Tool.need("cc").toString();
        Path folder = cache.resolve(source + "-" + Folders.sum(compiler, sources));
        String program = source.substring(0, source.lastIndexOf('.'));
        Path made = Folders.make(
                folder,
                into -> Tool.run(
                        List.of(
                                compiler,
                                "-O2",
                                "-std=gnu11",
                                "-Wall",
                                "-pthread",
                                "-o",
                                into.resolve(program).toString(),
                                source),
                        sources));
        return made.resolve(program);
    }
}
