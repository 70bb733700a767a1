package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarNamesTest {
    @ParameterizedTest
    @CsvSource({"git, git, 0", "gti, git, 1", "pyton3, python3, 1", "lss, ls, 1", "cat, cut, 1", "'', abc, 3"})
    void distance_countsEditsAndSwaps(String a, String b, int expected) {
        assertEquals(expected, SimilarNames.distance(a, b));
        assertEquals(expected, SimilarNames.distance(b, a));
    }

    @Test
    void programs_areTheMostSimilarExecutables(@TempDir Path directory) throws Exception {
        for (String name : List.of("python3", "pyton", "puthon", "python", "perl", "pytho_")) {
            Path file = Files.createFile(directory.resolve(name));
            assertTrue(file.toFile().setExecutable(!name.equals("pytho_")));
        }
        Files.createDirectory(directory.resolve("pythonn"));
        String path = "/no/such/directory:" + directory;
        assertEquals(List.of("puthon", "python", "python3"), SimilarNames.programs("pthon", path));
        assertEquals("python", SimilarNames.programs("pythno", path).get(0));
        assertEquals(List.of(), SimilarNames.programs("zzzzzz", path));
        assertEquals(List.of(), SimilarNames.programs("x".repeat(1000), path));
    }
}
