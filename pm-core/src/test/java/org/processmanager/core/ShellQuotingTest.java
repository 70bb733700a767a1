package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.manager.ShellQuoting;

class ShellQuotingTest {
    @Test
    void commandLine_showsWhereArgumentsBegin() {
        assertEquals(
                "ls -l --sort=size /tmp/é", ShellQuoting.commandLine(List.of("ls", "-l", "--sort=size", "/tmp/é")));
        assertEquals(
                "sh -c 'echo $HOME; exit 3' '' 'it'\\''s'",
                ShellQuoting.commandLine(List.of("sh", "-c", "echo $HOME; exit 3", "", "it's")));
    }

    @Test
    void controlCharacters_areShownAndNotSent() {
        assertEquals("\\x1b[2J\\x00\\n\\r\ttab \\x9b", ShellQuoting.line("\u001b[2J\0\n\r\ttab \u009b"));
        assertEquals("'a\\nforged line'", ShellQuoting.commandLine(List.of("a\nforged line")));
    }
}
