package org.processmanager.examples.app.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columns_areAlignedAndNumbersStandRight() {
        assertEquals("PID  NAME\n  1  init\n 42  ä\n", print(Integer.MAX_VALUE, "1", "init", "42", "ä"));
    }

    @Test
    void narrowTerminal_cutsEachRow() {
        assertEquals("PID  N\n  1  \uD83D\uDE00\n", print(6, "1", "\uD83D\uDE00bc"));
    }

    @Test
    void controlCharacters_doNotReachTheTerminal() {
        assertEquals("PID  NAME\n  1  a?[2Jb?c\n", print(80, "1", "a\033[2Jb\nc"));
    }

    private static String print(int columns, String... cells) {
        Table table = new Table(">PID", "NAME");
        for (int i = 0; i < cells.length; i += 2) {
            table.row(cells[i], cells[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        table.print(out, columns);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
