package org.processmanager.core.internal.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.program.BinaryFormats;
import org.processmanager.core.internal.launch.program.ProgramHead;
import org.processmanager.fixtures.Tmp;

class BinfmtTest {
    private static final ProgramHead RISCV = head("\u007fELF..xx\u0000r");
    private static final ProgramHead OTHER = head("\u007fELF..xx\u0000s");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void entryByMagic_matchesUnderItsMaskAndAtItsOffset() throws IOException {
        Path directory = directory(
                "enabled\ninterpreter /x\nflags: \noffset 0\nmagic 7f454c46000000000072\nmask ffffffff0000000000ff\n");
        assertTrue(BinaryFormats.knows(directory, "/p", RISCV));
        assertFalse(BinaryFormats.knows(directory, "/p", OTHER));
        assertFalse(BinaryFormats.knows(directory, "/p", head("\u007fELF")), "too short");
        Files.writeString(directory.resolve("entry"), "enabled\ninterpreter /x\nflags: \noffset 9\nmagic 73\n");
        assertTrue(BinaryFormats.knows(directory, "/p", OTHER));
        assertFalse(BinaryFormats.knows(directory, "/p", RISCV));
    }

    @Test
    void entryByExtension_matchesTheName() throws IOException {
        Path directory = directory("enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n");
        assertTrue(BinaryFormats.knows(directory, "/p.jar", OTHER));
        assertFalse(BinaryFormats.knows(directory, "/p", OTHER));
    }

    @Test
    void disabledOrUnreadableEntries_areIgnored() throws IOException {
        assertFalse(
                BinaryFormats.knows(directory("disabled\ninterpreter /x\nflags: \nextension .jar\n"), "/p.jar", OTHER));
        assertFalse(BinaryFormats.knows(directory("enabled\nmagic 7\n"), "/p", OTHER));
        assertFalse(BinaryFormats.knows(tmp.path("missing"), "/p", OTHER));
    }

    private static ProgramHead head(String bytes) {
        return new ProgramHead(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path directory(String entry) throws IOException {
        Path directory = Files.createDirectories(tmp.path("binfmt"));
        Files.writeString(directory.resolve("status"), "enabled\n");
        Files.writeString(directory.resolve("entry"), entry);
        return directory;
    }
}
