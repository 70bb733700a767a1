package org.processmanager.examples.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.SharedMemory;

class RunFilesTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void abandonedFiles_areDeletedAndNoOthers() throws Exception {
        SharedMemory.create(tmp.path("demo-1-a"), SharedMemory.megabytes(1)).close();
        for (String name : List.of("demo-1-a.ledger", "demo-2-b.ledger", "demo-3-c.0", "menu-4-d", "demo-5-e")) {
            Files.createFile(tmp.path(name));
        }
        try (SharedMemory used = SharedMemory.create(tmp.path("demo-2-b"), SharedMemory.megabytes(1))) {
            RunFiles.deleteAbandoned(tmp.directory(), Instant.now().minusSeconds(60)); // all are too new
            assertEquals(7, left().size());
            RunFiles.deleteAbandoned(tmp.directory(), Instant.now().plusSeconds(60));
            assertEquals(List.of("demo-2-b", "demo-2-b.ledger", "demo-5-e", "menu-4-d"), left());
        }
    }

    private List<String> left() throws Exception {
        try (Stream<Path> files = Files.list(tmp.directory())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
