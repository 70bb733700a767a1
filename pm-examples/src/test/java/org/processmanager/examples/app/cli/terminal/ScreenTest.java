package org.processmanager.examples.app.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Screen screen = new Screen(
            Terminal.of(InputStream.nullInputStream(), out, new PrintStream(out, true, StandardCharsets.UTF_8)));

    private String written(List<String> lines, Set<Integer> dimmed) {
        out.reset();
        screen.measure();
        screen.show(lines, dimmed);
        return out.toString(StandardCharsets.UTF_8).replace("\033", "^");
    }

    @Test
    void show_writesWhatChanged() {
        assertEquals("^[2J^[1;1Ha^[K^[2;1Hb^[K^[3;1H", written(List.of("a", "b"), Set.of()));
        assertEquals("", written(List.of("a", "b"), Set.of()));
        assertEquals("^[2;1H^[2mb^[0m^[K^[3;1H", written(List.of("a", "b"), Set.of(1)));
        assertEquals("^[1;1Hc^[K^[2;1H^[J^[2;1H", written(List.of("c"), Set.of()));
    }
}
