package org.processmanager.examples.app.menu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @Test
    void blanksAndTabs_separate() {
        assertEquals(List.of("ls", "-l", "/tmp"), Words.of("  ls\t-l   /tmp "));
        assertEquals(List.of(), Words.of(" \t"));
        assertEquals(List.of(), Words.of(""));
    }

    @Test
    void quotes_keepWhatIsBetweenThem() {
        assertEquals(List.of("a b", "$c", "*"), Words.of("'a b' \"$c\" '*'"));
        assertEquals(List.of("", ""), Words.of("'' \"\""));
        assertEquals(
                List.of("it's", "say \"hi\"", "back\\slash"),
                Words.of("it\"'\"s \"say \\\"hi\\\"\" \"back\\\\slash\""));
        assertEquals(List.of("\\n", "\\n"), Words.of("'\\n' \"\\n\""));
        assertEquals(List.of("onewordintwo"), Words.of("one'word'\"in\"two"));
    }

    @Test
    void backslash_takesTheNextCharacterAsItIs() {
        assertEquals(List.of("a b", "'", "\\", "n"), Words.of("a\\ b \\' \\\\ \\n"));
    }

    @Test
    void shellCharacters_areNoneHere() {
        assertEquals(List.of("a|b", ">", "$HOME", "`x`", ";", "#", "~"), Words.of("a|b > $HOME `x` ; # ~"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "a 'b", "\"", "\"a\\\"", "a\\", "\"a'"})
    void unfinishedLine_isRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> Words.of(line));
    }
}
