package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;

class LibraryPathTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path configuration;

    @BeforeEach
    void create() {
        configuration = tmp.path("ld.so.conf");
    }

    @Test
    void includedDirectories_followTheStandardOnes() throws IOException {
        Path first = Files.createDirectory(tmp.path("first"));
        Path second = Files.createDirectory(tmp.path("second"));
        Path included = Files.createDirectory(tmp.path("ld.so.conf.d"));
        Files.writeString(included.resolve("b.conf"), second + " # comment\n" + tmp.path("missing") + "\n");
        Files.writeString(included.resolve("a.conf"), "# comment\n" + first + "\n");
        Files.writeString(included.resolve("c.old"), "not read\n");
        Files.writeString(configuration, "include " + included + "/*.conf\n\n" + first + "\n");
        String path = LibraryPath.of(configuration.toString());
        assertNotNull(path);
        List<String> directories = List.of(path.split(File.pathSeparator));
        int count = directories.size();
        assertEquals(List.of(first.toString(), second.toString()), directories.subList(count - 2, count));
        assertTrue(directories.contains("/usr/lib") || directories.contains("/lib"), path);
    }

    @Test
    void unknownConfiguration_isLeftToJna() throws IOException {
        assertNull(LibraryPath.of(configuration.toString()), "no file");
        Files.writeString(configuration, "include relative/file\n");
        assertNull(LibraryPath.of(configuration.toString()), "another kind of include");
    }

    @Test
    void path_hasTheDirectoriesOfLdconfig() throws Exception {
        String path = LibraryPath.of("/etc/ld.so.conf");
        Path ldconfig = Path.of("/sbin/ldconfig");
        Assumptions.assumeTrue(path != null && Files.isExecutable(ldconfig), "no ldconfig");
        Process process = new ProcessBuilder(ldconfig.toString(), "-p")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> missing = new ArrayList<>();
        for (String line : new String(process.getInputStream().readAllBytes()).split("\n")) {
            int arrow = line.indexOf(" => ");
            Path library = arrow < 0 ? null : Path.of(line.substring(arrow + 4));
            if (library != null && !hasDirectory(path, library.getParent())) {
                missing.add(line);
            }
        }
        process.waitFor();
        assertEquals(List.of(), missing, path);
    }

    private static boolean hasDirectory(String path, Path wanted) throws IOException {
        for (String directory : path.split(File.pathSeparator)) {
            if (Files.isSameFile(Path.of(directory), wanted)) {
                return true;
            }
        }
        return false;
    }
}
