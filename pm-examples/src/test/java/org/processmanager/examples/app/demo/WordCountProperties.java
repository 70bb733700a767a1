package org.processmanager.examples.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WordCountProperties {
    @Property(tries = 1000)
    void anyBytes_areCountedAsTheNaiveWayDoes(@ForAll(supplier = Texts.class) byte[] text) throws Exception {
        assertEquals(Texts.countNaively(text), WordCount.of(new ByteArrayInputStream(text)));
    }

    @Property(tries = 1000)
    void readsThatBringLittle_changeNothing(@ForAll(supplier = Texts.class) byte[] text) throws Exception {
        InputStream slow = new ByteArrayInputStream(text) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                return super.read(bytes, from, Math.min(length, 1));
            }
        };
        assertEquals(Texts.countNaively(text), WordCount.of(slow));
    }

    @Example
    void knownTexts_haveTheirCounts() throws Exception {
        assertCount("", 0, 0);
        assertCount("\n", 1, 0);
        assertCount("a", 1, 1);
        assertCount("a\n", 1, 1);
        assertCount("a b\tc\r\n\r\n d", 3, 4);
        assertCount("vertical\u000btab form\ffeed no\u00a0break", 1, 3);
    }

    @Example
    void textOfSeveralChunks_isCounted() throws Exception {
        byte[] text = new byte[200_000];
        Arrays.fill(text, (byte) 'x');
        text[65_535] = ' ';
        text[131_072] = '\n';
        assertEquals(Texts.countNaively(text), WordCount.of(new ByteArrayInputStream(text)));
        assertEquals(new WordCount(2, 3), Texts.countNaively(text));
    }

    private static void assertCount(String text, long items, long words) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(new WordCount(items, words), WordCount.of(new ByteArrayInputStream(bytes)), text);
    }
}
