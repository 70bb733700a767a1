package org.processmanager.examples.app.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "512b, 512",
        "64k, 65536",
        "64K, 65536",
        "64KiB, 65536",
        "50MB, 50000000",
        "50mb, 50000000",
        "1.5g, 1610612736",
        "2TB, 2000000000000",
        "7t, 7696581394432"
    })
    void size_isInBytes(String text, long bytes) {
        assertEquals(bytes, new Sizes().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-1", "1 m", "1e3", "64kk", "1.5", "64ib", "8388608t", "9223372036854775808"})
    void otherText_isRefused(String text) {
        assertThrows(TypeConversionException.class, () -> new Sizes().convert(text));
    }
}
