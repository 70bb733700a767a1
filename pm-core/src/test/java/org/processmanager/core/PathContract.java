package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;

/** A path means the file of its bytes. */
abstract class PathContract extends LauncherContract {
    @Test
    @Scenario("public-launch/1")
    void everyPath_reachesTheFileOfItsBytes() throws Exception {
        assertEquals(List.of(), PathBytes.wrong(pm, isPosix(), tmp.directory()));
    }

    @Test
    void programNoLocaleCanName_isRefusedPortably() throws Exception {
        Path script = PathBytes.below(tmp.directory(), "caf%E9");
        Files.writeString(script, "#!/bin/sh\n:");
        Command command = Command.of(script).on(pm);
        if (isPosix()) {
            LaunchException failure = assertThrows(LaunchException.class, command::run);
            assertEquals(LaunchException.Reason.NOT_EXECUTABLE, failure.reason());
        } else {
            UnsupportedOperationException failure = assertThrows(UnsupportedOperationException.class, command::run);
            assertTrue(
                    String.valueOf(failure.getMessage()).startsWith("the byte 0xE9 in the program"), failure::toString);
        }
    }

    @Test
    void resourceInAnArchive_isRefusedAtTheLaunch() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(tmp.path("a.zip"), Map.of("create", "true"))) {
            Inheritable inArchive = new Inheritable() {
                @Override
                public int openForChild() {
                    throw new AssertionError("it has a name");
                }

                @Override
                public Optional<Path> fileForChild() {
                    return Optional.of(zip.getPath("/etc/passwd"));
                }
            };
            for (Command command : Stream.of(
                            pm.command("true").pass("x", inArchive),
                            pm.command("true").stdin(Input.of(inArchive)))
                    .toList()) {
                assertThrows(IllegalArgumentException.class, command::run);
            }
        }
    }
}
