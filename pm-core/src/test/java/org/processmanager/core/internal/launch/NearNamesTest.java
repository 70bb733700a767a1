package org.processmanager.core.internal.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.internal.launch.program.NearNames;

class NearNamesTest {
    @Test
    void distance_countsChangesAndSwaps() {
        assertEquals(0, NearNames.distance("git", "git"));
        assertEquals(1, NearNames.distance("gti", "git"));
        assertEquals(1, NearNames.distance("pyton3", "python3"));
        assertEquals(1, NearNames.distance("lss", "ls"));
        assertEquals(1, NearNames.distance("cat", "cut"));
        assertEquals(3, NearNames.distance("", "abc"));
        assertEquals(2, NearNames.distance("dockre", "docker2"));
    }

    @Test
    void find_returnsTheNearestProgramsOnly(@TempDir Path folder) throws Exception {
        for (String name : List.of("python3", "pyton", "puthon", "python", "perl", "pytho_", "pythonxyz")) {
            File file = Files.createFile(folder.resolve(name)).toFile();
            assertEquals(true, file.setExecutable(!name.equals("pytho_")));
        }
        Files.createDirectory(folder.resolve("pythonn"));
        List<String> folders = List.of("/nowhere", folder.toString(), folder.toString());
        assertEquals(List.of("puthon", "python", "python3"), NearNames.find("pthon", folders));
        assertEquals("python", NearNames.find("pythno", folders).get(0));
        assertEquals(List.of(), NearNames.find("x", folders));
        assertEquals(List.of(), NearNames.find("zzzzzz", folders));
        assertEquals(List.of(), NearNames.find("x".repeat(1000), folders));
    }
}
