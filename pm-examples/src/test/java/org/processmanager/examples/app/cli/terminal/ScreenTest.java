package org.processmanager.examples.app.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Screen screen = new Screen(
            Terminal.of(InputStream.nullInputStream(), out, new PrintStream(out, true, StandardCharsets.UTF_8)));

    private String written(Line... lines) {
        out.reset();
        screen.measure();
        screen.show(List.of(lines));
        return out.toString(StandardCharsets.UTF_8).replace("\033", "^");
    }

    @Test
    void show_writesWhatChanged() {
        Line a = new Line("a", Style.PLAIN);
        assertEquals("^[2J^[1;1Ha^[K^[2;1Hb^[K^[3;1H", written(a, new Line("b", Style.PLAIN)));
        assertEquals("", written(a, new Line("b", Style.PLAIN)));
        assertEquals("^[2;1H^[2mb^[0m^[K^[3;1H", written(a, new Line("b", Style.DIM)));
        assertEquals("^[1;1Hc^[K^[2;1H^[J^[2;1H", written(new Line("c", Style.PLAIN)));
    }
}
