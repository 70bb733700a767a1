package org.processmanager.examples.app.demo;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Tuple;

/** Texts in which lines, words and long lines are frequent, of any bytes; and the obvious way to count them. */
final class Texts implements ArbitrarySupplier<byte[]> {
    @Override
    public Arbitrary<byte[]> get() {
        Arbitrary<Byte> separators = Arbitraries.of((byte) ' ', (byte) '\t', (byte) '\r', (byte) '\n');
        Arbitrary<Byte> letters = Arbitraries.of((byte) 'a', (byte) 0xc3, (byte) 0xa4);
        Arbitrary<Byte> bytes = Arbitraries.frequencyOf(
                Tuple.of(4, letters), Tuple.of(3, separators), Tuple.of(1, Arbitraries.bytes()));
        Arbitrary<byte[]> mixed = bytes.array(byte[].class).ofMaxSize(100);
        Arbitrary<byte[]> longLines = Arbitraries.frequencyOf(
                        Tuple.of(30, letters),
                        Tuple.of(3, Arbitraries.of((byte) ' ')),
                        Tuple.of(1, Arbitraries.of((byte) '\n')))
                .array(byte[].class)
                .ofMinSize(200)
                .ofMaxSize(2000);
        return Arbitraries.oneOf(mixed, longLines);
    }

    /** By splitting strings; ISO 8859-1 keeps each byte as a character. */
    static WordCount countNaively(byte[] text) {
        String all = new String(text, StandardCharsets.ISO_8859_1);
        String[] lines = all.split("\n", -1);
        int items = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        long words = 0;
        for (String line : lines) {
            for (String word : line.split("[ \t\r]+")) {
                words += word.isEmpty() ? 0 : 1;
            }
        }
        return new WordCount(items, words);
    }
}
