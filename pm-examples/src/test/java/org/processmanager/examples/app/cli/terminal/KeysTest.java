package org.processmanager.examples.app.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static List<String> keys(String typed) {
        Keys.Decoded decoded = Keys.decode(typed.getBytes(StandardCharsets.UTF_8), false);
        assertEquals(0, decoded.rest().length, typed);
        return decoded.keys();
    }

    @Test
    void bytes_areKeys() {
        assertEquals(List.of("a", "B", " ", "/"), keys("aB /"));
        assertEquals(List.of("\u00e9", "\u4e2d", "\ud83d\ude00"), keys("\u00e9\u4e2d\ud83d\ude00"));
        assertEquals(List.of(Keys.ENTER, Keys.ENTER, Keys.BACKSPACE, Keys.BACKSPACE), keys("\r\n\b\177"));
        assertEquals(List.of("^C", "^D", "^Z", "^L"), keys("\003\004\032\014"));
        assertEquals(
                List.of(Keys.UP, Keys.DOWN, Keys.RIGHT, Keys.LEFT, Keys.UP), keys("\033[A\033[B\033[C\033[D\033OA"));
        assertEquals(
                List.of(Keys.PAGE_UP, Keys.PAGE_DOWN, Keys.HOME, Keys.END, Keys.HOME, Keys.END, "x"),
                keys("\033[5~\033[6~\033[H\033[F\033[1~\033OFx"));
        assertEquals(List.of("x"), keys("\033[15~\033[1;5Ax"));
        assertEquals(List.of(Keys.ESCAPE, "x"), keys("\033x"));
        assertTrue(Keys.isText("a") && Keys.isText("\ud83d\ude00") && !Keys.isText("^C") && !Keys.isText(Keys.UP));
    }

    @Test
    void partOfAKey_isLeftForTheRest() {
        for (String part : List.of("\033", "\033[", "\033[5", "\033O")) {
            Keys.Decoded decoded = Keys.decode(("a" + part).getBytes(StandardCharsets.UTF_8), false);
            assertEquals(List.of("a"), decoded.keys());
            assertEquals(part, new String(decoded.rest(), StandardCharsets.UTF_8));
        }
        assertEquals(List.of(Keys.ESCAPE), Keys.decode(new byte[] {27}, true).keys());
        assertEquals(List.of(), Keys.decode(new byte[] {27, '[', '5'}, true).keys());
        byte[] half = {(byte) 0xe4, (byte) 0xb8};
        assertEquals(2, Keys.decode(half, false).rest().length);
        assertEquals(List.of("\ufffd"), Keys.decode(half, true).keys());
    }
}
