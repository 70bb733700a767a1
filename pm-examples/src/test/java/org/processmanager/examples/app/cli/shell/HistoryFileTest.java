package org.processmanager.examples.app.cli.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Tmp;

class HistoryFileTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = Terminal.of(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void newFile_isPrivate() throws Exception {
        Path file = tmp.path("state").resolve("pm").resolve("history");
        assertEquals(file, HistoryFile.open(terminal, file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        assertEquals("", said());
    }

    @Test
    void fileOfAnOpenMode_becomesPrivateAndKeepsItsLines() throws Exception {
        Path file = tmp.path("history");
        Files.writeString(file, "ps --mine\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(file, HistoryFile.open(terminal, file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("ps --mine\n", Files.readString(file));
    }

    @Test
    void fileThatIsNoText_isOneLineAndStaysAsItIs() throws Exception {
        Path file = tmp.path("history");
        byte[] content = {'a', (byte) 0xff, '\n'};
        Files.write(file, content);
        assertEquals(null, HistoryFile.open(terminal, file));
        assertEquals("pm: no history: " + file + " is not text in UTF-8; delete it\n", said());
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @Test
    void directoryInItsPlace_isOneLine() throws Exception {
        Path file = Files.createDirectory(tmp.path("history"));
        assertEquals(null, HistoryFile.open(terminal, file));
        assertEquals("pm: no history: " + file + ": not a regular file\n", said());
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
