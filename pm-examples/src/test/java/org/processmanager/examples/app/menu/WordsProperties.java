package org.processmanager.examples.app.menu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

class WordsProperties {
    @Property(tries = 500)
    void anyWords_comeThroughInSingleQuotes(@ForAll @NotEmpty List<String> words) {
        String line = String.join(
                " ",
                words.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .toList());
        assertEquals(words, Words.of(line));
    }
}
