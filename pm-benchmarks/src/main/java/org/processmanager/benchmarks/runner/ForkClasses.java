package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.processmanager.benchmarks.multiprocess.ForkMain;

/**
 * A copy of the packages {@code multiprocess} and {@code peers}, from the jar or directory that this program runs
 * from. The fork of a peer sees no other class of this project.
 */
final class ForkClasses {
    private static final String ROOT = "org/processmanager/benchmarks/";

    private ForkClasses() {}

    static Path copyTo(Path cache) throws IOException {
        Path origin = origin();
        if (Files.isDirectory(origin)) {
            return copy(origin.resolve(ROOT), cache);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + origin.toUri()), Map.of())) {
            return copy(jar.getPath(ROOT), cache);
        }
    }

    private static Path origin() {
        try {
            return Path.of(ForkMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path copy(Path from, Path cache) throws IOException {
        String sum = Directories.sum(Directories.sum("", from.resolve("multiprocess")), from.resolve("peers"));
        return Directories.make(cache.resolve("forks-" + sum), directory -> {
            for (String name : new String[] {"multiprocess", "peers"}) {
                for (Path file : Directories.files(from.resolve(name))) {
                    Path to = directory.resolve(ROOT + from.relativize(file));
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        });
    }
}
