package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadableTest {
    @Test
    void commandLine_showsWhereArgumentsBegin() {
        assertEquals("ls -l --sort=size /tmp/é", Readable.commandLine(List.of("ls", "-l", "--sort=size", "/tmp/é")));
        assertEquals(
                "sh -c 'echo $HOME; exit 3' '' 'it'\\''s'",
                Readable.commandLine(List.of("sh", "-c", "echo $HOME; exit 3", "", "it's")));
    }

    @Test
    void controlCharacters_areShownAndNotSent() {
        assertEquals("\\x1b[2J\\x00\\n\\r\ttab \\x9b", Readable.line("\u001b[2J\0\n\r\ttab \u009b"));
        assertEquals("'a\\nforged line'", Readable.commandLine(List.of("a\nforged line")));
    }
}
